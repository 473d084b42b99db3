import { describe, expect, it } from 'vitest';
import { cameraEncoding } from '../../src/media/direct/encodings.ts';
import { WHOLE_LIMITS } from '../../src/quality/sending.ts';

describe('the camera of a direct call', () => {
  it('has three frame rates in one while packets are lost, and says so when it has one again', () => {
    expect(cameraEncoding(null, false, { ...WHOLE_LIMITS, layered: true })).toMatchObject({
      active: true,
      scalabilityMode: 'L1T3',
    });
    expect(cameraEncoding(null, false, WHOLE_LIMITS)).toMatchObject({ scalabilityMode: 'L1T1' });
  });

  it('is not encoded while it is paused', () => {
    expect(cameraEncoding(null, false, { ...WHOLE_LIMITS, camera: null })).toEqual({ active: false });
  });
});

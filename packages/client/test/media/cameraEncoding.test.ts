import { describe, expect, it } from 'vitest';
import { cameraEncoding } from '../../src/media/direct/encodings.ts';
import { WHOLE_LIMITS } from '../../src/quality/sending.ts';

describe('the camera of a direct call', () => {
  it('is not encoded while it is paused', () => {
    expect(cameraEncoding(null, false, { ...WHOLE_LIMITS, camera: null })).toEqual({ active: false });
  });
});

import { describe, expect, it } from 'vitest';
import { cameraEncoding } from '../../src/media/direct/encodings.ts';
import { WHOLE_LIMITS } from '../../src/quality/sending.ts';

describe('the camera of a direct call', () => {
  it('is not encoded while it is paused', () => {
    expect(cameraEncoding(null, false, { ...WHOLE_LIMITS, camera: null })).toEqual({ active: false });
  });

  it('is one picture of 2 Mbit/s and 30 pictures a second at most, and of half that where it is relayed', () => {
    expect(cameraEncoding(null, false, WHOLE_LIMITS)).toMatchObject({
      active: true,
      maxBitrate: 2_000_000,
      maxFramerate: 30,
    });
    expect(cameraEncoding(null, true, WHOLE_LIMITS)).toMatchObject({ maxBitrate: 1_000_000 });
    const { camera } = WHOLE_LIMITS;
    if (camera === null) throw new Error('no camera');
    const less = { ...WHOLE_LIMITS, camera: { ...camera, bitrate: 200_000 } };
    expect(cameraEncoding(null, true, less)).toMatchObject({ maxBitrate: 200_000 });
  });
});

import { describe, expect, it } from 'vitest';
import { cameraEncodings } from '../../src/media/forwarded/encodings.ts';

describe('GRP4 the layers of a camera', () => {
  it.each([
    [1_280, 720, [4, 2, 1]],
    [1_920, 1_080, [6, 3, 1.5]],
    // A phone that is held upright.
    [720, 1_280, [4, 2, 1]],
    [640, 360, [2, 1]],
    [320, 180, [1]],
  ])('GRP4 of %i×%i are those of which it has the pixels', (width, height, scales) => {
    const encodings = cameraEncodings({ width, height });
    expect(encodings.map(({ scaleResolutionDownBy }) => scaleResolutionDownBy)).toEqual(scales);
  });

  it('GRP4 of a camera that does not say its size are all three', () => {
    expect(cameraEncodings({})).toHaveLength(3);
  });
});

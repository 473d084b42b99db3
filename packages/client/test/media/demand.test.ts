import { describe, expect, it } from 'vitest';
import {
  changeDemand,
  createDemand,
  LOWER_AFTER_MS,
  passDemand,
  STOP_AFTER_MS,
} from '../../src/media/forwarded/demand.ts';

describe('GRP4 what nobody watches is not encoded', () => {
  it('GRP4 more is encoded at once, fewer after a while', () => {
    const lower = changeDemand(createDemand(3), 0, 1_000);
    expect(lower.layers).toBe(3);
    expect(passDemand(lower, 1_000 + LOWER_AFTER_MS - 1).layers).toBe(3);
    const lowered = passDemand(lower, 1_000 + LOWER_AFTER_MS);
    expect(lowered).toEqual({ layers: 1, lowering: null });
    expect(changeDemand(lowered, 2, 9_000)).toEqual({ layers: 3, lowering: null });
  });

  it('GRP4 somebody who looks again in time changes nothing', () => {
    const back = changeDemand(changeDemand(createDemand(3), 0, 0), 2, LOWER_AFTER_MS - 1);
    expect(passDemand(back, 60_000)).toEqual({ layers: 3, lowering: null });
  });

  it('GRP4 the same word again does not put it off', () => {
    const first = changeDemand(createDemand(3), 1, 0);
    expect(passDemand(changeDemand(first, 1, 2_000), LOWER_AFTER_MS).layers).toBe(2);
  });

  it('GRP4 when nobody watches at all the lowest goes last', () => {
    const nobody = changeDemand(createDemand(1), null, 0);
    expect(passDemand(nobody, STOP_AFTER_MS - 1).layers).toBe(1);
    expect(passDemand(nobody, STOP_AFTER_MS).layers).toBe(0);
  });
});

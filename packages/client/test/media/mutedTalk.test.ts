import { describe, expect, it } from 'vitest';
import { hearMutedTalk, NO_MUTED_TALK, type MutedTalk } from '../../src/media/levels/mutedTalk.ts';

/** Looks every 120 ms. */
function hear(levels: readonly (number | null)[], from: MutedTalk = NO_MUTED_TALK, at = 0): MutedTalk {
  return levels.reduce<MutedTalk>(
    (heard, level, index) => hearMutedTalk(heard, level, at + index * 120),
    from,
  );
}
const times = (count: number, level: number | null): (number | null)[] =>
  Array.from({ length: count }, () => level);

describe('CALL6 talking while muted', () => {
  it('CALL6 a sentence is noticed within a second', () => {
    expect(hear(times(8, 0.7)).talks).toBe(true);
  });

  it('CALL6 a cough, a door and breath are not', () => {
    expect(hear([...times(5, 0.1), ...times(3, 0.9), ...times(10, 0.1)]).talks).toBe(false);
    expect(hear(times(50, 0.45)).talks).toBe(false);
  });

  it('CALL6 the pauses within speech do not count against it', () => {
    expect(hear([0.7, 0.7, 0.3, 0.7, 0.45, 0.3, 0.7, 0.7, 0.7]).talks).toBe(true);
  });

  it('CALL6 the hint stays to be read and then goes', () => {
    const talked = hear(times(8, 0.7));
    expect(hear(times(20, 0), talked, 960).talks).toBe(true);
    expect(hear(times(40, 0), talked, 960).talks).toBe(false);
  });

  it('CALL6 unmuted, it is gone at once', () => {
    expect(hear([...times(8, 0.7), null]).talks).toBe(false);
  });

  it('CALL6 a page that slept has heard nothing meanwhile', () => {
    expect(hearMutedTalk(hear([0.7]), 0.7, 60_000).talks).toBe(false);
  });
});

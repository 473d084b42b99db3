import { describe, expect, it } from 'vitest';
import {
  hearMicrophone,
  hintOf,
  NOTHING_HEARD,
  type HeardMicrophone,
} from '../../src/media/levels/microphone.ts';

const LOOK_MS = 120;

/** Looks in dB, as a meter gives them, each with whether the microphone is muted. */
class Ear {
  heard: HeardMicrophone = NOTHING_HEARD;
  now = 1_000_000;
  readonly hints: (string | null)[] = [];
  hear(seconds: number, decibels: (at: number) => number | null, isMuted = false): string | null {
    const from = this.now;
    let hint: string | null = null;
    for (const until = from + seconds * 1_000; this.now < until; this.now += LOOK_MS) {
      const now = decibels((this.now - from) / 1_000);
      const level = now === null ? 0 : Math.max(0, 1 + now / 60);
      this.heard = hearMicrophone(this.heard, { level, decibels: now }, isMuted, this.now);
      hint = hintOf(this.heard, isMuted);
      this.hints.push(hint);
    }
    return hint;
  }
  /** How often a hint has come or gone. */
  get changes(): number {
    return this.hints.filter((hint, index) => index > 0 && hint !== this.hints[index - 1]).length;
  }
}

/** Seeded, as meters waver. */
function wavering(spread: number): () => number {
  let seed = 7;
  return () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed / 2 ** 32 - 0.5) * 2 * spread;
  };
}
const waver = wavering(4);
const NOTHING = (): number => -120;
const room = (): number => -68 + waver();
const fan = (): number => -38 + waver();
/** Words of 300 to 700 ms with breath between, over what is always there. */
const talk =
  (background: () => number) =>
  (at: number): number =>
    at % 1.1 < 0.7 && at % 4.3 < 3.7 ? -22 + waver() : background();

describe('CALL6 no sound from the microphone', () => {
  it('CALL6 is said after 6 s of nothing at all, and not before', () => {
    const ear = new Ear();
    expect(ear.hear(5.8, NOTHING)).toBeNull();
    expect(ear.hear(0.5, NOTHING)).toBe('no_signal');
    expect(ear.hear(600, NOTHING)).toBe('no_signal');
    expect(ear.changes).toBe(1);
  });

  it('CALL6 a quiet room is no broken microphone', () => {
    const ear = new Ear();
    expect(ear.hear(300, () => -82 + waver())).toBeNull();
    expect(ear.changes).toBe(0);
  });

  it('CALL6 a headset that falls silent between words is none either', () => {
    const ear = new Ear();
    for (let round = 0; round < 10; round += 1) {
      ear.hear(6, talk(NOTHING));
      ear.hear(20, NOTHING);
    }
    expect(ear.changes).toBe(0);
  });

  it('CALL6 one that was heard and is switched off is noticed after 30 s', () => {
    const ear = new Ear();
    ear.hear(20, talk(room));
    expect(ear.hear(29, NOTHING)).toBeNull();
    expect(ear.hear(2, NOTHING)).toBe('no_signal');
  });

  it('CALL6 a click does not take it back, a word does, for good', () => {
    const ear = new Ear();
    ear.hear(10, NOTHING);
    expect(ear.hear(0.12, () => -20)).toBe('no_signal');
    expect(ear.hear(5, NOTHING)).toBe('no_signal');
    ear.hear(1, talk(room));
    expect(ear.hear(20, room)).toBeNull();
    expect(ear.changes).toBe(2);
  });

  it('CALL6 a page that slept, and a meter that cannot tell, have heard nothing', () => {
    const ear = new Ear();
    ear.hear(3, NOTHING);
    ear.now += 60_000;
    expect(ear.hear(2, NOTHING)).toBeNull();
    expect(ear.hear(60, () => null)).toBeNull();
  });
});

describe('CALL6 a noisy microphone', () => {
  it('CALL6 is said within 10 s, also while somebody talks over the noise', () => {
    for (const sound of [fan, talk(fan)]) {
      const ear = new Ear();
      expect(ear.hear(10, sound)).toBe('noisy');
      ear.hear(120, sound);
      expect(ear.changes).toBe(1);
    }
  });

  it('CALL6 talking for minutes in a quiet room is no noise', () => {
    const ear = new Ear();
    ear.hear(300, talk(room));
    expect(ear.changes).toBe(0);
  });

  it('CALL6 noise about the mark does not make it come and go', () => {
    const ear = new Ear();
    ear.hear(20, () => -42 + waver());
    for (let round = 0; round < 20; round += 1) ear.hear(15, () => (round % 2 === 0 ? -46 : -43) + waver());
    expect(ear.changes).toBe(1);
  });

  it('CALL6 a passing lorry is not worth a word', () => {
    const ear = new Ear();
    ear.hear(20, room);
    ear.hear(6, fan);
    ear.hear(20, room);
    expect(ear.changes).toBe(0);
  });

  it('CALL6 it goes when the fan is off', () => {
    const ear = new Ear();
    ear.hear(15, fan);
    expect(ear.hear(12, room)).toBeNull();
  });
});

describe('CALL6 who is muted', () => {
  it('CALL6 is told that they talk, and nothing else', () => {
    const ear = new Ear();
    ear.hear(15, fan);
    expect(ear.hear(2, room, true)).toBeNull();
    expect(ear.hear(1.5, () => -10, true)).toBe('talks_muted');
    expect(ear.hear(8, room, true)).toBeNull();
    expect(ear.hear(20, NOTHING, true)).toBeNull();
  });

  it('CALL6 without a microphone there is nothing to say', () => {
    expect(hintOf(hearMicrophone(NOTHING_HEARD, null, false, 1), false)).toBeNull();
  });
});

import { describe, expect, test } from 'vitest';
import type { DeviceStanding } from '@visavis/client';
import type { SealedDevice, SealView } from '../src/model/model.ts';
import { figuresOf } from '../src/model/sealFigures.ts';
import { comparablePeople, trustOf, type Trust } from '../src/model/trust.ts';
import { sealWords } from '../src/words/seal.ts';

const STANDINGS: readonly (DeviceStanding | null)[] = ['unknown', 'seen', 'verified', 'changed', null];
const mine: SealedDevice = {
  userId: 'ana',
  deviceId: 'mine',
  person: null,
  device: null,
  isThis: true,
  standing: null,
};
const theirs = (
  userId: string,
  standing: DeviceStanding | null,
  change: Partial<SealedDevice> = {},
): SealedDevice => ({
  userId,
  deviceId: `${userId}’s ${String(standing)}`,
  person: userId,
  device: 'Laptop',
  isThis: false,
  standing,
  ...change,
});
const seal = (devices: readonly SealedDevice[], phase: SealView['phase'] = 'sealed'): SealView => ({
  phase,
  held: [],
  code: null,
  devices: [mine, ...devices],
});

/** Said otherwise than in the product: the worst that any of them is. */
const RANKS: Readonly<Record<DeviceStanding, Trust>> = {
  changed: 'changed',
  unknown: 'unconfirmed',
  guest: 'sealed',
  seen: 'sealed',
  verified: 'verified',
};
const WORST_FIRST: readonly Trust[] = ['changed', 'unconfirmed', 'sealed', 'verified'];
const expected = (standings: readonly (DeviceStanding | null)[]): Trust => {
  const found = new Set(standings.map((standing) => (standing === null ? 'sealed' : RANKS[standing])));
  return WORST_FIRST.find((each) => found.has(each)) ?? 'sealed';
};

describe('the lock of a call', () => {
  const combinations = STANDINGS.flatMap((first) => [
    [first],
    ...STANDINGS.flatMap((second) => [[first, second], ...STANDINGS.map((third) => [first, second, third])]),
  ]);
  test(`says the worst of what is known of up to three devices: ${combinations.length} combinations`, () => {
    expect(combinations).toHaveLength(155);
    for (const standings of combinations) {
      const devices = standings.map((standing, at) => theirs(`person ${at}`, standing));
      expect(trustOf(seal(devices)), standings.join()).toBe(expected(standings));
    }
  });

  test.each([
    ['nobody else is in it', seal([]), 'sealed'],
    [
      'this device is all there is, whatever is said of it',
      seal([{ ...mine, standing: 'changed' }]),
      'sealed',
    ],
    ['a device is of nobody in the call', seal([theirs('ben', 'verified', { person: null })]), 'stranger'],
    [
      'and another one has changed: that is worse',
      seal([theirs('ben', 'seen', { person: null }), theirs('chidi', 'changed')]),
      'changed',
    ],
    ['there are no keys', seal([theirs('ben', 'changed')], 'preparing'), 'preparing'],
    ['what encrypts has died', seal([theirs('ben', 'verified')], 'failed'), 'failed'],
  ] as const)('where %s', (_name, view, trust) => {
    expect(trustOf(view)).toBe(trust);
  });

  test('warns in words where it has to, and never calls a changed identity encrypted and well', () => {
    const { mark, says } = sealWords;
    expect(new Set(Object.values(mark)).size).toBe(8);
    expect(mark.changed).toMatch(/changed/);
    expect(says.changed).toMatch(/another identity than before/);
    expect(says.unconfirmed).toMatch(/Nobody has confirmed/);
  });
});

describe('who can be compared with', () => {
  test('is everybody else with an identity, once each, by the worst of their devices', () => {
    const view = seal([
      theirs('ben', 'verified'),
      theirs('ben', 'changed', { deviceId: 'phone' }),
      theirs('chidi', 'verified'),
      theirs('chidi', 'seen', { deviceId: 'phone' }),
      theirs('dora', 'verified'),
      theirs('dora', 'unknown', { deviceId: 'phone' }),
    ]);
    expect(comparablePeople(view, 'ana')).toEqual([
      { userId: 'ben', name: 'ben', standing: 'changed' },
      { userId: 'chidi', name: 'chidi', standing: 'seen' },
      { userId: 'dora', name: 'dora', standing: 'verified' },
    ]);
  });

  test('is not a guest, nobody who is not in the call, and not this person at another device', () => {
    const view = seal([
      theirs('guest', 'unknown'),
      theirs('eve', 'seen', { person: null }),
      theirs('ana', 'verified', { deviceId: 'phone' }),
      theirs('ben', null),
    ]);
    expect(comparablePeople(view, 'ana')).toEqual([]);
  });
});

describe('figures for the curious', () => {
  const sent = { keyFrames: 1, addedBytes: 1, mostAddedBytes: 1, repeatedBytes: 0 };
  const facts = {
    keys: { generation: 1, epoch: 7 },
    keyChanges: 3,
    counters: {
      sent: [
        { ...sent, slot: 'microphone', frames: 1_000, refused: { no_key: 2 } },
        { ...sent, slot: 'camera low', frames: 500, refused: { no_key: 1, crypto_failed: 4 } },
      ],
      received: [
        { track: 'a', frames: 900, keyFrames: 0, repaired: 0, dropped: { replayed: 1 } },
        {
          track: 'b',
          frames: 450,
          keyFrames: 9,
          repaired: 0,
          dropped: { replayed: 1, not_authentic: 7, malformed: 2 },
        },
      ],
      messages: { not_on_roster: 1, forbidden_proposal: 0 },
    },
  } as const;

  test('are added up over tracks, the most frequent reason first, without those that never came', () => {
    expect(figuresOf(facts as Parameters<typeof figuresOf>[0])).toEqual({
      keys: { generation: 1, epoch: 7 },
      keyChanges: 3,
      sent: 1_500,
      received: 1_350,
      notSent: [
        { reason: 'crypto_failed', count: 4 },
        { reason: 'no_key', count: 3 },
      ],
      notShown: [
        { reason: 'not_authentic', count: 7 },
        { reason: 'malformed', count: 2 },
        { reason: 'replayed', count: 2 },
      ],
      messages: [{ reason: 'not_on_roster', count: 1 }],
    });
  });

  test('are said in plain words, also by a name that has none', () => {
    const figures = figuresOf(facts as Parameters<typeof figuresOf>[0]);
    const said = Object.fromEntries(sealWords.rows(figures, 2).map(({ label, value }) => [label, value]));
    expect(said).toMatchObject({
      'Devices with the keys': '2',
      'Group and epoch': '1, 7',
      'New keys so far': '3',
      'Frames encrypted': '1,500',
      'Frames decrypted': '1,350',
      'Not sent': '4: the browser could not encrypt it; 3: there was no key yet',
      'Not shown': '7: it was forged or changed on the way; 2: it was damaged; 2: it had come before',
      'Messages about keys refused': '1: not on roster',
    });
    expect(sealWords.rows(null, 2)).toHaveLength(3);
  });
});

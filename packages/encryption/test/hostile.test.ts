import { expect, test } from 'vitest';
import {
  type Codec,
  type FrameKind,
  type Slot,
  createFrameReceiver,
  createFrameSender,
} from '../src/index.ts';
import { type Bytes, baseKeyOf, createRandom, plainFrame, protect } from './frameFixtures.ts';

/** `VISAVIS_HOSTILE_FRAMES=1000000` for the long run; `VISAVIS_SEED` repeats one. */
const FRAMES = Number(process.env['VISAVIS_HOSTILE_FRAMES'] ?? 6_000);
const SEED = Number(process.env['VISAVIS_SEED'] ?? 20_261_125);
const MINUTES_FOR_MANY = 60;

interface Track {
  readonly name: string;
  readonly leaf: number;
  readonly slot: Slot;
  readonly codec: Codec;
}

const TRACKS: readonly Track[] = [
  { name: 'sound of 1', leaf: 1, slot: 'microphone', codec: 'opus' },
  { name: 'camera of 1', leaf: 1, slot: 'camera_high', codec: 'vp8' },
  { name: 'screen of 1', leaf: 1, slot: 'screen', codec: 'av1' },
  { name: 'sound of 2', leaf: 2, slot: 'microphone', codec: 'opus' },
  { name: 'camera of 2', leaf: 2, slot: 'camera_high', codec: 'vp9' },
  { name: 'data of 2', leaf: 2, slot: 'data', codec: 'data' },
];

interface Sent {
  readonly track: Track;
  readonly kind: FrameKind;
  readonly wire: Bytes;
}

async function createWorld() {
  const receiver = createFrameReceiver();
  await receiver.addEpoch({ epoch: 5n, baseKey: baseKeyOf(5n) }, 0);
  const sent: Sent[] = [];
  for (const leaf of [1, 2]) {
    const sender = createFrameSender();
    await sender.useEpoch({ epoch: 5n, leaf, baseKey: baseKeyOf(5n) });
    for (const track of TRACKS.filter((each) => each.leaf === leaf)) {
      receiver.bindTrack(track.name, {
        leaf,
        firstEpoch: 0n,
        slots: new Set([track.slot]),
        codec: track.codec,
      });
      for (let index = 0; index < 40; index += 1) {
        const kind = index % 8 === 0 && track.slot !== 'microphone' ? 'key' : 'delta';
        const plain = plainFrame(track.codec, kind, 30 + index, index);
        const wire = await protect(sender, track.slot, track.codec, kind, plain);
        sent.push({ track, kind, wire });
        // Half of them were received before: replays of those, and changed forms of all, are what is tried.
        if (index % 2 === 0) await receiver.receive(track.name, kind, wire, 0);
      }
    }
  }
  return { receiver, sent };
}

type Attack = (sent: Sent, other: Sent, random: (below: number) => number) => Sent | null;

const flip: Attack = (sent, _, random) => {
  const wire = sent.wire.slice();
  const at = random(wire.length);
  wire[at] = (wire[at] ?? 0) ^ (1 << random(8));
  return { ...sent, wire };
};

const ATTACKS: readonly Attack[] = [
  flip,
  // Several bytes changed to anything; the same by chance is no attack.
  (sent, _, random) => {
    const wire = sent.wire.slice();
    for (let left = 1 + random(6); left > 0; left -= 1) wire[random(wire.length)] = random(256);
    return wire.every((byte, index) => byte === sent.wire[index]) ? null : { ...sent, wire };
  },
  (sent, _, random) => ({ ...sent, wire: sent.wire.slice(0, random(sent.wire.length)) }),
  (sent, _, random) => ({ ...sent, wire: sent.wire.slice(1 + random(sent.wire.length - 1)) }),
  (sent, _, random) => ({ ...sent, wire: new Uint8Array([...sent.wire, random(256)]) }),
  // A good frame on another track.
  (sent, other) => (other.track === sent.track ? null : { ...other, track: sent.track }),
  // The start of one frame and the end of another.
  (sent, other, random) => {
    if (sent.wire === other.wire) return null;
    const at = 1 + random(Math.min(sent.wire.length, other.wire.length) - 1);
    const wire = new Uint8Array([...sent.wire.slice(0, at), ...other.wire.slice(at)]);
    const isWhole = [sent.wire, other.wire].some(
      (whole) => whole.length === wire.length && whole.every((byte, index) => byte === wire[index]),
    );
    return isWhole ? null : { ...sent, wire };
  },
  // A key frame said to be none, or the other way round: only VP9 asks the browser.
  (sent) => (sent.track.codec === 'vp9' ? { ...sent, kind: sent.kind === 'key' ? 'delta' : 'key' } : null),
  // Injected: noise behind a header that looks right, and plaintext.
  (sent, _, random) => {
    const wire = Uint8Array.from({ length: 20 + random(200) }, () => random(256));
    wire.set(sent.wire.slice(0, 6));
    return { ...sent, wire };
  },
  (sent, _, random) => ({
    ...sent,
    wire: plainFrame(sent.track.codec, sent.kind, 30 + random(100), random(256)),
  }),
];

test(
  `none of ${FRAMES} mutated, swapped, replayed, truncated and injected frames is accepted (seed ${SEED})`,
  { timeout: MINUTES_FOR_MANY * 60_000 },
  async () => {
    const random = createRandom(SEED);
    const { receiver, sent } = await createWorld();
    const pick = (): Sent => sent[random(sent.length)] ?? expect.fail();
    const replays = sent.filter((_, index) => index % 2 === 0);
    let tried = 0;
    while (tried < FRAMES) {
      const attack = ATTACKS[random(ATTACKS.length + 1)];
      const hostile = attack === undefined ? replays[random(replays.length)] : attack(pick(), pick(), random);
      if (hostile === null || hostile === undefined) continue;
      const result = await receiver.receive(hostile.track.name, hostile.kind, hostile.wire, 0);
      if (result.type === 'opened') expect.fail(`seed ${SEED}: frame ${tried} was accepted`);
      tried += 1;
      // What is held only waits for a key that never comes.
      if (tried % 20 === 0) receiver.tick(tried * 1_000);
    }
    const reasons = new Set(receiver.dropped().keys());
    for (const reason of ['malformed', 'wrong_leaf', 'wrong_slot', 'replayed', 'not_authentic'] as const) {
      expect([...reasons], reason).toContain(reason);
    }
    // What was left unreceived is still good: nothing that failed has moved a window or disabled a key.
    for (const { track, kind, wire } of sent.filter((_, index) => index % 2 === 1)) {
      expect((await receiver.receive(track.name, kind, wire, 0)).type).toBe('opened');
    }
  },
);

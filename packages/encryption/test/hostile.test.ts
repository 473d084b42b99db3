import { expect, test } from 'vitest';
import {
  type Codec,
  type FrameKind,
  type Slot,
  createFrameReceiver,
  createFrameSender,
} from '../src/index.ts';
import { packSound } from '../src/sound/index.ts';
import { type Bytes, baseKeyOf, createRandom, plainFrame, protect } from './frameFixtures.ts';
import { createWorkerBench, encodedFrame } from './workerBench.ts';
import { soon } from './soon.ts';

/** `VISAVIS_HOSTILE_FRAMES=1000000` for the long run; `VISAVIS_SEED` repeats one. */
const FRAMES = Number(process.env['VISAVIS_HOSTILE_FRAMES'] ?? 12_000);
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

/** Who is attacked. */
interface Victim {
  /** Gives it a frame. */
  give(frame: Sent): Promise<void>;
  /** How many have been opened. */
  opened(): Promise<number>;
  /** Lets what is held wait until it is too late. */
  wait(): void;
  /** By reason. */
  dropped(): ReadonlySet<string>;
}

const EPOCH = 5n;
const LEAVES = [1, 2];

async function createReceiver(): Promise<Victim> {
  const receiver = createFrameReceiver();
  let [opened, now] = [0, 0];
  await receiver.addEpoch({ epoch: EPOCH, baseKey: baseKeyOf(EPOCH) }, 0);
  for (const { name, leaf, slot, codec } of TRACKS)
    receiver.bindTrack(name, { leaf, firstEpoch: 0n, slots: new Set([slot]), codec });
  return {
    async give({ track, kind, wire }) {
      const result = await receiver.receive(track.name, kind, wire, 0);
      if (result.type === 'opened') opened += 1;
    },
    opened: () => Promise.resolve(opened),
    wait() {
      now += 1_000;
      receiver.tick(now);
    },
    dropped: () => new Set(receiver.dropped().keys()),
  };
}

/** The same behind the transforms of a crypto worker, as a browser gives it what comes from the network. */
async function createWorkerVictim(): Promise<Victim> {
  const bench = createWorkerBench();
  bench.keys.knowMembers(LEAVES.map((leaf) => ({ device: `device ${leaf}`, leaf, firstEpoch: 0n })));
  await bench.keys.openWith({ epoch: EPOCH, baseKey: baseKeyOf(EPOCH) });
  const transforms = new Map(
    TRACKS.map(({ name, leaf, slot, codec }) => {
      bench.say({ type: 'bind_track', track: name, device: `device ${leaf}`, slots: [slot], codec });
      return [name, bench.attach({ direction: 'receive', track: name })] as const;
    }),
  );
  return {
    async give({ track, kind, wire }) {
      // Of data and sound a browser does not say what they are.
      const facts = track.slot === 'microphone' || track.slot === 'data' ? {} : { type: kind };
      await transforms.get(track.name)?.put(encodedFrame(track.name, wire, facts));
    },
    async opened() {
      // What a transform gives on passes one more stream.
      await new Promise((resolve) => setImmediate(resolve));
      return [...transforms.values()].reduce((sum, { out }) => sum + out.length, 0);
    },
    wait: () => bench.pass(1_000),
    dropped: () => new Set(bench.counters().received.flatMap(({ dropped }) => Object.keys(dropped))),
  };
}

/** Frames of two senders; every second one has been received before. */
async function sendTo(victim: Victim): Promise<readonly Sent[]> {
  const sent: Sent[] = [];
  for (const leaf of LEAVES) {
    const sender = createFrameSender();
    await sender.useEpoch({ epoch: EPOCH, leaf, baseKey: baseKeyOf(EPOCH) });
    for (const track of TRACKS.filter((each) => each.leaf === leaf)) {
      for (let index = 0; index < 40; index += 1) {
        const kind = index % 8 === 0 && track.slot !== 'microphone' ? 'key' : 'delta';
        const frame = plainFrame(track.codec, kind, 30 + index, index);
        const plain = track.codec === 'opus' ? packSound({ frame, repeats: [] }) : frame;
        const wire = await protect(sender, track.slot, track.codec, kind, plain);
        sent.push({ track, kind, wire });
        // Half of them were received before: replays of those, and changed forms of all, are what is tried.
        if (index % 2 === 0) await victim.give({ track, kind, wire });
      }
    }
  }
  return sent;
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

test.each([
  ['the receiver', createReceiver],
  ['the worker', createWorkerVictim],
] as const)(
  `none of ${FRAMES} mutated, swapped, replayed, truncated and injected frames is accepted by %s (seed ${SEED})`,
  { timeout: MINUTES_FOR_MANY * 60_000 },
  async (_, createVictim) => {
    const random = createRandom(SEED);
    const victim = await createVictim();
    const sent = await sendTo(victim);
    const before = await victim.opened();
    expect(before).toBe(sent.length / 2);
    const pick = (): Sent => sent[random(sent.length)] ?? expect.fail();
    const replays = sent.filter((_, index) => index % 2 === 0);
    let tried = 0;
    while (tried < FRAMES) {
      const attack = ATTACKS[random(ATTACKS.length + 1)];
      const hostile = attack === undefined ? replays[random(replays.length)] : attack(pick(), pick(), random);
      if (hostile === null || hostile === undefined) continue;
      await victim.give(hostile);
      tried += 1;
      // What is held only waits for a key that never comes.
      if (tried % 20 !== 0) continue;
      victim.wait();
      if ((await victim.opened()) > before)
        expect.fail(`seed ${SEED}: one of the frames up to ${tried} was accepted`);
    }
    expect(await victim.opened()).toBe(before);
    for (const reason of ['malformed', 'wrong_leaf', 'wrong_slot', 'replayed', 'not_authentic'] as const)
      expect([...victim.dropped()], reason).toContain(reason);
    // What was left unreceived is still good: nothing that failed has moved a window or disabled a key.
    for (const frame of sent.filter((_, index) => index % 2 === 1)) await victim.give(frame);
    await soon(async () => expect(await victim.opened()).toBe(sent.length));
  },
);

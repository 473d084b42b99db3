import type { types } from 'mediasoup';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { tapProducers, type TappedPacket } from '../../harness/tap/record.ts';
import { isNight } from '../../harness/night.ts';
import { judgeTap, mostByChance } from '../../harness/tap/judge.ts';
import { until } from '../../harness/until.ts';
import { type BrowserName, type Browsers, type End, startBrowsers } from './ends.ts';
import type { ForwardedFacts, Published } from './forwarded/inPage.ts';
import { type SfuInTest, startSfuInTest } from './forwarded/sfuInTest.ts';

/** Leaves that the worker of the tests knows. */
const SENDERS = { chromium: 3, firefox: 4 } as const;
const RECEIVERS = { chromium: 8, firefox: 9 } as const;
const KEY = 17;
const EPOCH = 5;
/** Pictures of which one in thirty may be missing. */
const MOST_LOST = 0.03;
const COUNTED = 60;

const LAYERS = ['camera_low', 'camera_mid', 'camera_high'] as const;
const one = (codec: Published['codec'], scalabilityMode: string): Published => ({
  codec,
  slots: ['camera_high'],
  encodings: [{ scalabilityMode, maxBitrate: 1_500_000 }],
});
const plain = (codec: Published['codec']): Published => ({
  codec,
  slots: ['camera_high'],
  encodings: [{ maxBitrate: 1_500_000 }],
});
/** Firefox takes no mode of layers. */
const simulcast = (mode: { readonly scalabilityMode?: string }): Published => ({
  codec: 'vp8',
  slots: LAYERS,
  encodings: [4, 2, 1].map((scaleResolutionDownBy) => ({
    scaleResolutionDownBy,
    maxBitrate: 1_200_000 / scaleResolutionDownBy,
    ...mode,
  })),
});

/**
 * `frames`: how many a picture is made of, each of which is sealed by itself. Of 640×360 Chromium makes two layers, and the media server
 * passes on the upper one of each picture, and both of a key frame.
 */
const MATRIX: readonly {
  readonly from: BrowserName;
  readonly to: BrowserName;
  readonly title: string;
  readonly published: Published;
  readonly frames: number;
  /** Left to the night: takes as long as the others, and no call uses it. */
  readonly night?: boolean;
}[] = [
  {
    from: 'chromium',
    to: 'chromium',
    title: 'VP8 in three layers',
    published: simulcast({ scalabilityMode: 'L1T3' }),
    frames: 1,
  },
  {
    from: 'chromium',
    to: 'chromium',
    title: 'VP9 in one layer',
    published: one('vp9', 'L1T1'),
    frames: 1,
    night: true,
  },
  { from: 'chromium', to: 'chromium', title: 'VP9 with SVC', published: one('vp9', 'L3T3_KEY'), frames: 2 },
  {
    from: 'chromium',
    to: 'firefox',
    title: 'VP8 in three layers',
    published: simulcast({ scalabilityMode: 'L1T3' }),
    frames: 1,
  },
  { from: 'firefox', to: 'chromium', title: 'VP8 in layers', published: simulcast({}), frames: 1 },
  { from: 'chromium', to: 'chromium', title: 'AV1', published: one('av1', 'L1T3'), frames: 1 },
  ...(
    [
      ['chromium', 'firefox', 'VP9 in one layer', one('vp9', 'L1T1'), 1],
      ['chromium', 'firefox', 'VP9 with SVC', one('vp9', 'L3T3_KEY'), 2],
      ['chromium', 'firefox', 'AV1', one('av1', 'L1T3'), 1],
      ['firefox', 'chromium', 'VP9', plain('vp9'), 1],
      ['firefox', 'firefox', 'VP8 in layers', simulcast({}), 1],
      ['firefox', 'firefox', 'VP9', plain('vp9'), 1],
    ] as const
  ).map(([from, to, title, published, frames]) => ({ from, to, title, published, frames, night: true })),
];

let packets: TappedPacket[] = [];
tapProducers((packet) => packets.push(packet));

let browsers: Browsers;
let sfu: SfuInTest;
const ends = new Map<string, End>();
beforeAll(async () => {
  browsers = await startBrowsers(fileURLToPath(new URL('./forwarded/inPage.ts', import.meta.url)));
  sfu = await startSfuInTest();
});
afterEach(async () => {
  await sfu.clear();
  packets = [];
});
afterAll(async () => {
  sfu?.close();
  await browsers?.close();
});

const factsOf = (end: End): Promise<ForwardedFacts> => end.run<ForwardedFacts>('facts()');

/** An end with the key of everybody and a leaf of its own: opened once. */
async function endAt(name: BrowserName, leaf: number): Promise<End> {
  const known = ends.get(`${name} ${leaf}`);
  if (known !== undefined) return known;
  const end = await browsers.open(name);
  await sfu.enter(end, { sealed: true });
  await end.run(`giveKeys(${EPOCH}, ${leaf}, ${KEY})`);
  ends.set(`${name} ${leaf}`, end);
  return end;
}

/** What the end has sent since: frames of the layer of which there were most, and key frames of each. */
function sentSince({ counters }: ForwardedFacts, before: ForwardedFacts, slots: readonly string[]) {
  const grown = counters.sent
    .filter(({ slot }) => slots.includes(slot))
    .map(({ slot, frames, keyFrames }) => {
      const then = before.counters.sent.find((sent) => sent.slot === slot);
      return { frames: frames - (then?.frames ?? 0), keyFrames: keyFrames - (then?.keyFrames ?? 0) };
    });
  return {
    frames: Math.max(0, ...grown.map(({ frames }) => frames)),
    keyFrames: grown.map(({ keyFrames }) => keyFrames),
  };
}

const openedOf = ({ counters }: ForwardedFacts, name: string) => {
  const found = counters.received.find(({ track }) => track === name);
  return { frames: found?.frames ?? 0, keyFrames: found?.keyFrames ?? 0, dropped: found?.dropped ?? {} };
};

/** Looks in a row that have to see the same. */
const QUIET_LOOKS = 6;

/** The facts of all at a moment at which no key frame is on its way: one that was would be counted at one end alone. */
async function quietFacts(sender: End, receivers: readonly End[]) {
  let facts = { sender: await factsOf(sender), receivers: await Promise.all(receivers.map(factsOf)) };
  let seen = '';
  let looks = 0;
  await until(
    'no key frame is on its way',
    async () => {
      facts = { sender: await factsOf(sender), receivers: await Promise.all(receivers.map(factsOf)) };
      const { counters } = facts.sender;
      const now = JSON.stringify([
        counters.sent.map(({ keyFrames }) => keyFrames),
        facts.receivers.map((each) => openedOf(each, 'video').keyFrames),
      ]);
      looks = now === seen ? looks + 1 : 0;
      seen = now;
      return looks >= QUIET_LOOKS;
    },
    30_000,
  );
  return facts;
}

const pictureOf = (consumers: readonly types.Consumer[]): types.Consumer =>
  consumers.find(({ kind }) => kind === 'video') ?? expect.fail();

/** What a tap gets of somebody who publishes. */
async function listen(sealed: boolean) {
  const end = await browsers.open('chromium');
  await sfu.enter(end, { sealed });
  if (sealed) await end.run(`giveKeys(${EPOCH}, ${SENDERS.chromium}, ${KEY})`);
  await sfu.publish(end, { codec: 'vp8', slots: ['camera_high'], encodings: null });
  await until('enough was tapped', () => packets.length >= 600, 30_000);
  const verdict = await judgeTap(packets, (script) => end.evaluate(script));
  process.stdout.write(`tap, ${sealed ? 'sealed' : 'plain'}: ${JSON.stringify(verdict)}\n`);
  return verdict;
}

describe('a tap at the media server', () => {
  it('sees and hears what is not sealed: so it would be noticed', async () => {
    const { sounds, pictures, frames, unsealed } = await listen(false);
    expect(pictures.likely).toBeGreaterThan(frames.vp8 * 0.8);
    expect(sounds.likely).toBeGreaterThanOrEqual(5);
    expect(unsealed).toBeGreaterThan((frames.vp8 + frames.opus) * 0.8);
  });

  it('sees no picture and hears no sound of what is sealed', async () => {
    const { sounds, pictures, frames, unsealed } = await listen(true);
    expect(Math.min(frames.vp8, frames.opus)).toBeGreaterThan(50);
    expect([sounds.likely, unsealed]).toEqual([0, 0]);
    expect(pictures.likely).toBeLessThanOrEqual(mostByChance(frames.vp8));
  });
});

describe('sealed media through the media server', () => {
  for (const { from, to, title, published, frames, night = false } of MATRIX) {
    it.skipIf(night && !isNight)(
      `${from}, ${title}, to ${to}: 97 of 100 pictures are decoded, and every key frame comes`,
      async () => {
        const sender = await endAt(from, SENDERS[from]);
        const receivers = [await endAt(to, RECEIVERS[to])];
        const producers = await sfu.publish(sender, published);
        const consumers: (readonly types.Consumer[])[] = [];
        for (const end of receivers)
          consumers.push(await sfu.receive(end, `device ${SENDERS[from]}`, published, producers));
        await until(
          'pictures and sounds are decoded',
          async () =>
            (await Promise.all(receivers.map(factsOf))).every(
              (facts) => facts.framesDecoded > 20 && openedOf(facts, 'audio').frames > 20,
            ),
          30_000,
        ).catch(async (error: unknown) => {
          const facts = await Promise.all([sender, ...receivers].map(factsOf));
          process.stdout.write(`${from}, ${title}, to ${to}, does not begin: ${JSON.stringify(facts)}\n`);
          throw error;
        });

        const before = await quietFacts(sender, receivers);
        for (const turn of [1, 2]) {
          for (const all of consumers) await pictureOf(all).requestKeyFrame();
          await until(
            `enough was sent after request ${turn}`,
            async () =>
              sentSince(await factsOf(sender), before.sender, published.slots).frames >=
              COUNTED * frames * turn,
            30_000,
          );
        }
        await sender.run('stop()');
        const ways = async () => {
          const now = await factsOf(sender);
          const { frames: sent, keyFrames } = sentSince(now, before.sender, published.slots);
          const { frames: sounds } = sentSince(now, before.sender, ['microphone']);
          return Promise.all(
            receivers.map(async (end, index) => {
              const facts = await factsOf(end);
              const then = before.receivers[index] ?? expect.fail();
              return {
                to: end.browser,
                sent,
                opened: openedOf(facts, 'video').frames - openedOf(then, 'video').frames,
                decoded: facts.framesDecoded - then.framesDecoded,
                keyFramesSent: keyFrames,
                keyFramesOpened: openedOf(facts, 'video').keyFrames - openedOf(then, 'video').keyFrames,
                sounds,
                soundsOpened: openedOf(facts, 'audio').frames - openedOf(then, 'audio').frames,
                dropped: [openedOf(facts, 'video').dropped, openedOf(facts, 'audio').dropped],
              };
            }),
          );
        };
        await until('what was sent has come', async () =>
          (await ways()).every(
            ({ sent, decoded, sounds, soundsOpened }) =>
              decoded * frames >= sent * (1 - MOST_LOST) && soundsOpened >= sounds * (1 - MOST_LOST),
          ),
        ).catch(() => {});
        for (const way of await ways()) {
          process.stdout.write(`${from} to ${way.to}, ${title}: ${JSON.stringify(way)}\n`);
          expect(way.sent).toBeGreaterThanOrEqual(COUNTED * frames);
          expect(way.opened * frames).toBeGreaterThanOrEqual(way.sent * (1 - MOST_LOST));
          expect(way.decoded * frames).toBeGreaterThanOrEqual(way.sent * (1 - MOST_LOST));
          expect(way.soundsOpened).toBeGreaterThanOrEqual(way.sounds * (1 - MOST_LOST));
          expect(way.keyFramesOpened).toBeGreaterThanOrEqual(1);
          // The media server changes the layer at key frames: one of each may be passed on, and none is lost.
          const sentOfEach = way.keyFramesSent.filter((count) => count > 0);
          expect(way.keyFramesOpened).toBeGreaterThanOrEqual(Math.min(...sentOfEach));
          expect(way.keyFramesOpened).toBeLessThanOrEqual(sentOfEach.reduce((sum, count) => sum + count, 0));
        }
      },
    );
  }
});

const droppedOf = (facts: ForwardedFacts, name: string): number =>
  Object.values(openedOf(facts, name).dropped).reduce((sum, count) => sum + count, 0);

describe('a media server that does harm', () => {
  const published: Published = { codec: 'vp8', slots: ['camera_high'], encodings: null };
  const owner = `device ${SENDERS.chromium}`;
  /** Frames that have to be refused of each kind before an attack is believed to be one. */
  const REFUSED = 20;

  for (const to of ['chromium', 'firefox'] as const) {
    it.skipIf(to === 'firefox' && !isNight)(
      `has no frame accepted, and harms nothing that comes after it, at ${to}`,
      async () => {
        const sender = await endAt('chromium', SENDERS.chromium);
        const receiver = await endAt(to, RECEIVERS[to]);
        const forger = await sfu.forge(await sfu.publish(sender, published));
        await sfu.receive(receiver, owner, published, forger.producers);

        const flows = async (after: string): Promise<void> => {
          const before = await factsOf(receiver);
          await until(
            `pictures and sounds are decoded ${after}`,
            async () => {
              const now = await factsOf(receiver);
              const sounds = openedOf(now, 'audio').frames - openedOf(before, 'audio').frames;
              // The receiver's own requests end at the forger.
              if (now.framesDecoded === before.framesDecoded) await forger.attack('none');
              return now.framesDecoded > before.framesDecoded + 10 && sounds > 10;
            },
            30_000,
          );
        };
        /** Of both kinds as many as it takes; what was on its way when it began has come by then. */
        const refuses = async (what: string, count: number): Promise<ForwardedFacts> => {
          const before = await factsOf(receiver);
          let facts = before;
          await until(
            `${what} is refused`,
            async () => {
              facts = await factsOf(receiver);
              return ['audio', 'video'].every(
                (name) => droppedOf(facts, name) >= droppedOf(before, name) + count,
              );
            },
            30_000,
          );
          return facts;
        };

        await flows('before any attack');
        const attacks: readonly (readonly [string, () => Promise<void>, () => Promise<void>])[] = [
          ...(['mutated', 'injected'] as const).map(
            (attack) => [attack, () => forger.attack(attack), () => forger.attack('none')] as const,
          ),
          [
            'said to be of somebody else',
            () => receiver.run(`claim('device ${SENDERS.firefox}')`),
            async () => {
              await receiver.run(`claim('${owner}')`);
              await forger.attack('none');
            },
          ],
        ];
        for (const [what, begin, end] of attacks) {
          await begin();
          const begun = await refuses(`what is ${what}`, 3);
          const ended = await refuses(`what is ${what}`, REFUSED);
          for (const name of ['audio', 'video'])
            expect(openedOf(ended, name).frames, `${what}: ${name}`).toBe(openedOf(begun, name).frames);
          process.stdout.write(
            `to ${to}, ${what}: ${JSON.stringify(['audio', 'video'].map((name) => openedOf(ended, name).dropped))}\n`,
          );
          await end();
          await flows(`after what was ${what}`);
        }

        await forger.attack('replayed');
        const before = await factsOf(receiver);
        const after = await refuses('what was there before', REFUSED);
        for (const name of ['audio', 'video']) {
          const [now, then] = [openedOf(after, name), openedOf(before, name)];
          // Each comes once, and once more: as many are refused as are opened.
          expect(now.dropped['replayed'] ?? 0, name).toBeGreaterThanOrEqual(REFUSED);
          const twice = (now.dropped['replayed'] ?? 0) - (then.dropped['replayed'] ?? 0);
          expect(now.frames - then.frames, name).toBeLessThanOrEqual(twice + 5);
        }
      },
    );
  }
});

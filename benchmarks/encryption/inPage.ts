import type { CryptoCounters } from '@visavis/encryption/messages';
import type { DeviceRequest } from '@visavis/call';
import { createCallIdentity, createDeviceKey, type SigningKey } from '@visavis/encryption/identity';
import type { ServerEvent } from '@visavis/protocol';
import { type CallKeys, createCallKeys } from '../../packages/client/src/keys/index.ts';
import { createSealJudge, type SealJudge } from '../../packages/client/src/device/sealJudge.ts';
import type { LinkAnswer } from '../../packages/client/src/signaling/index.ts';
import { realTimers } from '../../packages/client/src/timers.ts';
import {
  type Pair,
  type Seal,
  type VideoCodec,
  accept,
  giveKeys,
  offer,
  openPair,
  openSeal,
} from './pair.ts';

/** `agreed`: the keys are there before anybody answers. `agreeing`: they are agreed on from the answer on, as in a call. */
export type Kind = 'plain' | 'agreed' | 'agreeing';

export interface FlowFacts {
  /** ms from generated to decoded of each picture since `forget`. */
  readonly latencies: readonly number[];
  readonly generated: number;
  /** Of the sending end; null where nothing is encrypted. */
  readonly counters: CryptoCounters | null;
}

declare global {
  /** Put into the page by the benchmark: the server. */
  var askServer: (device: string, request: DeviceRequest) => Promise<LinkAnswer>;
}

/** The names that the worker of the tests knows its leaves 3 and 8 by. */
const DEVICES = ['device 3', 'device 8'] as const;

let pair: Pair | null = null;
let sound: MediaStreamTrack | null = null;
let latencies: number[] = [];
let first: ((at: number) => void) | null = null;
let sdp = '';
let members: CallKeys[] = [];
let judges: SealJudge[] = [];
let admit: () => void = () => {};
let forgotten = 0;

const current = (): Pair => {
  if (pair === null) throw new Error('there is no pair');
  return pair;
};

/** Everything that can be done before the other side answers. */
export async function prepare(kind: Kind, codec: VideoCodec): Promise<void> {
  sound ??= (await navigator.mediaDevices.getUserMedia({ audio: true })).getAudioTracks()[0] ?? null;
  if (sound === null) throw new Error('no microphone');
  latencies = [];
  const script = kind === 'agreeing' ? '/productWorker.js' : '/testWorker.js';
  const seals = kind === 'plain' ? null : ([openSeal(script), openSeal(script)] as const);
  pair = openPair(codec, sound, seals, DEVICES, (number, at) => {
    first?.(at);
    const generatedAt = current().source.generatedAt[number];
    if (generatedAt !== undefined && number >= forgotten) latencies.push(at - generatedAt);
  });
  if (kind === 'agreed' && seals !== null) await giveKeys(seals);
  if (kind === 'agreeing' && seals !== null) await startMembers(seals);
  sdp = await offer(pair);
}

/** The caller is in the call's group; the callee has its key package ready and has told nobody. */
async function startMembers(seals: readonly [Seal, Seal]): Promise<void> {
  const admission = Promise.withResolvers<void>();
  const firstIsIn = Promise.withResolvers<void>();
  const hasAsked = Promise.withResolvers<void>();
  admit = admission.resolve;
  const keys = await Promise.all(DEVICES.map(() => createDeviceKey()));
  let asked = 0;
  judges = seals.map(({ worker }, index) => judgeFor(worker, index, keys[index]));
  members = seals.map(({ worker }, index) => {
    const deviceId = DEVICES[index] ?? '';
    return createCallKeys({
      callId: 'call',
      device: {
        userId: `user of ${deviceId}`,
        deviceId,
        deviceKey: keys[index] ?? null,
        confirmation: null,
      },
      worker,
      async request(request) {
        asked += 1;
        if (asked === DEVICES.length) hasAsked.resolve();
        if (index > 0) await admission.promise;
        return askServer(deviceId, request);
      },
      onKeys(now) {
        judges[index]?.hear(now);
        if (index === 0 && now !== null) firstIsIn.resolve();
      },
    });
  });
  await Promise.all([firstIsIn.promise, hasAsked.promise]);
}

/** Whose each key is, is looked at as in a call; who was seen before is not read from any memory. */
function judgeFor(worker: Seal['worker'], index: number, deviceKey: SigningKey | undefined): SealJudge {
  if (deviceKey === undefined) throw new Error('no key');
  const deviceId = DEVICES[index] ?? '';
  const device = { userId: `user of ${deviceId}`, deviceId, deviceKey, confirmation: null };
  const judge = createSealJudge({
    ownDeviceId: deviceId,
    identity: Promise.resolve({
      calls: createCallIdentity(device),
      judge: () => Promise.resolve('seen'),
      isVerified: () => Promise.resolve(false),
      accept: () => Promise.resolve(),
      watch: () => () => {},
    }),
    callId: Promise.resolve('call'),
    isDirect: true,
    timers: realTimers,
    isGuest: () => Promise.resolve(false),
    admit: (judged) => worker.admit(judged),
    onJudged: () => {},
  });
  judge.setPresent(DEVICES.map((each) => ({ userId: `user of ${each}`, deviceId: each })));
  return judge;
}

export function hear(device: string, event: ServerEvent): void {
  members[DEVICES.findIndex((each) => each === device)]?.handleEvent(event);
}

/** Longer: the picture never comes. */
const MOST_MS = 30_000;

/** The other side answers. @throws when no picture comes for 30 s. @returns ms until its first picture is decoded */
export async function answer(): Promise<number> {
  const beganAt = performance.now();
  const decoded = new Promise<number>((resolve, reject) => {
    first = resolve;
    setTimeout(() => reject(new Error('no picture comes')), MOST_MS);
  });
  admit();
  await accept(current(), sdp);
  const at = await decoded;
  first = null;
  return at - beganAt;
}

/** What was measured so far does not count. */
export function forget(): void {
  latencies = [];
  forgotten = current().source.generatedAt.length;
}

export async function read(): Promise<FlowFacts> {
  const { ends, source } = current();
  const counters = ends === null ? null : await ends[0].worker.getCounters();
  return { latencies, generated: source.generatedAt.length - forgotten, counters };
}

export function close(): void {
  for (const member of members) member.close();
  members = [];
  for (const judge of judges) judge.close();
  judges = [];
  forgotten = 0;
  pair?.close();
  pair = null;
}

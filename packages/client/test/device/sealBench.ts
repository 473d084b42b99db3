import type { HeardKeys, SaidKeys } from '@visavis/encryption/messages';
import { startCryptoWorker, startMember } from '@visavis/encryption/worker';
import type { DeviceRequest } from '@visavis/call';
import { ModelDelivery } from '../../../encryption/test/modelDelivery.ts';
import { createVirtualClock } from '../../../encryption/test/virtualClock.ts';
import { CALL } from '../../../encryption/test/memberBench.ts';
import { plainFrame } from '../../../encryption/test/frameFixtures.ts';
import { encodedFrame, type PlayedFrame } from '../../../encryption/test/workerBench.ts';
import { fromBase64, toBase64 } from '../../src/base64.ts';
import { openSeal } from '../../src/device/openSeal.ts';
import type { CallSeal, KeysEvent } from '../../src/device/seal.ts';
import type { Identity } from '../../src/identity/index.ts';
import type { LinkAnswer } from '../../src/signaling/index.ts';

const honest = (request: DeviceRequest): DeviceRequest => request;

type Timers = Parameters<typeof startCryptoWorker>[2];
const timers: Timers = {
  now: () => performance.now(),
  after: (delayMs, callback) => {
    const handle = setTimeout(callback, delayMs);
    return () => clearTimeout(handle);
  },
};

/** The crypto worker of the product in this thread, behind messages that are copied as a browser copies them. */
class PlayedWorker extends EventTarget {
  readonly scope = new EventTarget();
  #isOver = false;

  constructor() {
    super();
    startCryptoWorker(
      { addEventListener: (type, listener) => this.scope.addEventListener(type, listener) },
      (report) => this.#dispatch(this, structuredClone(report)),
      timers,
      startMember,
    );
  }

  postMessage(message: unknown): void {
    this.#dispatch(this.scope, structuredClone(message));
  }

  terminate(): void {
    this.#isOver = true;
  }

  #dispatch(to: EventTarget, data: unknown): void {
    if (!this.#isOver) to.dispatchEvent(Object.assign(new Event('message'), { data }));
  }
}

export interface PlayedDevice {
  readonly seal: CallSeal;
  /** A frame of the microphone goes in; what leaves, if anything does, is in `sent`. */
  speak(): Promise<void>;
  readonly sent: PlayedFrame[];
  /** A frame of the other's microphone comes in; what is played, if anything is, is in `played`. */
  hear(frame: PlayedFrame): Promise<void>;
  readonly played: PlayedFrame[];
}

/** Devices of the product in one call, with a model of the server's keys in between, which can lie. */
export async function createSealedCall() {
  const seals = new Map<string, CallSeal>();
  const delivery = await ModelDelivery.start(createVirtualClock(), (deviceId, heard) =>
    seals.get(deviceId)?.handleEvent(eventOf(heard)),
  );
  let requests = 0;
  let lie = honest;

  function ask(deviceId: string, request: DeviceRequest): Promise<LinkAnswer> {
    requests += 1;
    const number = requests;
    return new Promise((resolve) => {
      delivery.ask(deviceId, saidBy(lie(request)), number, (heard) => resolve(answerOf(heard)));
    });
  }

  function enter(identity: Identity): PlayedDevice {
    const { userId, deviceId } = identity.device;
    const worker = new PlayedWorker();
    const seal = openSeal(
      { userId, deviceId, guest: null },
      Promise.resolve(identity),
      {
        isDirect: true,
        request: (request) => ask(deviceId, request),
        onChange: () => {},
        onFailed: () => {},
        isGuest: () => Promise.resolve(false),
      },
      // What is used of one.
      () => worker as unknown as Worker,
    );
    seals.set(deviceId, seal);
    delivery.enter(deviceId);
    seal.join(CALL);
    const [sent, played]: [PlayedFrame[], PlayedFrame[]] = [[], []];
    const send = attach(worker, { direction: 'send', slots: ['microphone'], codec: 'opus' }, sent);
    const receive = attach(worker, { direction: 'receive', track: 'microphone' }, played);
    return {
      seal,
      sent,
      played,
      speak: () => send(encodedFrame('voice', plainFrame('opus', 'delta', 60))),
      hear: (frame) => receive({ ...frame, data: frame.data.slice(0) }),
    };
  }

  return {
    enter,
    leave(deviceId: string): void {
      delivery.leave(deviceId);
      seals.delete(deviceId);
    },
    /** What devices say to the server comes there changed. */
    lie(next: typeof lie): void {
      lie = next;
    },
  };
}

function attach({ scope }: PlayedWorker, options: unknown, out: PlayedFrame[]) {
  const { readable, writable } = new TransformStream<PlayedFrame, PlayedFrame>();
  const writer = writable.getWriter();
  const sink = new WritableStream<PlayedFrame>({ write: (frame) => void out.push(frame) });
  const transformer = { options, readable, writable: sink };
  scope.dispatchEvent(Object.assign(new Event('rtctransform'), { transformer }));
  return (frame: PlayedFrame): Promise<void> => writer.write(frame);
}

function saidBy(request: DeviceRequest): SaidKeys {
  if (request.type === 'join_keys')
    return { type: 'join_keys', keyPackage: fromBase64(request.payload.keyPackage) };
  if (request.type === 'refresh_keys') return { type: 'refresh_keys', ...request.payload };
  if (request.type !== 'commit_keys') throw new Error(`${request.type} is not about keys`);
  const { generation, epoch, commit, welcome } = request.payload;
  return {
    type: 'commit_keys',
    generation,
    epoch,
    commit: fromBase64(commit),
    welcome: welcome === null ? null : fromBase64(welcome),
  };
}

function answerOf(heard: HeardKeys): LinkAnswer {
  if (heard.type === 'refused')
    return {
      type: 'error',
      id: '1',
      payload: { code: heard.reason === 'stale' ? 'KEYS_STALE' : 'BAD_KEYS', message: '' },
    };
  if (heard.type !== 'joined') return { type: 'ok', id: '1', payload: {} };
  const { generation, role, senderKey } = heard;
  return { type: 'ok', id: '1', payload: { keys: { generation, role, senderKey: toBase64(senderKey) } } };
}

const eventWith = (type: KeysEvent['type'], payload: object): KeysEvent =>
  ({ type, callId: CALL, payload }) as unknown as KeysEvent;

function eventOf(heard: HeardKeys): KeysEvent {
  if (heard.type === 'proposed')
    return eventWith('keys_proposed', { ...heard, proposals: heard.proposals.map(toBase64) });
  if (heard.type === 'committed')
    return eventWith('keys_committed', { ...heard, commit: toBase64(heard.commit) });
  if (heard.type === 'welcome')
    return eventWith('keys_welcome', { ...heard, welcome: toBase64(heard.welcome) });
  if (heard.type !== 'reset') throw new Error(`${heard.type} is no event`);
  return eventWith('keys_reset', { generation: heard.generation });
}

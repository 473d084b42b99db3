import { callCodeOf, createDeviceKey, type GuestPass, type SigningKey } from '@visavis/encryption/identity';
import type { OwnDevice } from '@visavis/encryption/messages';
import type { Identity } from '../identity/index.ts';
import { createCallKeys, type CallKeys } from '../keys/index.ts';
import { codecOf, createSealedMedia, slotsOf, startCryptoWorker } from '../media/sealed/index.ts';
import { realTimers } from '../timers.ts';
import type { CallSeal, SealState } from './seal.ts';
import { createSealJudge, type Judgement } from './sealJudge.ts';
import { createTransports } from '../media/direct/transports.ts';
import type { SealHandlers } from './types.ts';

/** Of a browser that keeps nothing, for as long as this page is there. */
let unkeptKey: Promise<SigningKey> | null = null;

/**
 * The seal of one call in this browser: a crypto worker of its own, the way between its keys and the server, and the judgement of who
 * may have them. Throws where the browser cannot start one.
 *
 * @param device - whose it is; `guest`: what it proves itself with that came by a link
 * @param identity - with what it says so, and by what it knows others. It is waited for: until then nothing is said or admitted. Null:
 *   nothing, so that it is nobody's as far as others can tell
 * @param createWorker - default: the worker of this package
 */
export function openSeal(
  device: { readonly userId: string; readonly deviceId: string; readonly guest: GuestPass | null },
  identity: Promise<Identity | null>,
  { isDirect, request, onChange, onFailed, isGuest }: SealHandlers,
  createWorker?: () => Worker,
): CallSeal {
  let state: SealState = { phase: 'preparing', devices: [], held: [], code: null };
  let keys: CallKeys | null = null;
  let isClosed = false;
  let isNamed = false;
  let keyChanges = 0;
  const owners = new Map<string, string>();
  let join: (() => void) | null = null;
  const joined = new Promise<void>((resolve) => {
    join = resolve;
  });
  let name: ((callId: string) => void) | null = null;
  const named = new Promise<string>((resolve) => {
    name = resolve;
  });
  const own = identity.then(async (known): Promise<OwnDevice & { readonly deviceKey: SigningKey }> => {
    if (known !== null) return { ...known.device, guest: device.guest };
    unkeptKey ??= createDeviceKey();
    return { ...device, deviceKey: await unkeptKey, confirmation: null };
  });

  const change = (next: Partial<SealState>): void => {
    if (isClosed || state.phase === 'failed') return;
    state = { ...state, ...next };
    onChange();
  };
  const worker = startCryptoWorker({
    ...(createWorker === undefined ? {} : { createWorker }),
    onFailed() {
      if (isClosed) return;
      state = { phase: 'failed', devices: [], held: [], code: null };
      onFailed();
    },
  });
  const judge = createSealJudge({
    ownDeviceId: device.deviceId,
    identity,
    callId: named,
    isDirect,
    isGuest,
    timers: realTimers,
    admit: (members) => worker.admit(members),
    onJudged: ({ devices, held }: Judgement) => {
      const phase = held.length > 0 ? 'held' : devices.length > 0 ? 'sealed' : 'preparing';
      change({ phase, devices, held });
    },
  });
  const transports = createTransports({
    callId: named,
    key: own.then(({ deviceKey }) => deviceKey),
    peerKey: () => judge.peerKey,
    onPeerKey: (listener) => judge.onPeerKey(listener),
    timers: realTimers,
  });

  async function start(callId: string): Promise<void> {
    const ready = await own;
    if (isClosed) return;
    keys = createCallKeys({
      callId,
      device: ready,
      worker,
      // NEG3: nobody learns of this device before its person has answered.
      request: (said) => joined.then(() => request(said)),
      onKeys(current) {
        if (current !== null) keyChanges += 1;
        // The code of the former members is nobody's any more; the new one takes a moment.
        change({ code: null });
        judge.hear(current);
        if (current === null) return;
        void callCodeOf(current.authenticator).then((code) => {
          if (keys?.current === current) change({ code });
        });
      },
    });
  }

  function prepare(callId: string): void {
    if (isNamed) return;
    isNamed = true;
    name?.(callId);
    void start(callId);
  }

  return {
    media: createSealedMedia(worker),
    transports: {
      sign: (type, role, sdp) => transports.sign(type, role, sdp),
      async check(type, role, sdp, proof) {
        const isTheirs = await transports.check(type, role, sdp, proof);
        if (isTheirs && proof !== undefined) judge.setConnectionKey(proof.deviceKey);
        else judge.refuseConnection();
        return isTheirs;
      },
    },
    setPresent: (devices) => judge.setPresent(devices),
    allow: (deviceId) => judge.allow(deviceId),
    refuseConnection: () => judge.refuseConnection(),
    bindTrack(track, deviceId, source) {
      if (owners.get(track) === deviceId) return;
      owners.set(track, deviceId);
      worker.bindTrack(track, { device: deviceId, slots: slotsOf(source), codec: codecOf(source) });
    },
    removeTrack(track) {
      owners.delete(track);
      worker.removeTrack(track);
    },
    prepare,
    join(callId) {
      prepare(callId);
      join?.();
    },
    handleEvent: (event) => keys?.handleEvent(event),
    refresh: () => keys?.refresh(),
    getState: () => state,
    async getFacts() {
      const current = keys?.current ?? null;
      try {
        const counters = await worker.getCounters();
        const of = current === null ? null : { generation: current.generation, epoch: current.epoch };
        return { keys: of, keyChanges, counters };
      } catch {
        // It has ended, which the call says already.
        return null;
      }
    },
    sealData: (content) => worker.sealData(content),
    async openData(userId, deviceId, sealed) {
      const content = await worker.openData(deviceId, sealed);
      const member = keys?.current?.members.find((each) => each.deviceId === deviceId);
      // The server says whose it is; the keys say whose device that is.
      return member?.userId === userId ? content : null;
    },
    reconsider() {
      judge.reconsider();
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      judge.close();
      keys?.close();
      worker.close();
    },
  };
}

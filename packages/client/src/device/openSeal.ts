import { callCodeOf } from '@visavis/encryption/identity';
import type { CurrentKeys } from '@visavis/encryption/messages';
import type { Identity } from '../identity/index.ts';
import { createCallKeys, type CallKeys } from '../keys/index.ts';
import { codecOf, createSealedMedia, slotsOf, startCryptoWorker } from '../media/sealed/index.ts';
import type { CallSeal, SealedDevice, SealState } from './seal.ts';
import type { SealHandlers } from './types.ts';

/**
 * The seal of one call in this browser: a crypto worker of its own, and the way between its keys and the server. Throws where the
 * browser cannot start one.
 *
 * @param device - whose it is
 * @param identity - with what it says so, and by what it knows others; null: nothing, so that it is nobody's as far as others can tell
 */
export function openSeal(
  device: { readonly userId: string; readonly deviceId: string },
  identity: Identity | null,
  { request, onChange, onFailed }: SealHandlers,
): CallSeal {
  let state: SealState = { phase: 'preparing', devices: [], code: null };
  let keys: CallKeys | null = null;
  let isClosed = false;
  let keyChanges = 0;
  let stopWatching: (() => void) | undefined;
  const owners = new Map<string, string>();
  let join: (() => void) | null = null;
  const joined = new Promise<void>((resolve) => {
    join = resolve;
  });

  const change = (next: Partial<SealState>): void => {
    if (isClosed) return;
    state = { ...state, ...next };
    onChange();
  };
  const worker = startCryptoWorker({
    onFailed() {
      if (isClosed) return;
      state = { phase: 'failed', devices: [], code: null };
      onFailed();
    },
  });

  async function lookUp(
    callId: string,
    { members, authenticator }: CurrentKeys,
  ): Promise<Partial<SealState>> {
    const scope = new TextEncoder().encode(callId);
    const [code, ...devices] = await Promise.all([
      callCodeOf(authenticator),
      ...members.map(async ({ userId, deviceId, credential, leafKey }): Promise<SealedDevice> => {
        const seen = identity === null ? null : await identity.calls.verify(credential, leafKey, scope);
        const standing = seen === null || identity === null ? 'unknown' : await identity.judge(seen);
        return { userId, deviceId, standing };
      }),
    ]);
    return { code, devices };
  }

  function show(callId: string, current: CurrentKeys): void {
    void lookUp(callId, current).then((looked) => {
      if (keys?.current === current) change(looked);
    });
  }

  function prepare(callId: string): void {
    keys ??= createCallKeys({
      callId,
      device: identity === null ? { ...device, deviceKey: null, confirmation: null } : identity.device,
      worker,
      // NEG3: nobody learns of this device before its person has answered.
      request: (said) => joined.then(() => request(said)),
      onKeys(current) {
        if (current !== null) keyChanges += 1;
        if (current === null) return change({ phase: 'preparing', devices: [], code: null });
        const devices = current.members.map(({ userId, deviceId }) => ({ userId, deviceId, standing: null }));
        // The code of the former members is nobody's any more; the new one takes a moment.
        change({ phase: 'sealed', devices, code: null });
        show(callId, current);
      },
    });
    // The person has decided about somebody, perhaps about one who is in this call.
    stopWatching ??= identity?.watch(() => {
      const current = keys?.current ?? null;
      if (current !== null) show(callId, current);
    });
  }

  return {
    media: createSealedMedia(worker),
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
    close() {
      if (isClosed) return;
      isClosed = true;
      stopWatching?.();
      keys?.close();
      worker.close();
    },
  };
}

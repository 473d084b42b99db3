import { callCodeOf } from '@visavis/encryption/identity';
import { createCallKeys, type CallKeys } from '../keys/index.ts';
import { codecOf, createSealedMedia, slotsOf, startCryptoWorker } from '../media/sealed/index.ts';
import type { CallSeal, SealState } from './seal.ts';
import type { SealHandlers } from './types.ts';

/**
 * The seal of one call in this browser: a crypto worker of its own, and the way between its keys and the server. Throws where the
 * browser cannot start one.
 *
 * @param device - whose it is
 */
export function openSeal(
  device: { readonly userId: string; readonly deviceId: string },
  { request, onChange, onFailed }: SealHandlers,
): CallSeal {
  let state: SealState = { phase: 'preparing', devices: [], code: null };
  let keys: CallKeys | null = null;
  let isClosed = false;
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

  function prepare(callId: string): void {
    keys ??= createCallKeys({
      callId,
      device: { ...device, deviceKey: null, confirmation: null },
      worker,
      // NEG3: nobody learns of this device before its person has answered.
      request: (said) => joined.then(() => request(said)),
      onKeys(current) {
        if (current === null) return change({ phase: 'preparing', devices: [], code: null });
        // The code of the former members is nobody's any more; the new one takes a moment.
        change({ phase: 'sealed', devices: current.members, code: null });
        void callCodeOf(current.authenticator).then((code) => {
          if (keys?.current === current) change({ code });
        });
      },
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
    close() {
      if (isClosed) return;
      isClosed = true;
      keys?.close();
      worker.close();
    },
  };
}

import {
  callCodeOf,
  type GuestPass,
  type IdentifiedDevice,
  verifyCredential,
} from '@visavis/encryption/identity';
import type { CurrentKeys, KeyMember } from '@visavis/encryption/messages';
import type { Identity } from '../identity/index.ts';
import { createCallKeys, type CallKeys } from '../keys/index.ts';
import { codecOf, createSealedMedia, slotsOf, startCryptoWorker } from '../media/sealed/index.ts';
import type { CallSeal, DeviceStanding, SealState } from './seal.ts';
import type { SealHandlers } from './types.ts';

/**
 * The seal of one call in this browser: a crypto worker of its own, and the way between its keys and the server. Throws where the
 * browser cannot start one.
 *
 * @param device - whose it is; `guest`: what it proves itself with that came by a link
 * @param identity - with what it says so, and by what it knows others; null: nothing, so that it is nobody's as far as others can tell
 */
export function openSeal(
  device: { readonly userId: string; readonly deviceId: string; readonly guest: GuestPass | null },
  identity: Identity | null,
  { request, onChange, onFailed, isGuest }: SealHandlers,
): CallSeal {
  let state: SealState = { phase: 'preparing', devices: [], code: null };
  let keys: CallKeys | null = null;
  let preparedFor: string | null = null;
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

  async function lookUp(
    callId: string,
    { members, authenticator }: CurrentKeys,
  ): Promise<Partial<SealState>> {
    const scope = new TextEncoder().encode(callId);
    const looked = await Promise.all(
      members.map(async (member): Promise<Looked> => {
        const seen = await verifyCredential(member.credential, member.leafKey, scope);
        const standing = seen === null || identity === null ? 'unknown' : await identity.judge(seen);
        return { member, seen, standing };
      }),
    );
    // What makes a guest one is only worth anything from somebody who is known.
    const confirmed = new Set(
      looked.flatMap(({ member, standing }) =>
        standing === 'seen' || standing === 'verified' ? [member.deviceId] : [],
      ),
    );
    const devices = looked.map(async ({ member: { userId, deviceId, leafKey }, seen, standing }) => {
      const asks = seen !== null && standing === 'unknown' && seen.linkProof !== null;
      const came = asks && (await isGuest(seen, leafKey, confirmed));
      return { userId, deviceId, standing: came ? 'guest' : standing } as const;
    });
    return { code: await callCodeOf(authenticator), devices: await Promise.all(devices) };
  }

  function look(callId: string, current: CurrentKeys): void {
    void lookUp(callId, current).then((looked) => {
      if (keys?.current === current) change(looked);
    });
  }

  function prepare(callId: string): void {
    preparedFor = callId;
    keys ??= createCallKeys({
      callId,
      device:
        identity === null
          ? { ...device, deviceKey: null, confirmation: null }
          : { ...identity.device, guest: device.guest },
      worker,
      // NEG3: nobody learns of this device before its person has answered.
      request: (said) => joined.then(() => request(said)),
      onKeys(current) {
        if (current === null) return change({ phase: 'preparing', devices: [], code: null });
        const devices = current.members.map(({ userId, deviceId }) => ({ userId, deviceId, standing: null }));
        // The code of the former members is nobody's any more; the new one takes a moment.
        change({ phase: 'sealed', devices, code: null });
        look(callId, current);
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
    sealData: (content) => worker.sealData(content),
    async openData(userId, deviceId, sealed) {
      const content = await worker.openData(deviceId, sealed);
      const member = keys?.current?.members.find((each) => each.deviceId === deviceId);
      // The server says whose it is; the keys say whose device that is.
      return member?.userId === userId ? content : null;
    },
    reconsider() {
      const current = keys?.current ?? null;
      if (preparedFor !== null && current !== null) look(preparedFor, current);
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      keys?.close();
      worker.close();
    },
  };
}

interface Looked {
  readonly member: KeyMember;
  readonly seen: IdentifiedDevice | null;
  readonly standing: DeviceStanding;
}

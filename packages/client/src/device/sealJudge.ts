import type { IdentifiedDevice } from '@visavis/encryption/identity';
import type { CurrentKeys, JudgedMember, KeyMember } from '@visavis/encryption/messages';
import { fromBase64, toBase64 } from '../base64.ts';
import type { Identity } from '../identity/index.ts';
import type { Timers } from '../timers.ts';
import { createPresence, findHold, type PresentDevice } from './judging.ts';
import type { DeviceStanding, HeldDevice, SealedDevice } from './seal.ts';
import { createStays, type Stay } from './staying.ts';
import type { SealHandlers } from './types.ts';

export interface Judgement {
  readonly devices: readonly SealedDevice[];
  readonly held: readonly HeldDevice[];
}

export interface SealJudgeOptions {
  readonly ownDeviceId: string;
  /** Null where this browser keeps nothing: then nobody is known. Nothing is judged before. */
  readonly identity: Promise<Pick<Identity, 'calls' | 'judge' | 'isVerified' | 'accept' | 'watch'> | null>;
  readonly callId: Promise<string>;
  /** Between two, the other device has to be the one that signed the connection. */
  readonly isDirect: boolean;
  readonly timers: Timers;
  /** GRP6: whether a device that nobody stands behind came by a link, as far as these devices can tell. */
  readonly isGuest: SealHandlers['isGuest'];
  readonly admit: (members: readonly JudgedMember[]) => void;
  readonly onJudged: (judgement: Judgement) => void;
}

/** Looks whose the members of a call's keys are, and says whom of them this device sends to and plays. */
export interface SealJudge {
  hear(current: CurrentKeys | null): void;
  /** Everybody who is in the call as the server tells it; this device need not be among them. */
  setPresent(devices: readonly PresentDevice[]): void;
  /** The device key, in base64, that signed the connection. */
  setConnectionKey(deviceKey: string): void;
  /** A description was signed by nobody, or by somebody else: nothing passes in this call any more. */
  refuseConnection(): void;
  /** The person goes on in spite of what was found. Does nothing where that cannot be. */
  allow(deviceId: string): void;
  /** What is known of guests has changed. */
  reconsider(): void;
  /** Of the other device in a call between two, in base64; null while it is not in the keys. */
  readonly peerKey: string | null;
  /** Whenever that may have changed; the returned function stops it. */
  onPeerKey(listener: () => void): () => void;
  close(): void;
}

/** What a member is found to be, until somebody compares or accepts a key. */
interface Look {
  readonly proven: IdentifiedDevice | null;
  readonly standing: DeviceStanding;
  readonly isOfVerified: boolean;
}

interface Looked extends Look {
  readonly member: KeyMember;
}

const nothing = (): void => {};

export function createSealJudge(options: SealJudgeOptions): SealJudge {
  const { ownDeviceId, identity, isDirect, timers, admit, onJudged } = options;
  const presence = createPresence();
  const stays = createStays();
  const allowed = new Set<string>();
  const listeners = new Set<() => void>();
  let looks = new Map<string, Promise<Look>>();
  let current: CurrentKeys | null = null;
  let present: readonly PresentDevice[] = [];
  let connectionKey: Uint8Array | null = null;
  let isRefused = false;
  let peerKey: string | null = null;
  let runs = 0;
  let isClosed = false;
  let cancelDeadline = nothing;
  let unwatch = nothing;

  void identity.then((known) => {
    if (known === null || isClosed) return;
    unwatch = known.watch(() => {
      looks = new Map();
      judge();
    });
  });

  async function look({ userId, credential, leafKey }: KeyMember): Promise<Look> {
    const [known, callId] = await Promise.all([identity, options.callId]);
    if (known === null) return NOBODY;
    const proven = await known.calls.verify(credential, leafKey, new TextEncoder().encode(callId));
    if (proven === null) return NOBODY;
    const [standing, isOfVerified] = await Promise.all([known.judge(proven), known.isVerified(userId)]);
    return { proven, standing, isOfVerified };
  }

  function lookAt(member: KeyMember): Promise<Look> {
    const name = nameOf(member);
    // What cannot be read is not admitted.
    const looked = looks.get(name) ?? look(member).catch(() => NOBODY);
    looks.set(name, looked);
    return looked;
  }

  /** What makes a guest one is only worth anything from somebody who is known. */
  function tellGuests(looked: readonly Looked[]): Promise<readonly Looked[]> {
    const known = looked.filter(({ standing }) => standing === 'seen' || standing === 'verified');
    const confirmed = new Set(known.map(({ member }) => member.deviceId));
    return Promise.all(
      looked.map(async (entry): Promise<Looked> => {
        const { proven, standing, member } = entry;
        if (proven === null || proven.linkProof === null || standing !== 'unknown') return entry;
        const isOne = await options.isGuest(proven, member.leafKey, confirmed).catch(() => false);
        return isOne ? { ...entry, standing: 'guest' } : entry;
      }),
    );
  }

  function judge(): void {
    runs += 1;
    void judgeNow(runs);
  }

  async function judgeNow(run: number): Promise<void> {
    const keys = current;
    if (keys === null) return tell([], []);
    const others = keys.members.filter(({ deviceId }) => deviceId !== ownDeviceId);
    const isKnown = (await identity) !== null;
    const looked = await tellGuests(
      await Promise.all(others.map(async (member) => ({ member, ...(await lookAt(member)) }))),
    );
    if (isClosed || run !== runs) return;
    const names = new Set(others.map(nameOf));
    for (const name of looks.keys()) if (!names.has(name)) looks.delete(name);
    const now = timers.now();
    const judged = looked.map((entry) => {
      const { member, proven, standing } = entry;
      const facts = {
        ...entry,
        // Without a memory nobody can be told from anybody; the worker has checked that it is who it says.
        proven: isKnown ? proven : ANYBODY,
        isAllowed: proven !== null && allowed.has(allowanceOf(proven)),
        presence: presence.of(member, now),
        connectionKey: isDirect && isKnown ? connectionKey : null,
      };
      return { member, proven, standing, why: isRefused ? ('connection' as const) : findHold(facts) };
    });
    admit(
      judged.map(({ member: { credential, leafKey }, why }) => ({
        credential,
        leafKey,
        admitted: why === null,
      })),
    );
    peerKey =
      judged
        .filter(({ member }) => presence.of(member, now) === 'in')
        .map(({ proven }) => (proven === null ? null : toBase64(proven.deviceKey)))[0] ?? null;
    const own = keys.members.filter(({ deviceId }) => deviceId === ownDeviceId);
    tell(
      [
        ...own.map(({ userId, deviceId }) => ({ userId, deviceId, standing: null, arrival: 0, returns: 0 })),
        ...judged.map(({ member, proven, standing }) => ({
          userId: member.userId,
          deviceId: member.deviceId,
          standing,
          ...(presence.of(member, now) === 'in'
            ? stays.see(member, isKnown ? (proven?.deviceKey ?? null) : null, member.leafKey)
            : NOT_THERE),
        })),
      ],
      judged.flatMap(({ member: { userId, deviceId }, why }) =>
        why === null ? [] : [{ userId, deviceId, why }],
      ),
    );
    for (const listener of listeners) listener();
    cancelDeadline();
    const deadline = presence.nextDeadline(now);
    if (deadline !== null) cancelDeadline = timers.after(deadline - now, judge);
  }

  function tell(devices: readonly SealedDevice[], held: readonly HeldDevice[]): void {
    const named = new Set(held.map(({ deviceId }) => deviceId));
    const refused = isRefused
      ? present
          .filter(({ deviceId }) => deviceId !== ownDeviceId && !named.has(deviceId))
          .map((device): HeldDevice => ({ ...device, why: 'connection' }))
      : [];
    onJudged({ devices, held: [...held, ...refused] });
  }

  return {
    hear(next) {
      current = next;
      if (next === null) peerKey = null;
      judge();
    },
    setPresent(devices) {
      if (sameDevices(devices, present)) return;
      present = devices;
      presence.set(devices, timers.now());
      stays.keep(devices);
      judge();
    },
    setConnectionKey(deviceKey) {
      connectionKey = fromBase64(deviceKey);
      judge();
    },
    refuseConnection() {
      isRefused = true;
      judge();
    },
    allow(deviceId) {
      const member = current?.members.find((other) => other.deviceId === deviceId);
      if (member === undefined) return;
      void (async () => {
        const { proven, standing } = await lookAt(member);
        if (proven === null) return;
        allowed.add(allowanceOf(proven));
        if (standing === 'changed' && proven.identityKey !== null)
          await (await identity)?.accept(proven.userId, proven.identityKey).catch(() => {});
        judge();
      })();
    },
    reconsider: judge,
    get peerKey() {
      return peerKey;
    },
    onPeerKey(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close() {
      isClosed = true;
      unwatch();
      cancelDeadline();
      listeners.clear();
    },
  };
}

const NOBODY: Look = { proven: null, standing: 'unknown', isOfVerified: false };
const ANYBODY: IdentifiedDevice = {
  userId: '',
  deviceId: '',
  confirmed: false,
  identityKey: null,
  deviceKey: new Uint8Array(),
  linkProof: null,
};

/** Of whoever has the keys and is not in the call: nothing was ever said to them. */
const NOT_THERE: Stay = { arrival: Number.MAX_SAFE_INTEGER, returns: 0 };

const sameDevices = (one: readonly PresentDevice[], other: readonly PresentDevice[]): boolean =>
  one.length === other.length &&
  one.every((device) =>
    other.some(({ userId, deviceId }) => userId === device.userId && deviceId === device.deviceId),
  );

const nameOf = ({ leafKey, credential }: KeyMember): string => `${toBase64(leafKey)} ${toBase64(credential)}`;

/** The person has decided about these two keys, and about no other. */
const allowanceOf = ({ identityKey, deviceKey }: IdentifiedDevice): string =>
  `${toBase64(deviceKey)} ${identityKey === null ? '' : toBase64(identityKey)}`;

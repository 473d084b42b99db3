import type { CallSnapshot, MediaState, ServerEvent } from '@visavis/protocol';
import { initialMediaState } from '../server/participants.ts';
import type {
  Calling,
  ClientCall,
  DeviceCalls,
  DeviceEffect,
  DeviceStep,
  Ended,
  Incoming,
  Joined,
  Waiting,
} from './types.ts';

export const NO_CALLS: DeviceCalls = {
  calls: [],
  closing: [],
  early: [],
  unplaced: [],
  refusedSignals: 0,
};

export const step = (state: DeviceCalls, ...effects: readonly DeviceEffect[]): DeviceStep => ({
  state,
  effects,
});

/** Runs steps one after the other and collects their effects. */
export function chain(
  state: DeviceCalls,
  ...steps: readonly ((state: DeviceCalls) => DeviceStep)[]
): DeviceStep {
  const effects: DeviceEffect[] = [];
  let current = state;
  for (const next of steps) {
    const result = next(current);
    current = result.state;
    effects.push(...result.effects);
  }
  return { state: current, effects };
}

export const findByKey = (state: DeviceCalls, key: string): ClientCall | undefined =>
  state.calls.find((call) => call.key === key);

/** The server's id of a call; null where there is none (yet), or where the call is over. */
export const callIdOf = (call: ClientCall): string | null => ('callId' in call ? call.callId : null);

export const findByCallId = (state: DeviceCalls, callId: string): ClientCall | undefined =>
  state.calls.find((call) => callIdOf(call) === callId);

/** Puts a call in the place of the one with the same key, or at the end. */
export function putCall(state: DeviceCalls, call: ClientCall): DeviceCalls {
  const known = state.calls.some(({ key }) => key === call.key);
  const calls = known
    ? state.calls.map((other) => (other.key === call.key ? call : other))
    : [...state.calls, call];
  return { ...state, calls };
}

export const dropCall = (state: DeviceCalls, key: string): DeviceCalls => ({
  ...state,
  calls: state.calls.filter((call) => call.key !== key),
});

/** What a call keeps through all of its phases. */
export const baseOf = ({ key, peer, callType, direction, mediaState, group }: ClientCall) => ({
  key,
  peer,
  callType,
  direction,
  mediaState,
  group,
});

/** The end of a call as its person sees it. */
export function toEnded(
  call: ClientCall,
  end: Pick<Ended, 'reason'> & Partial<Ended>,
  endedAt: number,
): Ended {
  const connectedAt = call.phase === 'joined' ? call.connectedAt : null;
  return {
    ...baseOf(call),
    phase: 'ended',
    code: null,
    by: null,
    durationMs: connectedAt === null ? null : Math.max(0, endedAt - connectedAt),
    ...end,
  };
}

const snapshotBase = (call: CallSnapshot, key: string) => ({
  key,
  peer: call.peer,
  callType: call.callType,
  direction: call.direction,
  mediaState: call.mediaState ?? initialMediaState(call.callType),
  group: call.group ?? null,
});

export const toIncoming = (call: CallSnapshot): Incoming => ({
  ...snapshotBase(call, call.callId),
  phase: 'incoming',
  callId: call.callId,
  silent: call.silent,
  ringDeadlineAt: call.ringDeadlineAt,
});

export const toCalling = (call: CallSnapshot, key: string, mediaState: MediaState): Calling => ({
  ...snapshotBase(call, key),
  mediaState,
  phase: 'calling',
  callId: call.callId,
  progress: call.progress,
  ringDeadlineAt: call.ringDeadlineAt,
});

export const toJoined = (call: CallSnapshot, key: string, mediaState: MediaState, now: number): Joined => ({
  ...snapshotBase(call, key),
  mediaState,
  phase: 'joined',
  callId: call.callId,
  connectedAt: call.connectedAt ?? now,
  remote: call.remote,
  flow: 'connecting',
  flowSinceAt: now,
  askedToForward: false,
  askedToUnmuteBy: null,
});

/**
 * GRP6: whoever came by a link called nobody and is called by nobody: neither rung nor in it, and shown nobody who is. (Rung for
 * a call of one's own that one has left, one sees who calls.)
 */
export const isWaitingRoom = (call: CallSnapshot): boolean =>
  call.group !== undefined &&
  !call.joined &&
  call.direction === 'outgoing' &&
  call.group.participants.length === 0;

export const toWaiting = (call: CallSnapshot, key: string, mediaState: MediaState): Waiting => ({
  ...snapshotBase(call, key),
  mediaState,
  phase: 'waiting',
  callId: call.callId,
});

/** Keeps an event for a call that this device cannot name yet; bounded, since only the newest calls matter. */
export const keepEarly = (state: DeviceCalls, event: ServerEvent): DeviceCalls => ({
  ...state,
  early: [...state.early, event].slice(-64),
});

/** Whether the server has still to name a call that this device dialed to that person (RING7: between two). */
export const isUnnamedDial = (state: DeviceCalls, peerId: string): boolean =>
  state.calls.some(
    (call) => call.phase === 'dialing' && call.group === null && call.peer.userId === peerId,
  ) || state.closing.some((closing) => closing.callId === null && closing.peerId === peerId);

/** Whether the server has still to name a group call that this device starts, or enters by a link. */
const isUnnamedGroup = (state: DeviceCalls): boolean =>
  state.calls.some(
    (call) =>
      (call.phase === 'dialing' && call.group !== null) || (call.phase === 'joining' && call.callId === null),
  ) || state.closing.some(({ callId, peerId }) => callId === null && peerId === null);

/** Whether a live call may be one that the server has still to name. */
export const mayBeUnnamed = (state: DeviceCalls, snapshot: CallSnapshot): boolean =>
  snapshot.group === undefined ? isUnnamedDial(state, snapshot.peer.userId) : isUnnamedGroup(state);

/** Whether the call takes camera and microphone on this device now. */
export const isActive = (call: ClientCall): boolean =>
  (call.phase === 'joined' && !call.mediaState.held) ||
  call.phase === 'dialing' ||
  call.phase === 'calling' ||
  call.phase === 'answering' ||
  call.phase === 'joining' ||
  call.phase === 'waiting';

/** Whether the server knows what this device sends: the person may have changed it before the call had a name. */
export const isKnown = ({ mediaState: known }: CallSnapshot, sent: MediaState): boolean =>
  known !== null &&
  known.muted === sent.muted &&
  known.camera === sent.camera &&
  known.screen === sent.screen &&
  known.hand === sent.hand &&
  known.held === sent.held;

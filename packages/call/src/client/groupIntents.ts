import type { CallType, GroupView, UserSummary } from '@visavis/protocol';
import { initialMediaState } from '../server/participants.ts';
import { chain, findByCallId, findByKey, putCall, step } from './changes.ts';
import { answer, makeRoom, setMedia } from './intents.ts';
import type { ClientCall, DeviceCalls, DeviceInput, DeviceRequest, DeviceStep } from './types.ts';

type InputOf<Type extends DeviceInput['type']> = Extract<DeviceInput, { type: Type }>;

/** What is known of a group call before the server has told. */
const unnamedGroup = (people: readonly UserSummary[], savedGroupId: string | null): GroupView => ({
  title: null,
  savedGroupId,
  grewFrom: null,
  hostId: '',
  locked: false,
  people: people.map((user) => ({ user, guest: false, status: 'ringing' })),
  participants: [],
});

/** GRP1: the key makes one call of however many tries. Whatever goes on here is put on hold. */
export function startGroup(state: DeviceCalls, input: InputOf<'start_group'>, now: number): DeviceStep {
  const { key, people, callType, savedGroupId } = input;
  const [peer] = people;
  if (peer === undefined || findByKey(state, key) !== undefined) return step(state);
  const userIds = people.map(({ userId }) => userId);
  const call: ClientCall = {
    ...newCall(key, peer, callType),
    group: unnamedGroup(people, savedGroupId),
    phase: 'dialing',
  };
  return enter(
    state,
    call,
    { type: 'start_group', payload: { idempotencyKey: key, userIds, callType, savedGroupId } },
    now,
  );
}

/** GRP3. A call that rings here is answered; one that goes on here already stays as it is. */
export function joinGroup(state: DeviceCalls, input: InputOf<'join_group'>, now: number): DeviceStep {
  const { key, callId, callType, peer } = input;
  const known = findByCallId(state, callId);
  if (known?.phase === 'incoming')
    return answer(state, { key: known.key, media: callType, others: 'hold' }, now);
  if (known !== undefined || findByKey(state, key) !== undefined) return step(state);
  const call: ClientCall = {
    ...newCall(key, peer, callType),
    group: unnamedGroup([], null),
    phase: 'joining',
    callId,
    isMove: false,
  };
  // Left a moment ago, and wanted again: what would end it for good is not wanted any more.
  const current = { ...state, closing: state.closing.filter((entry) => entry.callId !== callId) };
  return enter(current, call, { type: 'join_call', callId, payload: { media: callType } }, now);
}

/** CALL4. Where this device is in the call already, it alone stays. */
export function moveHere(state: DeviceCalls, input: InputOf<'move_here'>, now: number): DeviceStep {
  const { key, callId, callType, peer, mediaState, token } = input;
  const request: DeviceRequest = { type: 'move_call', callId, payload: { fromDeviceId: null, token } };
  const known = findByCallId(state, callId);
  if (known?.phase === 'joined' && known.group !== null)
    return step(state, { type: 'request', key: known.key, request });
  if ((known !== undefined && known.phase !== 'incoming') || findByKey(state, key) !== undefined)
    return step(state);
  const call: ClientCall = {
    ...newCall(key, peer, callType),
    ...(mediaState === null ? {} : { mediaState: { ...mediaState, screen: false, held: false } }),
    group: unnamedGroup([], null),
    phase: 'joining',
    callId,
    isMove: true,
  };
  const current = { ...state, closing: state.closing.filter((entry) => entry.callId !== callId) };
  return enter(current, call, request, now);
}

/** GRP6: into the call of a link, or into its waiting room. */
export function joinLink(state: DeviceCalls, input: InputOf<'join_link'>, now: number): DeviceStep {
  const { key, token, callType, peer, muted, sealedName } = input;
  if (findByKey(state, key) !== undefined) return step(state);
  const call: ClientCall = {
    ...newCall(key, peer, callType),
    mediaState: { ...initialMediaState(callType), muted },
    group: unnamedGroup([], null),
    phase: 'joining',
    callId: null,
    isMove: false,
  };
  const name = sealedName === null ? {} : { name: sealedName };
  return enter(state, call, { type: 'join_by_link', payload: { token, media: callType, ...name } }, now);
}

const newCall = (key: string, peer: UserSummary, callType: CallType) =>
  ({ key, peer, callType, direction: 'outgoing', mediaState: initialMediaState(callType) }) as const;

const enter = (state: DeviceCalls, call: ClientCall, request: DeviceRequest, now: number): DeviceStep =>
  chain(
    state,
    (current) => makeRoom(current, call.key, 'hold', now),
    (current) =>
      step(
        putCall(current, call),
        { type: 'media_prepare', key: call.key, polite: false },
        { type: 'request', key: call.key, request },
      ),
  );

/** CALL3: of a call that this device takes part in. */
export function addPeople(state: DeviceCalls, key: string, userIds: readonly string[]): DeviceStep {
  const call = findByKey(state, key);
  const takesPart = call?.phase === 'joined' || (call?.phase === 'calling' && call.group !== null);
  if (!takesPart) return step(state);
  return step(state, {
    type: 'request',
    key,
    request: { type: 'add_people', callId: call.callId, payload: { userIds: [...userIds] } },
  });
}

/** GRP5: only this device's person unmutes it. */
export function answerUnmute(state: DeviceCalls, key: string, unmute: boolean): DeviceStep {
  const call = findByKey(state, key);
  if (call?.phase !== 'joined' || call.askedToUnmuteBy === null) return step(state);
  if (unmute) return setMedia(state, key, { muted: false });
  return step(putCall(state, { ...call, askedToUnmuteBy: null }));
}

import type {
  CallSnapshot,
  GroupView,
  JoinedParticipant,
  MediaState,
  ServerEvent,
  Signal,
  UserSummary,
} from '@visavis/protocol';
import {
  NO_CALLS,
  stepDevice,
  type ClientCall,
  type DeviceCalls,
  type DeviceEffect,
  type DeviceInput,
} from '../src/index.ts';

export const NOW = 1_750_000_000_000;
export const RINGS_UNTIL = NOW + 45_000;
export const GRACE_MS = 5_000;
export const BEN: UserSummary = { userId: 'ben', handle: 'ben', name: 'Ben', avatarUrl: null };
export const CLEO: UserSummary = { userId: 'cleo', handle: 'cleo', name: 'Cleo', avatarUrl: null };
export const SENDS: MediaState = { muted: false, camera: true, screen: false, hand: false, held: false };
export const REMOTE: JoinedParticipant = {
  userId: 'ben',
  deviceId: 'phone',
  deviceName: "Ben's phone",
  mediaState: SENDS,
};
export const OFFER: Signal = { type: 'offer', payload: { connectionId: 'one', sdp: 'v=0' } };

export const snapshot = (change: Partial<CallSnapshot> = {}): CallSnapshot => ({
  callId: 'call',
  callType: 'video',
  state: 'ringing',
  direction: 'outgoing',
  peer: BEN,
  createdAt: NOW,
  ringDeadlineAt: RINGS_UNTIL,
  connectedAt: null,
  progress: [],
  silent: false,
  joined: true,
  mediaState: SENDS,
  remote: null,
  ...change,
});
export const INCOMING = snapshot({ direction: 'incoming', joined: false, mediaState: null });
export const ANSWERED = snapshot({
  direction: 'incoming',
  state: 'connected',
  connectedAt: NOW,
  remote: REMOTE,
});
export const CONNECTED = snapshot({ state: 'connected', connectedAt: NOW, remote: REMOTE });

type EventBody = ServerEvent extends infer Event
  ? Event extends ServerEvent
    ? Omit<Event, 'seq' | 'callId'>
    : never
  : never;
export const event = (body: EventBody, callId = 'call'): DeviceInput => ({
  type: 'event',
  event: { ...body, seq: 1, callId },
});
export const RING = event({ type: 'ring', payload: { call: INCOMING } });
export const ended = (
  reason: 'hangup' | 'answered_elsewhere' | 'cancelled' | 'busy' | 'declined',
): DeviceInput =>
  event({ type: 'call_ended', payload: { reason, endedAt: NOW + 9_000, connectedAt: null, by: null } });
export const CALL_ANSWERED = event({ type: 'call_answered', payload: { connectedAt: NOW, remote: REMOTE } });
export const SIGNAL = event({ type: 'offer', payload: OFFER.payload });
export const DIAL: DeviceInput = { type: 'dial', key: 'key', peer: BEN, callType: 'video' };
export const dialed = (call: CallSnapshot | null, signals: readonly Signal[] = []): DeviceInput => ({
  type: 'dialed',
  key: 'key',
  callId: 'call',
  call,
  signals,
});
export const ANSWER: DeviceInput = { type: 'answer', key: 'call', media: 'video', others: 'hold' };
export const ACCEPTED: DeviceInput = {
  type: 'answer_accepted',
  key: 'call',
  call: ANSWERED,
  signals: [OFFER],
};
export const fresh = (...calls: readonly CallSnapshot[]): DeviceInput => ({
  type: 'registered',
  resumed: false,
  calls,
});
export const hangUp = (key: string): DeviceInput => ({ type: 'hang_up', key });

/** Runs inputs one after the other, and what the last one caused. */
export function run(...inputs: readonly DeviceInput[]): {
  readonly state: DeviceCalls;
  readonly effects: readonly DeviceEffect[];
} {
  let step: ReturnType<typeof stepDevice> = { state: NO_CALLS, effects: [] };
  for (const input of inputs) step = stepDevice(step.state, input, NOW);
  return step;
}
export const phases = (state: DeviceCalls): readonly string[] => state.calls.map(({ phase }) => phase);
export const names = (effects: readonly DeviceEffect[]): readonly string[] =>
  effects.map((effect) => (effect.type === 'request' ? effect.request.type : effect.type));

export const DORA: UserSummary = { userId: 'dora', handle: 'dora', name: 'Dora', avatarUrl: null };
const ME: UserSummary = { userId: 'me', handle: 'me', name: 'Me', avatarUrl: null };
/** A group call of me, who started it, Ben and Cleo. */
export const GROUP: GroupView = {
  title: null,
  savedGroupId: null,
  grewFrom: null,
  hostId: 'me',
  locked: false,
  people: [
    { user: ME, guest: false, status: 'joined' },
    { user: BEN, guest: false, status: 'ringing' },
    { user: CLEO, guest: false, status: 'ringing' },
  ],
  participants: [],
};
export const groupSnapshot = (change: Partial<CallSnapshot> = {}): CallSnapshot =>
  snapshot({ callId: 'group', group: GROUP, ...change });
/** Ben has joined. */
export const GOING = groupSnapshot({
  state: 'connected',
  connectedAt: NOW,
  group: { ...GROUP, participants: [REMOTE] },
});
export const START: DeviceInput = {
  type: 'start_group',
  key: 'key',
  people: [BEN, CLEO],
  callType: 'video',
  savedGroupId: null,
};
export const entered = (call: CallSnapshot | null, key = 'key'): DeviceInput => ({
  type: 'entered',
  key,
  callId: 'group',
  call,
});
export const JOIN: DeviceInput = {
  type: 'join_group',
  key: 'key',
  callId: 'group',
  callType: 'video',
  peer: BEN,
};
export const JOIN_LINK: Extract<DeviceInput, { type: 'join_link' }> = {
  type: 'join_link',
  key: 'key',
  token: 'token',
  callType: 'audio',
  peer: BEN,
  muted: false,
  sealedName: null,
};
export const WAITS = groupSnapshot({ state: 'connected', connectedAt: NOW, joined: false, mediaState: null });
export const groupEvent = (body: EventBody): DeviceInput => event(body, 'group');

/** A device in every phase that a call can have, by the way that leads there. */
export const ROADS = {
  dialing: [DIAL],
  calling: [DIAL, dialed(snapshot())],
  incoming: [RING],
  answering: [RING, ANSWER],
  joining: [JOIN],
  waiting: [JOIN_LINK, entered(WAITS)],
  joined: [RING, ANSWER, ACCEPTED],
  ended: [RING, ended('cancelled')],
} satisfies Record<ClientCall['phase'], readonly DeviceInput[]>;

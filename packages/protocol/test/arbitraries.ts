import * as fc from 'fast-check';
import {
  EndReason,
  ErrorCode,
  LIMITS,
  MediaFlow,
  Presence,
  Reach,
  type CallSnapshot,
  type ClientMessage,
  type ServerMessage,
} from '../src/index.ts';
import { group, GROUP_CLIENT_MESSAGES, groupServerMessages, mediaAnswers } from './groupArbitraries.ts';
import { CHROMIUM_OFFER, FIREFOX_OFFER } from './sdpFixtures.ts';

const id = fc.uuid({ version: 4 });
const key = fc.stringMatching(/^[\w-]{1,64}$/);
const time = fc.nat({ max: 4_000_000_000_000 });
const seq = fc.nat();
const callType = fc.constantFrom('video' as const, 'audio' as const);
const empty = fc.constant({});
const kind = fc.constantFrom('desktop' as const, 'phone' as const, 'tablet' as const, 'browser' as const);
const flow = fc.constantFrom(...MediaFlow.options);

const mediaState = fc.record(
  {
    muted: fc.boolean(),
    camera: fc.boolean(),
    screen: fc.boolean(),
    hand: fc.boolean(),
    held: fc.boolean(),
    paused: fc.boolean(),
    lowData: fc.boolean(),
    checking: fc.boolean(),
  },
  { requiredKeys: ['muted', 'camera', 'screen', 'hand', 'held'] },
);
const base64Of = (length: number) =>
  fc
    .uint8Array({ minLength: length, maxLength: length })
    .map((bytes) => Buffer.from(bytes).toString('base64'));
const description = fc.record(
  {
    connectionId: id,
    sdp: fc.constantFrom(CHROMIUM_OFFER, FIREFOX_OFFER),
    proof: fc.record({ deviceKey: base64Of(32), signature: base64Of(64) }),
  },
  { requiredKeys: ['connectionId', 'sdp'] },
);
const candidate = fc.record({
  connectionId: id,
  candidate: fc.constantFrom('', 'candidate:1 1 udp 2113937151 6c1a.local 54321 typ host generation 0'),
  sdpMid: fc.option(fc.string({ maxLength: 32 })),
  sdpMLineIndex: fc.option(fc.nat({ max: 255 })),
  usernameFragment: fc.option(fc.string({ maxLength: 256 })),
});

const resume: fc.Arbitrary<{ sessionId: string; lastSeq: number } | null> = fc.option(
  fc.record({ sessionId: id, lastSeq: seq }),
);

const request = <Type extends string, Payload>(type: Type, payload: fc.Arbitrary<Payload>) =>
  fc.record({ type: fc.constant(type), id: key, payload });
const callRequest = <Type extends string, Payload>(type: Type, payload: fc.Arbitrary<Payload>) =>
  fc.record({ type: fc.constant(type), id: key, callId: id, payload });

const keyBytes = fc
  .uint8Array({ minLength: 1, maxLength: 64 })
  .map((bytes) => Buffer.from(bytes).toString('base64'));

const approvalStep = fc.oneof(
  fc.record({ kind: fc.constant('ask' as const), bytes: keyBytes }),
  fc.record({ kind: fc.constant('message' as const), bytes: keyBytes }),
  fc.record({
    kind: fc.constant('end' as const),
    reason: fc.constantFrom('done' as const, 'refused' as const, 'wrong_code' as const),
  }),
);

const welcome: fc.Arbitrary<string | null> = fc.option(keyBytes);

/** Valid messages of a client, one arbitrary for each type. */
export const CLIENT_MESSAGES = {
  register: request(
    'register',
    fc.record({
      protocol: fc.integer(),
      deviceId: id,
      resume,
    }),
  ),
  initiate_call: request('initiate_call', fc.record({ idempotencyKey: key, calleeId: id, callType })),
  report_ringing: callRequest('report_ringing', fc.record({ silent: fc.boolean() })),
  answer_call: callRequest('answer_call', fc.record({ media: callType })),
  decline_call: callRequest('decline_call', empty),
  cancel_call: callRequest('cancel_call', empty),
  end_call: callRequest(
    'end_call',
    fc.record({ reason: fc.constantFrom('hangup' as const, 'media_failed' as const) }),
  ),
  update_media: callRequest('update_media', mediaState),
  report_media: callRequest('report_media', fc.record({ flow })),
  offer: callRequest('offer', description),
  answer: callRequest('answer', description),
  ice_candidate: callRequest('ice_candidate', candidate),
  ...GROUP_CLIENT_MESSAGES,
  join_keys: callRequest('join_keys', fc.record({ keyPackage: keyBytes })),
  commit_keys: callRequest(
    'commit_keys',
    fc.record({
      generation: fc.nat(),
      epoch: fc.nat(),
      commit: keyBytes,
      welcome,
    }),
  ),
  refresh_keys: callRequest('refresh_keys', fc.record({ generation: fc.nat(), epoch: fc.nat() })),
  send_approval: request('send_approval', fc.record({ toDeviceId: id, attempt: id, step: approvalStep })),
  ack: fc.record({ type: fc.constant('ack' as const), payload: fc.record({ seq }) }),
  ping: fc.record({ type: fc.constant('ping' as const), payload: empty }),
} satisfies { [Type in ClientMessage['type']]: fc.Arbitrary<ClientMessage> };

const user = fc.record({
  userId: id,
  handle: fc.string(),
  name: fc.string(),
  avatarUrl: fc.option(fc.string()),
});
const joined = fc.record({ userId: id, deviceId: id, deviceName: fc.string(), mediaState });
const progress = fc.array(fc.record({ name: fc.string(), kind, reach: fc.constantFrom(...Reach.options) }), {
  maxLength: 4,
});
const snapshot: fc.Arbitrary<CallSnapshot> = fc.record(
  {
    callId: id,
    callType,
    state: fc.constantFrom('ringing' as const, 'connected' as const),
    direction: fc.constantFrom('outgoing' as const, 'incoming' as const),
    peer: user,
    createdAt: time,
    ringDeadlineAt: time,
    connectedAt: fc.option(time),
    progress,
    silent: fc.boolean(),
    joined: fc.boolean(),
    mediaState: fc.option(mediaState),
    remote: fc.option(joined),
    group: group(user, joined),
  },
  {
    // Only a group call has a `group`.
    requiredKeys: [
      'callId',
      'callType',
      'state',
      'direction',
      'peer',
      'createdAt',
      'ringDeadlineAt',
      'connectedAt',
      'progress',
      'silent',
      'joined',
      'mediaState',
      'remote',
    ],
  },
);
const signal = fc.oneof(
  fc.record({ type: fc.constantFrom('offer' as const, 'answer' as const), payload: description }),
  fc.record({ type: fc.constant('ice_candidate' as const), payload: candidate }),
);
const event = <Type extends string, Payload>(type: Type, payload: fc.Arbitrary<Payload>) =>
  fc.record({ type: fc.constant(type), seq: fc.integer({ min: 1 }), callId: id, payload });
const notice = <Type extends string, Payload>(type: Type, payload: fc.Arbitrary<Payload>) =>
  fc.record({ type: fc.constant(type), payload });
const answerTo = <Type extends string, Payload>(type: Type, payload: fc.Arbitrary<Payload>) =>
  fc.record({ type: fc.constant(type), id: key, payload });

/** Valid messages of a server, one arbitrary for each type. */
export const SERVER_MESSAGES = {
  registered: answerTo(
    'registered',
    fc.record({
      sessionId: id,
      resumed: fc.boolean(),
      serverTime: time,
      calls: fc.array(snapshot, { maxLength: 2 }),
    }),
  ),
  ok: answerTo(
    'ok',
    fc.record(
      { call: snapshot, callId: id, signals: fc.array(signal, { maxLength: 2 }), ...mediaAnswers },
      { requiredKeys: [] },
    ),
  ),
  error: answerTo(
    'error',
    fc.record(
      { code: fc.constantFrom(...ErrorCode.options), message: fc.string(), retryAfterMs: fc.nat() },
      { requiredKeys: ['code', 'message'] },
    ),
  ),
  ring: event('ring', fc.record({ call: snapshot })),
  call_progress: event('call_progress', fc.record({ progress, ringDeadlineAt: time })),
  call_answered: event('call_answered', fc.record({ connectedAt: time, remote: joined })),
  call_ended: event(
    'call_ended',
    fc.record({
      reason: fc.constantFrom(...EndReason.options),
      endedAt: time,
      connectedAt: fc.option(time),
      by: fc.option(fc.string()),
    }),
  ),
  ...groupServerMessages(snapshot),
  media_changed: event('media_changed', fc.record({ deviceId: id, mediaState })),
  offer: event('offer', description),
  answer: event('answer', description),
  ice_candidate: event('ice_candidate', candidate),
  keys_proposed: event(
    'keys_proposed',
    fc.record({
      generation: fc.nat(),
      epoch: fc.nat(),
      from: fc.nat(),
      proposals: fc.array(keyBytes, { minLength: 1, maxLength: 4 }),
    }),
  ),
  keys_committed: event(
    'keys_committed',
    fc.record({ generation: fc.nat(), epoch: fc.nat(), by: id, commit: keyBytes }),
  ),
  keys_welcome: event(
    'keys_welcome',
    fc.record({ generation: fc.nat(), epoch: fc.nat(), welcome: keyBytes }),
  ),
  keys_reset: event('keys_reset', fc.record({ generation: fc.nat() })),
  presence: notice('presence', fc.record({ userId: id, presence: fc.constantFrom(...Presence.options) })),
  history_changed: notice('history_changed', fc.record({ missedUnseen: fc.nat() })),
  approval: notice('approval', fc.record({ fromDeviceId: id, attempt: id, step: approvalStep })),
  profile_changed: notice('profile_changed', fc.oneof(empty, fc.record({ identityOf: id }))),
  own_calls_changed: notice('own_calls_changed', empty),
  move_offered: notice(
    'move_offered',
    fc.record({
      token: id,
      expiresAt: time,
      from: user,
      call: fc.record({
        callId: id,
        callType,
        peer: user,
        title: fc.option(fc.string()),
        people: fc.array(user, { maxLength: 3 }),
        connectedAt: fc.option(time),
        devices: fc.array(
          fc.record({
            deviceId: id,
            name: fc.string({ minLength: 1, maxLength: LIMITS.deviceNameLength }),
            kind,
            mediaState,
          }),
          { maxLength: 2 },
        ),
      }),
    }),
  ),
  move_over: notice(
    'move_over',
    fc.record({
      token: id,
      outcome: fc.constantFrom('accepted' as const, 'declined' as const, 'withdrawn' as const),
    }),
  ),
  pong: notice('pong', empty),
} satisfies { [Type in ServerMessage['type']]: fc.Arbitrary<unknown> };

/** Longer than any name, key or id may be. */
export const LONG = 'x'.repeat(LIMITS.sdpLength + 1);

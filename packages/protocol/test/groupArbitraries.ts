import * as fc from 'fast-check';
import {
  GroupStatus,
  MediaSource,
  type CallSnapshot,
  type ClientMessage,
  type GroupView,
} from '../src/index.ts';

const id = fc.uuid({ version: 4 });
const key = fc.stringMatching(/^[\w-]{1,64}$/);
const callType = fc.constantFrom('video' as const, 'audio' as const);
const mediaId = fc.stringMatching(/^[\w-]{8,64}$/);
const kind = fc.constantFrom('audio' as const, 'video' as const);
const source = fc.constantFrom(...MediaSource.options);
const sealed = fc
  .uint8Array({ minLength: 1, maxLength: 60 })
  .map((bytes) => Buffer.from(bytes).toString('base64'));
const text = fc.stringMatching(/^[a-z]{1,40}$/);
const maybeId: fc.Arbitrary<string | null> = fc.option(id);
const layer: fc.Arbitrary<number | null> = fc.option(fc.nat({ max: 3 }));
const ids = fc.array(id, { maxLength: 3 });
const trackIds = fc.array(mediaId, { maxLength: 3 });

const codec = { mimeType: fc.constant('video/VP8'), clockRate: fc.constant(90_000) };
const fmtp = fc.dictionary(fc.stringMatching(/^[a-z]{1,10}$/), fc.oneof(fc.nat(), text), { maxKeys: 3 });
const feedback = fc.array(fc.record({ type: fc.constant('nack'), parameter: fc.constant('pli') }), {
  maxLength: 2,
});
const capabilities = fc.record({
  codecs: fc.array(
    fc.record({
      ...codec,
      kind,
      preferredPayloadType: fc.nat({ max: 127 }),
      parameters: fmtp,
      rtcpFeedback: feedback,
    }),
    { maxLength: 2 },
  ),
  headerExtensions: fc.array(fc.record({ kind, uri: text, preferredId: fc.integer({ min: 1, max: 255 }) }), {
    maxLength: 2,
  }),
});
const parameters = fc.record({
  mid: fc.constant('0'),
  codecs: fc.array(
    fc.record({ ...codec, payloadType: fc.nat({ max: 127 }), parameters: fmtp, rtcpFeedback: feedback }),
    { minLength: 1, maxLength: 2 },
  ),
  headerExtensions: fc.array(fc.record({ uri: text, id: fc.integer({ min: 1, max: 255 }) }), {
    maxLength: 2,
  }),
  encodings: fc.array(fc.record({ ssrc: fc.nat(), scalabilityMode: fc.constant('L1T3') }), { maxLength: 3 }),
  rtcp: fc.record({ cname: text, reducedSize: fc.boolean() }),
});
const dtls = fc.record({
  role: fc.constantFrom('auto' as const, 'client' as const, 'server' as const),
  fingerprints: fc.array(
    fc.record({ algorithm: fc.constant('sha-256' as const), value: fc.constant('AB:CD:EF') }),
    { minLength: 1, maxLength: 2 },
  ),
});
const ice = fc.record({ usernameFragment: text, password: text, iceLite: fc.boolean() });
const candidate = fc.record({
  foundation: text,
  priority: fc.nat(),
  address: fc.ipV4(),
  ip: fc.ipV4(),
  protocol: fc.constantFrom('udp' as const, 'tcp' as const),
  port: fc.nat({ max: 65_535 }),
  type: fc.constant('host' as const),
});
const transport = fc.record({
  transportId: mediaId,
  iceParameters: ice,
  iceCandidates: fc.array(candidate, { maxLength: 2 }),
  dtlsParameters: dtls,
});
const track = fc.record({ trackId: mediaId, deviceId: id, source, kind, paused: fc.boolean() });
const tracks = fc.array(track, { maxLength: 2 });

const request = <Type extends string, Payload>(type: Type, payload: fc.Arbitrary<Payload>) =>
  fc.record({ type: fc.constant(type), id: key, payload });
const callRequest = <Type extends string, Payload>(type: Type, payload: fc.Arbitrary<Payload>) =>
  fc.record({ type: fc.constant(type), id: key, callId: id, payload });

/** Valid messages of a client about group calls, one arbitrary for each type. */
export const GROUP_CLIENT_MESSAGES = {
  start_group: request(
    'start_group',
    fc.record({
      idempotencyKey: key,
      userIds: fc.array(id, { minLength: 1, maxLength: 3 }),
      callType,
      savedGroupId: maybeId,
    }),
  ),
  add_people: callRequest('add_people', fc.record({ userIds: ids })),
  move_call: callRequest('move_call', fc.record({ fromDeviceId: maybeId, token: maybeId })),
  confirm_move: callRequest('confirm_move', fc.record({ toDeviceId: id })),
  offer_move: callRequest('offer_move', fc.record({ userId: id, deviceId: maybeId })),
  drop_move: request('drop_move', fc.record({ token: id })),
  join_call: callRequest('join_call', fc.record({ media: callType })),
  join_by_link: request(
    'join_by_link',
    fc.record(
      { token: fc.stringMatching(/^[\w-]{43}$/), media: callType, name: sealed },
      { requiredKeys: ['token', 'media'] },
    ),
  ),
  remove_person: callRequest('remove_person', fc.record({ userId: id })),
  admit_person: callRequest('admit_person', fc.record({ userId: id, admit: fc.boolean() })),
  lock_call: callRequest('lock_call', fc.record({ locked: fc.boolean() })),
  ask_media: callRequest(
    'ask_media',
    fc.record({ userId: maybeId, ask: fc.constantFrom('mute' as const, 'unmute' as const) }),
  ),
  send_data: callRequest('send_data', fc.record({ sealed })),
  open_media: callRequest('open_media', fc.record({ rtpCapabilities: capabilities })),
  connect_media: callRequest('connect_media', fc.record({ transportId: mediaId, dtlsParameters: dtls })),
  restart_media: callRequest('restart_media', fc.record({ transportId: mediaId })),
  publish_track: callRequest(
    'publish_track',
    fc.record({ transportId: mediaId, source, kind, rtpParameters: parameters, paused: fc.boolean() }),
  ),
  unpublish_track: callRequest('unpublish_track', fc.record({ trackId: mediaId })),
  pause_track: callRequest('pause_track', fc.record({ trackId: mediaId, paused: fc.boolean() })),
  list_tracks: callRequest('list_tracks', fc.constant({})),
  receive_tracks: callRequest('receive_tracks', fc.record({ trackIds })),
  prefer_tracks: callRequest(
    'prefer_tracks',
    fc.record({
      wishes: fc.array(
        fc.record({
          trackId: mediaId,
          paused: fc.boolean(),
          spatialLayer: layer,
          temporalLayer: layer,
          priority: fc.integer({ min: 1, max: 255 }),
        }),
        { maxLength: 2 },
      ),
    }),
  ),
} satisfies Partial<{ [Type in ClientMessage['type']]: fc.Arbitrary<ClientMessage> }>;

/** What the server's messages about group calls are made of. */
export const group = (
  user: fc.Arbitrary<CallSnapshot['peer']>,
  joined: fc.Arbitrary<NonNullable<CallSnapshot['remote']>>,
): fc.Arbitrary<GroupView> =>
  fc.record(
    {
      title: fc.option(text),
      savedGroupId: fc.option(id),
      grewFrom: fc.option(id),
      hostId: id,
      locked: fc.boolean(),
      people: fc.array(
        fc.record(
          { user, guest: fc.boolean(), status: fc.constantFrom(...GroupStatus.options), sealedName: sealed },
          { requiredKeys: ['user', 'guest', 'status'] },
        ),
        { maxLength: 3 },
      ),
      participants: fc.array(joined, { maxLength: 2 }),
      moves: fc.array(fc.record({ fromDeviceId: id, toDeviceId: id }), { maxLength: 2 }),
    },
    {
      requiredKeys: ['title', 'savedGroupId', 'grewFrom', 'hostId', 'locked', 'people', 'participants'],
    },
  );

/** With the answers to media requests. */
export const mediaAnswers = {
  offer: fc.record({ token: id, expiresAt: fc.nat({ max: 4_000_000_000_000 }) }),
  media: fc.record({ routerRtpCapabilities: capabilities, send: transport, receive: transport, tracks }),
  trackId: mediaId,
  received: fc.array(
    fc.record({
      trackId: mediaId,
      consumerId: mediaId,
      kind,
      rtpParameters: parameters,
      paused: fc.boolean(),
    }),
    { maxLength: 2 },
  ),
  tracks,
  iceParameters: ice,
};

const event = <Type extends string, Payload>(type: Type, payload: fc.Arbitrary<Payload>) =>
  fc.record({ type: fc.constant(type), seq: fc.integer({ min: 1 }), callId: id, payload });
const notice = <Type extends string, Payload>(type: Type, payload: fc.Arbitrary<Payload>) =>
  fc.record({ type: fc.constant(type), callId: id, payload });

/** Valid messages of a server about group calls. */
export const groupServerMessages = (snapshot: fc.Arbitrary<CallSnapshot>) => ({
  group_changed: event('group_changed', fc.record({ call: snapshot })),
  call_grew: event('call_grew', fc.record({ call: snapshot })),
  call_data: event('call_data', fc.record({ messageId: id, userId: id, deviceId: id, at: fc.nat(), sealed })),
  media_asked: event(
    'media_asked',
    fc.record({ ask: fc.constantFrom('mute' as const, 'unmute' as const), by: id }),
  ),
  media_tracks: notice('media_tracks', fc.record({ tracks })),
  media_speaker: notice('media_speaker', fc.record({ deviceId: fc.option(id) })),
  media_layers: notice('media_layers', fc.record({ trackId: mediaId, spatialLayer: layer })),
  media_demand: notice('media_demand', fc.record({ trackId: mediaId, maxSpatialLayer: layer })),
  media_lost: notice('media_lost', fc.constant({})),
  media_moving: notice('media_moving', fc.constant({})),
  group_calls: fc.record({
    type: fc.constant('group_calls' as const),
    payload: fc.oneof(
      fc.record({ state: fc.constant('ready' as const) }),
      fc.record({
        state: fc.constant('preparing' as const),
        done: fc.option(fc.nat()),
        total: fc.option(fc.nat()),
      }),
      fc.record({ state: fc.constant('unavailable' as const), reason: text }),
    ),
  }),
  groups_changed: fc.record({ type: fc.constant('groups_changed' as const), payload: fc.constant({}) }),
});

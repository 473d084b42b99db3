import { candidate, offer } from './signals.ts';

const media = { muted: true, camera: false, screen: false, hand: false, held: false };
const someone = '7b0c6f6e-5a1f-4c39-9d7b-3f4f7f0d9a22';
const rtpParameters = { codecs: [{ mimeType: 'audio/opus', payloadType: 100, clockRate: 48_000 }] };
const fingerprints = [{ algorithm: 'sha-256', value: 'AB:CD' }];

/** A valid payload for everything that only the SFU answers. */
export const MEDIA_PAYLOADS = {
  open_media: { rtpCapabilities: { codecs: [], headerExtensions: [] } },
  connect_media: { transportId: 'transport', dtlsParameters: { fingerprints } },
  restart_media: { transportId: 'transport' },
  publish_track: {
    transportId: 'transport',
    source: 'microphone',
    kind: 'audio',
    rtpParameters,
    paused: false,
  },
  unpublish_track: { trackId: 'track-one' },
  pause_track: { trackId: 'track-one', paused: true },
  list_tracks: {},
  receive_tracks: { trackIds: ['track-one'] },
  prefer_tracks: { wishes: [] },
} as const;

/** For what is said of keys: nothing that is any good, but of the right form. */
export const KEY_PAYLOADS = {
  join_keys: { keyPackage: 'AAAA' },
  commit_keys: { generation: 0, epoch: 0, commit: 'AAAA', welcome: null },
  refresh_keys: { generation: 0, epoch: 0 },
} as const;

/** And for everything else that can be said about a group call. */
export const GROUP_PAYLOADS = {
  report_ringing: { silent: false },
  answer_call: { media: 'video' },
  decline_call: {},
  cancel_call: {},
  end_call: { reason: 'hangup' },
  update_media: media,
  report_media: { flow: 'flowing' },
  offer,
  answer: offer,
  ice_candidate: candidate(1),
  add_people: { userIds: [someone] },
  join_call: { media: 'video' },
  move_call: { fromDeviceId: null, token: null },
  confirm_move: { toDeviceId: someone },
  offer_move: { userId: someone, deviceId: null },
  remove_person: { userId: someone },
  admit_person: { userId: someone, admit: true },
  lock_call: { locked: true },
  ask_media: { userId: null, ask: 'mute' },
  send_data: { sealed: 'AAAA' },
} as const;

import type { CallPhase, CallStatistics, CallView, Model } from '../model/model.ts';
import { checked } from './check.ts';
import { GROUP_CALLS, invited, savedGroups } from './groups.ts';
import { IDENTITY_SCREENS } from './identity.ts';
import { call, heldSeal, home } from './model.ts';
import { MOVE_SCREENS } from './moves.ts';
import { HOUR, NOW, user, users } from './people.ts';
import { goodStatistics, points, poorStatistics } from './statistics.ts';
import { personStream } from './streams.ts';
import { figures, TRUST } from './trust.ts';

const connected: CallPhase = { name: 'connected', connectedAt: NOW - 185_000 };
const withCalls = (...calls: readonly CallView[]): Model => ({ ...home, calls });

const upright = (): boolean => innerHeight > innerWidth;
const own = (change: Partial<CallView['local']> = {}): CallView['local'] => ({
  stream: personStream(0, upright() ? 3 / 4 : 16 / 9),
  muted: false,
  camera: true,
  paused: false,
  problem: null,
  hint: null,
  ...change,
});
const other = (index: number, change: Partial<CallView['remote']> = {}): CallView['remote'] => ({
  stream: personStream(index),
  voice: null,
  muted: false,
  camera: true,
  held: false,
  checking: false,
  paused: false,
  hidesPictures: false,
  deviceName: 'Laptop',
  volume: 1,
  ...change,
});
const silentOwn: CallView['local'] = {
  stream: null,
  muted: false,
  camera: false,
  paused: false,
  problem: null,
  hint: null,
};
const noPicture: CallView['remote'] = {
  stream: null,
  voice: null,
  muted: false,
  camera: false,
  held: false,
  checking: false,
  paused: false,
  hidesPictures: false,
  deviceName: 'Phone',
  volume: 1,
};

const ringing: CallPhase = {
  name: 'ringing',
  progress: [
    { name: 'Laptop', kind: 'desktop', reach: 'ringing' },
    { name: 'Phone', kind: 'phone', reach: 'ringing' },
  ],
};

const ended = (
  reason: Extract<CallPhase, { name: 'ended' }>['reason'],
  durationMs: number | null = null,
  by: string | null = null,
): CallPhase => ({ name: 'ended', reason, durationMs, by });

const video = (index: number, phase: CallPhase, change: Partial<CallView> = {}): CallView =>
  call(index, phase, { local: own(), remote: other(index), ...change });
const audio = (index: number, phase: CallPhase, change: Partial<CallView> = {}): CallView =>
  call(index, phase, { callType: 'audio', local: silentOwn, remote: noPicture, ...change });

const quality = (
  level: CallView['quality']['mark']['level'],
  side: CallView['quality']['mark']['side'],
): CallView['quality'] => ({ mark: { level, side }, hidesPictures: false, getsPictures: true, budget: null });

const withDetails = (statistics: CallStatistics | null): Model => ({
  ...withCalls(
    video(1, connected, {
      path: 'relayed',
      quality: statistics === poorStatistics ? quality('poor', 'own') : quality('good', null),
    }),
  ),
  details: { key: 'call-1', statistics, points: points(), seal: statistics === null ? null : figures },
});
const withHiding = (hideAddress: boolean, hasRelay: boolean): Model => {
  if (home.account.state !== 'signed_in') return home;
  const { me } = home.account;
  const settings = { ...me.settings, hideAddress };
  return {
    ...home,
    service: { ...home.service, hasRelay },
    account: { state: 'signed_in', me: { ...me, settings } },
  };
};

const withSound = (
  mode: Model['preferences']['sound']['mode'],
  strongNoise: Model['media']['strongNoise'],
): Model => ({
  ...home,
  media: { ...home.media, strongNoise },
  preferences: { ...home.preferences, sound: { ...home.preferences.sound, mode } },
});

const withBackground = (
  background: Model['preferences']['background'],
  state: Model['media']['background'],
): Model => ({
  ...home,
  media: { ...home.media, background: state },
  preferences: { ...home.preferences, background, ownBackground: true },
});

const withGroups: Model = { ...home, groups: { state: 'ready', value: savedGroups } };
const withAccount = (account: Model['account']): Model => ({ ...home, account });

/** Every screen that the gallery can show, by the name in `?screen=`. */
export const SCREENS: Readonly<Record<string, () => Model>> = {
  ...Object.fromEntries(
    Object.entries(GROUP_CALLS).map(([name, make]) => [name, (): Model => withCalls(make())]),
  ),
  ...IDENTITY_SCREENS,
  ...MOVE_SCREENS,
  'home-groups': () => withGroups,
  'home-preparing': () => ({
    ...withGroups,
    groupCalls: { state: 'preparing', done: 109, total: 259 },
  }),
  'home-unavailable': () => ({
    ...withGroups,
    groupCalls: { state: 'unavailable', reason: 'The media worker could not be built: g++ is missing.' },
  }),
  invited: () => withAccount(invited()),
  'invited-known': () =>
    withAccount(invited({ me: home.account.state === 'signed_in' ? home.account.me : null })),
  'invited-joining': () => withAccount(invited({ joining: true })),
  'invited-blocked': () => ({
    ...withAccount(invited()),
    preview: {
      stream: null,
      level: 0,
      problem: 'both_denied',
      missing: { camera: true, microphone: true },
    },
  }),
  'invited-no-microphone': () => ({
    ...withAccount(invited()),
    preview: {
      stream: personStream(0),
      level: 0,
      problem: 'microphone_denied',
      missing: { camera: false, microphone: true },
    },
  }),
  'invited-invalid': () => withAccount(invited({ invitation: { state: 'invalid' } })),
  'invited-locked': () =>
    withAccount(
      invited({
        invitation: {
          state: 'ready',
          value: { title: null, hostName: 'Ben Whitaker', people: 4, state: 'locked' },
        },
      }),
    ),
  loading: () => ({ ...home, account: { state: 'loading' } }),
  unreachable: () => ({ ...home, account: { state: 'unreachable' } }),
  'sign-in': () => ({
    ...home,
    account: { state: 'signed_out', people: { state: 'ready', value: users }, busyUserId: null },
  }),
  'sign-in-loading': () => ({
    ...home,
    account: { state: 'signed_out', people: { state: 'loading' }, busyUserId: null },
  }),
  'sign-in-busy': () => ({
    ...home,
    account: { state: 'signed_out', people: { state: 'ready', value: users }, busyUserId: user(3).userId },
  }),
  replaced: () =>
    home.account.state === 'signed_in'
      ? { ...home, account: { state: 'replaced', me: home.account.me } }
      : home,
  home: () => home,
  'home-loading': () => ({ ...home, contacts: { state: 'loading' }, recents: { state: 'loading' } }),
  'home-failed': () => ({ ...home, contacts: { state: 'failed' }, recents: { state: 'failed' } }),
  'home-empty': () => ({
    ...home,
    missedUnseen: 0,
    contacts: { state: 'ready', value: [] },
    recents: { state: 'ready', value: { entries: [], hasMore: false } },
  }),
  'home-offline': () => ({ ...home, connection: { state: 'offline', sinceAt: NOW - 5_000 } }),
  'home-notices': () => ({
    ...home,
    notices: [
      { id: '1', kind: 'back_online' },
      { id: '2', kind: 'saving_failed' },
      { id: '3', kind: 'microphone_changed', detail: 'Headphones' },
    ],
  }),
  dialing: () => withCalls(video(1, { name: 'dialing' })),
  reaching: () => withCalls(video(1, { name: 'reaching' })),
  ringing: () => withCalls(video(1, ringing)),
  'ringing-audio': () => withCalls(audio(3, ringing)),
  'ringing-denied': () =>
    withCalls(video(1, ringing, { local: own({ stream: null, camera: false, problem: 'camera_denied' }) })),
  incoming: () => withCalls(call(2, { name: 'incoming', silent: false, waiting: false })),
  'incoming-audio': () =>
    withCalls(call(6, { name: 'incoming', silent: false, waiting: false }, { callType: 'audio' })),
  'incoming-silent': () => withCalls(call(2, { name: 'incoming', silent: true, waiting: false })),
  'incoming-waiting': () =>
    withCalls(video(1, connected), call(4, { name: 'incoming', silent: false, waiting: true })),
  connecting: () => withCalls(video(1, { name: 'connecting', connectedAt: NOW }, { remote: noPicture })),
  call: () => withCalls(video(1, connected)),
  checking: () => withCalls(video(1, connected, { remote: { ...noPicture, checking: true } })),
  paused: () =>
    withCalls(video(1, connected, { local: own({ paused: true }), remote: other(1, { paused: true }) })),
  'quality-own': () => withCalls(video(1, connected, { quality: quality('poor', 'own') })),
  'quality-other': () => withCalls(video(1, connected, { quality: quality('fair', 'other') })),
  'quality-hidden': () =>
    withCalls(
      video(1, connected, {
        quality: { ...quality('good', null), hidesPictures: true, getsPictures: false },
      }),
    ),
  'quality-budget': () =>
    withCalls(
      video(1, connected, {
        local: own({ camera: false }),
        remote: { ...noPicture, deviceName: 'Laptop' },
        quality: {
          ...quality('good', null),
          getsPictures: false,
          budget: { megabytes: 20, usedBytes: 17_200_000, state: 'sound' },
        },
      }),
    ),
  'call-other-muted': () =>
    withCalls(video(5, connected, { remote: other(5, { muted: true }), local: own({ muted: true }) })),
  'call-upright': () =>
    withCalls(video(7, connected, { remote: { ...other(7), stream: personStream(7, 9 / 16) } })),
  'call-camera-off': () =>
    withCalls(
      video(8, connected, {
        remote: { ...noPicture, muted: true },
        local: own({ camera: false, muted: true }),
      }),
    ),
  'call-in-use': () =>
    withCalls(video(1, connected, { local: own({ stream: null, camera: false, problem: 'camera_in_use' }) })),
  'call-no-signal': () => withCalls(video(1, connected, { local: own({ hint: 'no_signal' }) })),
  'call-noisy': () => withCalls(video(1, connected, { local: own({ hint: 'noisy' }) })),
  'call-talks-muted': () =>
    withCalls(video(1, connected, { local: own({ muted: true, hint: 'talks_muted' }) })),
  'settings-strong': () => withSound('strong', 'on'),
  'settings-strong-failed': () => withSound('strong', 'failed'),
  'settings-music': () => withSound('music', 'off'),
  'settings-volumes': () => ({ ...home, preferences: { ...home.preferences, keptVolumes: 2 } }),
  'settings-blur': () => withBackground({ kind: 'blur' }, 'on'),
  'settings-picture': () => withBackground({ kind: 'picture', name: 'hills' }, 'starting'),
  'settings-too-slow': () => withBackground({ kind: 'blur' }, 'too_slow'),
  'settings-no-background': () => withBackground({ kind: 'none' }, 'unsupported'),
  'call-insecure': () =>
    withCalls(audio(1, connected, { local: { ...silentOwn, problem: 'insecure_page' } })),
  'call-held': () => withCalls(video(1, connected, { seal: heldSeal(user(1), 'changed') })),
  'call-held-connection': () => withCalls(video(1, connected, { seal: heldSeal(user(1), 'connection') })),
  'check-running': () => ({ ...home, check: checked(null, { camera: 'unchecked', udp: 'unchecked' }) }),
  'check-fine': () => ({ ...home, check: checked('fine', {}) }),
  'check-blocked': () => ({
    ...home,
    check: checked('udp_blocked', {
      udp: 'blocked',
      relay: { udp: 'blocked', tcp: 'open', tls: 'open' },
    }),
  }),
  'check-denied': () => ({ ...home, check: checked('microphone_denied', { microphone: 'denied' }) }),
  'check-call': () => ({
    ...withCalls(video(1, connected, { local: own({ paused: true }) })),
    check: checked('slow_upload', { upload: 180_000 }, 'call-1'),
  }),
  'call-details': () => withDetails(goodStatistics),
  'call-details-poor': () => withDetails(poorStatistics),
  'call-details-unknown': () => withDetails(null),
  'call-no-relay': () => ({ ...withCalls(video(1, connected)), notices: [{ id: '1', kind: 'no_relay' }] }),
  ...TRUST,
  'settings-hidden': () => withHiding(true, true),
  'settings-no-relay': () => withHiding(true, false),
  audio: () => withCalls(audio(3, connected)),
  'audio-initials': () =>
    withCalls(
      audio(3, connected, {
        person: { ...user(3), name: 'Maximiliane von Hohenstein-Wrangel', avatarUrl: null },
      }),
    ),
  held: () => withCalls(video(1, { name: 'held', connectedAt: NOW - HOUR })),
  'held-by-other': () => withCalls(video(1, connected, { remote: other(1, { held: true }) })),
  reconnecting: () =>
    withCalls(video(1, { name: 'reconnecting', connectedAt: NOW - 400_000, sinceAt: NOW - 4_000 })),
  'two-calls': () =>
    withCalls(video(1, { name: 'held', connectedAt: NOW - HOUR }), video(9, connected, { path: 'relayed' })),
  ended: () => withCalls(call(1, ended('hangup', 3_729_000))),
  'ended-no-answer': () => withCalls(call(4, ended('no_answer'))),
  'ended-unavailable': () => withCalls(call(6, ended('unavailable'))),
  'ended-declined': () => withCalls(audio(5, ended('declined'))),
  'ended-lost': () => withCalls(call(1, ended('connection_lost', 125_000))),
  'ended-media': () => withCalls(call(1, ended('media_failed'))),
  missed: () => withCalls(call(2, ended('cancelled'), { direction: 'incoming' })),
  elsewhere: () => withCalls(call(2, ended('answered_elsewhere', null, 'phone'), { direction: 'incoming' })),
};

import { DEFAULT_QUALITY, DEFAULT_SOUND, NO_BACKGROUND, type HoldReason } from '@visavis/client';
import type { CallPhase, CallView, HistoryEntry, Me, Model, SealView, UserSummary } from '../model/model.ts';
import { NO_IDENTITY } from '../model/identity.ts';
import { contacts, HOUR, MINUTE, NOW, user } from './people.ts';

const me: Me = {
  user: user(0),
  device: { deviceId: '10000000-0000-4000-8000-000000000000', name: 'Ana’s laptop', kind: 'desktop' },
  settings: { callWaiting: true, doNotDisturb: false, strangers: 'ring', hideAddress: false },
  missedUnseen: 2,
  guest: false,
};

function entry(
  index: number,
  direction: HistoryEntry['direction'],
  outcome: HistoryEntry['outcome'],
  callType: HistoryEntry['callType'],
  agoMs: number,
  durationMs: number | null = null,
): HistoryEntry {
  return {
    callId: `20000000-0000-4000-8000-${String(agoMs).padStart(12, '0')}`,
    direction,
    peer: user(index),
    callType,
    outcome,
    startedAt: NOW - agoMs,
    durationMs,
    seen: !(outcome === 'missed' && agoMs < 3 * HOUR),
    group: null,
  };
}

const DAY = 24 * HOUR;
const history: readonly HistoryEntry[] = [
  entry(2, 'incoming', 'missed', 'video', 4 * MINUTE),
  {
    ...entry(1, 'outgoing', 'answered', 'video', 48 * MINUTE, 1_085_000),
    quality: { seconds: 1_080, fairSeconds: 90, poorSeconds: 160, side: 'own' },
  },
  {
    ...entry(5, 'incoming', 'answered', 'video', 90 * MINUTE, 1_862_000),
    group: { title: 'Sunday family', people: [1, 3, 5].map(user) },
  },
  entry(6, 'incoming', 'missed', 'audio', 2 * HOUR),
  {
    ...entry(8, 'outgoing', 'answered', 'audio', 3 * HOUR, 640_000),
    group: { title: null, people: [8, 4, 6, 7].map(user) },
  },
  entry(4, 'outgoing', 'no_answer', 'audio', 5 * HOUR),
  entry(1, 'incoming', 'answered', 'audio', 7 * HOUR, 4_329_000),
  entry(5, 'outgoing', 'declined', 'video', 27 * HOUR),
  entry(9, 'incoming', 'answered', 'video', 30 * HOUR, 185_000),
  entry(7, 'outgoing', 'busy', 'video', 2 * DAY),
  entry(3, 'incoming', 'declined', 'audio', 3 * DAY),
  entry(8, 'outgoing', 'answered', 'video', 4 * DAY, 741_000),
  entry(2, 'outgoing', 'unavailable', 'video', 9 * DAY),
  entry(1, 'incoming', 'cancelled', 'video', 16 * DAY),
];

export const home: Model = {
  service: { name: 'Visavis', demo: true, hasRelay: true },
  account: { state: 'signed_in', me },
  settingUp: false,
  connection: { state: 'online' },
  contacts: { state: 'ready', value: contacts },
  recents: { state: 'ready', value: { entries: history, hasMore: true } },
  missedUnseen: 2,
  groups: { state: 'ready', value: [] },
  groupCalls: { state: 'ready' },
  devices: {
    state: 'ready',
    value: [
      { ...me.device, current: true, online: true, createdAt: NOW - 40 * DAY, lastSeenAt: NOW },
      {
        deviceId: '10000000-0000-4000-8000-000000000001',
        name: 'Ana’s phone',
        kind: 'phone',
        current: false,
        online: true,
        createdAt: NOW - 30 * DAY,
        lastSeenAt: NOW,
      },
      {
        deviceId: '10000000-0000-4000-8000-000000000002',
        name: 'Kitchen tablet',
        kind: 'tablet',
        current: false,
        online: false,
        createdAt: NOW - 90 * DAY,
        lastSeenAt: NOW - 26 * HOUR,
      },
    ],
  },
  ownIdentity: 'confirmed',
  identity: {
    ...NO_IDENTITY,
    confirmedDevices: new Set([me.device.deviceId, '10000000-0000-4000-8000-000000000001']),
    recovery: { ...NO_IDENTITY.recovery, madeAt: { state: 'ready', value: null } },
  },
  standings: {},
  comparison: null,
  calls: [],
  ownCalls: [],
  moveOffers: [],
  askedMove: null,
  details: null,
  media: {
    cameras: [
      { id: 'c1', label: 'Built-in camera' },
      { id: 'c2', label: 'Desk camera 4K' },
    ],
    microphones: [
      { id: 'm1', label: 'Built-in microphone' },
      { id: 'm2', label: 'Headphones' },
    ],
    speakers: [
      { id: 's1', label: 'Built-in speakers' },
      { id: 's2', label: 'Headphones' },
    ],
    cameraId: 'c1',
    microphoneId: 'm2',
    speakerId: 's2',
    facesAway: false,
    strongNoise: 'off',
    background: 'off',
    switchable: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  },
  check: null,
  preview: null,
  preferences: {
    theme: 'system',
    sounds: false,
    quality: DEFAULT_QUALITY,
    sound: DEFAULT_SOUND,
    background: NO_BACKGROUND,
    ownBackground: false,
    keptVolumes: 2,
    notifications: 'unasked',
  },
  notices: [],
};

const sealed = ({ userId, name }: UserSummary): SealView => ({
  phase: 'sealed',
  held: [],
  code: ['48213', '90417', '33265', '07781', '56102', '84930'],
  devices: [
    { userId: user(0).userId, deviceId: 'mine', person: null, device: null, isThis: true, standing: null },
    { userId, deviceId: 'theirs', person: name, device: 'Laptop', isThis: false, standing: 'seen' },
  ],
});

/** A device whose keys are not what they should be. */
export const heldSeal = (person: UserSummary, why: HoldReason): SealView => ({
  ...sealed(person),
  phase: 'held',
  held: [
    {
      userId: person.userId,
      deviceId: 'theirs',
      person: person.name,
      why,
      canContinue: why === 'changed' || why === 'unconfirmed',
    },
  ],
});

export function call(index: number, phase: CallPhase, change: Partial<CallView> = {}): CallView {
  return {
    key: `call-${index}`,
    person: user(index),
    callType: 'video',
    direction: phase.name === 'incoming' ? 'incoming' : 'outgoing',
    phase,
    local: { stream: null, muted: false, camera: true, paused: false, problem: null, hint: null },
    remote: {
      stream: null,
      voice: null,
      muted: false,
      camera: true,
      held: false,
      checking: false,
      paused: false,
      hidesPictures: false,
      deviceName: 'Laptop',
      volume: 1,
    },
    levels: { local: 0.5, remote: 0.6 },
    quality: { mark: { level: 'good', side: null }, hidesPictures: false, getsPictures: true, budget: null },
    path: phase.name === 'connected' ? 'direct' : null,
    seal: phase.name === 'connected' ? sealed(user(index)) : null,
    group: null,
    ...change,
  };
}

import type { GroupCallView, GroupPersonView, TileView } from '../src/model/groups.ts';
import type { UserSummary } from '../src/model/model.ts';

/** Somebody by a short id. */
export const person = (id: string, name = id): UserSummary => ({
  userId: id,
  handle: id,
  name,
  avatarUrl: null,
});

export const member = (id: string, change: Partial<GroupPersonView> = {}): GroupPersonView => ({
  user: person(id),
  isMe: false,
  isHost: false,
  guest: false,
  status: 'joined',
  muted: false,
  camera: true,
  hand: false,
  ...change,
});

export const tile = (id: string, change: Partial<TileView> = {}): TileView => ({
  id,
  user: person(id),
  guest: false,
  phase: 'connected',
  stream: null,
  voice: null,
  otherSounds: [],
  devices: [],
  shownDeviceId: null,
  hasVideo: true,
  muted: false,
  hand: false,
  held: false,
  checking: false,
  paused: false,
  level: 0,
  quality: null,
  weakLine: false,
  volume: 1,
  mutedForMe: false,
  ...change,
});

/** A group call as the model would hold it. */
export const group = (change: Partial<GroupCallView> = {}): GroupCallView => ({
  title: null,
  isHost: false,
  locked: false,
  people: [member('me', { isMe: true })],
  tiles: [],
  screens: [],
  speakerId: null,
  layout: 'grid',
  pinnedId: null,
  chat: [],
  unreadChat: 0,
  reactions: [],
  hand: false,
  sharing: 'off',
  askedToUnmuteBy: null,
  ownMove: null,
  soundOn: null,
  isSilent: false,
  link: null,
  ...change,
});

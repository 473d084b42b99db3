import type { ChatLine, GroupCallView, GroupPersonView, ScreenView, TileView } from '../model/groups.ts';
import type { Account, CallPhase, CallView, SavedGroup, UserSummary } from '../model/model.ts';
import { call, heldSeal } from './model.ts';
import { MINUTE, NOW, user, users } from './people.ts';
import { personStream, slideStream } from './streams.ts';

const FURTHER = [
  'Kenji Mori',
  'Lucía Ferrer',
  'Marek Novák',
  'Nora Lindqvist',
  'Oluwaseun Adeyemi',
  'Priya Raman',
  'Quentin Moreau',
  'Rosa Conti',
  'Samir Haddad',
  'Tove Solberg',
  'Uma Castellanos',
  'Viktor Orlov',
  'Wanjiru Kamau',
  'Xin Yi Tan',
  'Yusuf Demir',
];

/** Further people, who have no picture. */
const others: readonly UserSummary[] = FURTHER.map((name, index) => ({
  userId: `00000000-0000-4000-8000-0000000001${String(index).padStart(2, '0')}`,
  handle: `person${index}`,
  name,
  avatarUrl: null,
}));
const everybody: readonly UserSummary[] = [...users.slice(1), ...others];
const DRAWN = users.length - 1;

function tile(index: number, change: Partial<TileView> = {}): TileView {
  const person = everybody[index] ?? user(1);
  const drawn = index < DRAWN;
  return {
    id: person.userId,
    user: person,
    guest: false,
    phase: 'connected',
    stream: drawn ? personStream(index + 1, 16 / 9, 360) : null,
    voice: null,
    otherSounds: [],
    devices: [],
    shownDeviceId: null,
    hasVideo: drawn,
    muted: index % 3 === 2,
    hand: false,
    held: false,
    checking: false,
    paused: false,
    level: index === 0 ? 0.7 : 0,
    quality: 'good',
    weakLine: false,
    volume: 1,
    mutedForMe: false,
    ...change,
  };
}

const me: GroupPersonView = {
  user: user(0),
  isMe: true,
  isHost: true,
  guest: false,
  status: 'joined',
  muted: false,
  camera: true,
  hand: false,
};

const personOf = (of: TileView): GroupPersonView => ({
  user: of.user,
  isMe: false,
  isHost: false,
  guest: of.guest,
  status: of.phase === 'ringing' ? 'ringing' : 'joined',
  muted: of.muted,
  camera: of.hasVideo,
  hand: of.hand,
});

function group(tiles: readonly TileView[], change: Partial<GroupCallView> = {}): GroupCallView {
  return {
    title: null,
    isHost: true,
    locked: false,
    people: [me, ...tiles.map(personOf)],
    tiles,
    screens: [],
    speakerId: tiles[0]?.id ?? null,
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
  };
}

const CONNECTED: CallPhase = { name: 'connected', connectedAt: NOW - 12 * MINUTE };

function groupCall(
  view: GroupCallView,
  phase: CallPhase = CONNECTED,
  change: Partial<CallView> = {},
): CallView {
  return call(1, phase, {
    local: {
      stream: personStream(0, innerHeight > innerWidth ? 3 / 4 : 16 / 9, 360),
      muted: false,
      camera: true,
      paused: false,
      problem: null,
      hint: null,
    },
    remote: {
      stream: null,
      voice: null,
      muted: false,
      camera: false,
      held: false,
      checking: false,
      paused: false,
      hidesPictures: false,
      deviceName: null,
      volume: 1,
    },
    path: 'forwarded',
    group: view,
    ...change,
  });
}

const tiles = (count: number): readonly TileView[] =>
  Array.from({ length: count }, (_, index) => tile(index));

const line = (index: number, text: string, agoMs: number, change: Partial<ChatLine> = {}): ChatLine => {
  const person = index === -1 ? user(0) : (everybody[index] ?? user(1));
  return {
    id: `line-${agoMs}`,
    userId: person.userId,
    name: person.name,
    isMe: index === -1,
    text,
    at: NOW - agoMs,
    state: 'sent',
    missedBy: [],
    ...change,
  };
};

const CHAT: readonly ChatLine[] = [
  line(0, 'Morning everyone! The plan for Saturday is here: https://example.org/hut', 9 * MINUTE),
  line(0, 'Says we can have the hut from ten.', 8 * MINUTE),
  line(2, 'Lovely. Who brings the soup?', 6 * MINUTE),
  line(-1, 'Me. Two pots of it, one without onions.', 5 * MINUTE, { missedBy: ['Dora Lind'] }),
  line(4, 'Then I’ll do bread.\nAnd somebody please take the big thermos this time.', 90_000),
  line(-1, 'I’ve got one. Will write the others too.', 40_000, { state: 'failed' }),
];

const withHands = (count: number): readonly TileView[] =>
  tiles(count).map((one, index) =>
    index === 2
      ? { ...one, hand: true, muted: false }
      : index === 4
        ? { ...one, quality: 'poor', hasVideo: false, stream: null }
        : one,
  );

const screen = (index: number): ScreenView => ({
  id: `screen-${index}`,
  userId: everybody[index]?.userId ?? '',
  name: everybody[index]?.name ?? '',
  stream: slideStream(),
  isMe: false,
});

const visitor: UserSummary = {
  userId: '00000000-0000-4000-8000-000000000900',
  handle: 'guest',
  name: 'Grandma Ruth',
  avatarUrl: null,
};

const hosted = withHands(6);
const withDoor = group(hosted, {
  title: 'Sunday family',
  people: [
    me,
    ...hosted.map(personOf),
    { ...personOf(tile(6)), status: 'ringing' },
    { ...personOf(tile(7)), status: 'left' },
    { ...personOf(tile(8)), status: 'missed' },
    { ...me, user: visitor, isMe: false, isHost: false, guest: true, status: 'waiting' },
  ],
  link: {
    state: 'ready',
    url: 'https://calls.example.org/join/4fQ2wXb9',
    expiresAt: NOW + 22 * 60 * MINUTE,
  },
});

const family: SavedGroup = {
  groupId: '30000000-0000-4000-8000-000000000001',
  title: 'Sunday family',
  members: [0, 1, 2, 3, 5].map(user),
  ongoing: {
    callId: '40000000-0000-8000-8000-000000000001',
    startedAt: NOW - 7 * MINUTE,
    people: [1, 3, 5].map(user),
    joined: false,
  },
};
export const savedGroups: readonly SavedGroup[] = [
  family,
  {
    groupId: '30000000-0000-4000-8000-000000000002',
    title: 'Book club',
    members: [0, 4, 6, 7, 8].map(user),
    ongoing: null,
  },
];

export const invited = (change: Partial<Extract<Account, { state: 'invited' }>> = {}): Account => ({
  state: 'invited',
  me: null,
  invitation: {
    state: 'ready',
    value: { title: 'Sunday family', hostName: 'Ben Whitaker', people: 4, state: 'open' },
  },
  joining: false,
  ...change,
});

/** Calls of several, by the name in `?screen=`. */
export const GROUP_CALLS: Readonly<Record<string, () => CallView>> = {
  'group-held': () => ({ ...groupCall(group(tiles(3))), seal: heldSeal(user(2), 'unconfirmed') }),
  'group-alone': () => groupCall(group([])),
  'group-2': () => groupCall(group(tiles(1))),
  'group-3': () => groupCall(group(tiles(2))),
  'group-4': () => groupCall(group(tiles(3))),
  'group-5': () => groupCall(group(tiles(4))),
  'group-devices': () =>
    groupCall(
      group([
        tile(0, {
          devices: [
            { id: 'laptop', label: 'Laptop' },
            { id: 'phone', label: 'Phone' },
          ],
          shownDeviceId: 'phone',
        }),
        tile(1),
      ]),
    ),
  'group-7': () => groupCall(group(withHands(6), { title: 'Sunday family' })),
  'group-16': () => groupCall(group(tiles(15), { title: 'Choir' })),
  'group-20': () => groupCall(group(tiles(19), { title: 'Choir', unreadChat: 3 })),
  'group-ringing': () =>
    groupCall(
      group([
        tile(0),
        tile(1, { phase: 'ringing', stream: null, hasVideo: false }),
        tile(3, { phase: 'lost' }),
        tile(4, { held: true, hasVideo: false }),
        tile(5, { checking: true, hasVideo: false }),
        tile(10, { guest: true, level: 0.5 }),
      ]),
    ),
  'group-spotlight': () =>
    groupCall(group(withHands(7), { layout: 'spotlight', speakerId: everybody[1]?.userId ?? null })),
  'group-screen': () =>
    groupCall(group(tiles(6), { layout: 'spotlight', screens: [screen(1)], title: 'Sunday family' })),
  'group-cut-off': () =>
    groupCall(
      group([tile(0), tile(1, { phase: 'lost', quality: 'poor' }), ...tiles(12).slice(2)], {
        title: 'Sunday family',
      }),
    ),
  'group-screen-cut-off': () =>
    groupCall(
      group(
        tiles(5).map((one, index) => (index === 1 ? { ...one, phase: 'lost' } : one)),
        { layout: 'spotlight', screens: [screen(1)] },
      ),
    ),
  'group-quality': () =>
    groupCall(
      group([
        tile(0, { quality: 'poor', weakLine: true }),
        tile(1, { quality: 'fair', weakLine: true }),
        tile(2),
      ]),
      CONNECTED,
      {
        quality: {
          mark: { level: 'poor', side: 'own' },
          hidesPictures: false,
          getsPictures: true,
          budget: null,
        },
      },
    ),
  'group-sharing': () => groupCall(group(tiles(4), { sharing: 'on' })),
  'group-chat': () => groupCall(group(tiles(5), { chat: CHAT, unreadChat: 2, title: 'Sunday family' })),
  'group-people': () => groupCall(withDoor),
  'group-reactions': () =>
    groupCall(
      group(tiles(4), {
        reactions: (['heart', 'applause', 'laugh', 'party'] as const).map((reaction, index) => ({
          id: reaction,
          userId: everybody[index]?.userId ?? '',
          name: everybody[index]?.name ?? '',
          reaction,
        })),
      }),
      CONNECTED,
      {
        local: {
          stream: personStream(0, 16 / 9, 360),
          muted: true,
          camera: true,
          paused: false,
          problem: null,
          hint: 'talks_muted',
        },
      },
    ),
  'group-asked': () => groupCall(group(tiles(3), { isHost: false, askedToUnmuteBy: user(1).userId })),
  'group-incoming': () =>
    groupCall(
      group(tiles(4), { title: 'Sunday family' }),
      { name: 'incoming', silent: false, waiting: false },
      { path: null, direction: 'incoming' },
    ),
  'group-incoming-untitled': () =>
    groupCall(
      group(tiles(3)),
      { name: 'incoming', silent: false, waiting: false },
      { path: null, direction: 'incoming', callType: 'audio' },
    ),
  'group-ended': () =>
    groupCall(group(tiles(4), { title: 'Sunday family' }), {
      name: 'ended',
      reason: 'hangup',
      durationMs: 1_862_000,
      by: null,
    }),
  'waiting-room': () =>
    groupCall(group([], { title: 'Sunday family', isHost: false }), { name: 'waiting' }, { path: null }),
};

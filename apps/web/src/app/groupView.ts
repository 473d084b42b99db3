import type { ClientCall } from '@visavis/call';
import type { DeviceCallView, DeviceGroupView, MediaTile, QualityMark } from '@visavis/client';
import type {
  GroupMove,
  GroupPerson,
  GroupView,
  JoinedParticipant,
  QualityLevel,
  UserSummary,
} from '@visavis/protocol';
import type {
  ChatLine,
  GroupCallView,
  GroupPersonView,
  ScreenView,
  ShownTile,
  TileView,
} from '../model/model.ts';
import type { GroupShown } from './groupShown.ts';
import { picturesOf } from './pictures.ts';

/** The id of this device's own screen, whatever the media server calls it. */
export const OWN_SCREEN = 'own-screen';

/** What the screens show of a group call; null of a call between two. */
export function toGroupView(
  entry: DeviceCallView,
  shown: GroupShown,
  me: UserSummary,
  toLocalTime: (serverTime: number) => number,
): GroupCallView | null {
  const { call, group: open } = entry;
  const { group } = call;
  if (group === null || open === null) return null;
  const people = withMe(group, me, call);
  const speakerId = speakerOf(group, open, me) ?? shown.speakerId;
  const chat = open.chat.map((line): ChatLine => {
    const isMe = line.userId === null || line.userId === me.userId;
    // That of a guest may not have been known yet when it came.
    const author = people.find(({ user }) => user.userId === line.userId)?.user.name ?? line.name;
    return {
      ...line,
      at: toLocalTime(line.at),
      userId: line.userId ?? me.userId,
      name: isMe ? me.name : author,
      isMe,
      missedBy: people.flatMap(({ user }) => (line.missedBy.includes(user.userId) ? [user.name] : [])),
    };
  });
  return {
    title: group.title,
    isHost: group.hostId === me.userId || call.phase === 'dialing',
    locked: group.locked,
    people: people.map((person) => toPerson(person, call, group, me)),
    tiles: people
      .filter(
        ({ user, status }) => user.userId !== me.userId && (status === 'ringing' || status === 'joined'),
      )
      .map((person) => toTile(person, entry, group, open, shown)),
    screens: screensOf(group, open, me),
    speakerId,
    layout: shown.layout,
    pinnedId: shown.pinnedId,
    chat,
    unreadChat: Math.max(0, othersLines(chat) - shown.readChat),
    reactions: open.reactions.map(({ id, userId, reaction }) => {
      const person = people.find(({ user }) => user.userId === (userId ?? me.userId));
      return { id, userId: userId ?? me.userId, name: person?.user.name ?? me.name, reaction };
    }),
    hand: call.mediaState.hand,
    sharing: open.sharing,
    askedToUnmuteBy: call.phase === 'joined' ? call.askedToUnmuteBy : null,
    ownMove: ownMoveOf(open, group, me),
    soundOn: open.own.isSilent && open.own.move === null ? (open.own.others[0] ?? null) : null,
    isSilent: open.own.isSilent,
    link: shown.link,
  };
}

function ownMoveOf({ own }: DeviceGroupView, group: GroupView, me: UserSummary): GroupCallView['ownMove'] {
  if (own.move === null) return null;
  const { role, deviceName, userId } = own.move;
  const other = userId === me.userId ? undefined : group.people.find(({ user }) => user.userId === userId);
  return { role, deviceName, name: other?.user.name ?? null };
}

export const othersLines = (chat: readonly Pick<ChatLine, 'isMe' | 'isKept'>[]): number =>
  chat.filter(({ isMe, isKept }) => !isMe && isKept !== true).length;

/** Until the server has told, whoever starts a call is not among its people. */
function withMe(group: GroupView, me: UserSummary, call: ClientCall): readonly GroupPerson[] {
  if (group.people.some(({ user }) => user.userId === me.userId)) return group.people;
  const status = call.phase === 'dialing' ? 'joined' : 'ringing';
  return [{ user: me, guest: false, status }, ...group.people];
}

const devicesOf = (group: GroupView, userId: string): readonly JoinedParticipant[] =>
  group.participants.filter((participant) => participant.userId === userId);

/** CALL4: between two devices of one person. */
const moveOf = (group: GroupView, devices: readonly JoinedParticipant[]): GroupMove | undefined =>
  group.moves?.find(({ fromDeviceId, toDeviceId }) =>
    [fromDeviceId, toDeviceId].every((id) => devices.some(({ deviceId }) => deviceId === id)),
  );
const hasArrivedAt =
  (open: DeviceGroupView | null) =>
  (deviceId: string): boolean =>
    open?.forwarded?.remotes.get(deviceId)?.isReady === true;

/** CALL5: one tile for one person: the device that was chosen, else the one that shows something, else the first. */
const shownDevice = (
  group: GroupView,
  userId: string,
  chosen: GroupShown['deviceIds'],
  hasArrived: (deviceId: string) => boolean,
): JoinedParticipant | undefined => {
  const devices = devicesOf(group, userId);
  const move = moveOf(group, devices);
  if (move !== undefined) {
    const wanted = hasArrived(move.toDeviceId) ? move.toDeviceId : move.fromDeviceId;
    return devices.find(({ deviceId }) => deviceId === wanted);
  }
  return (
    devices.find(({ deviceId }) => deviceId === chosen[userId]) ??
    devices.find(({ mediaState }) => mediaState.camera) ??
    devices[0]
  );
};

function toPerson(
  { user, guest, status }: GroupPerson,
  call: ClientCall,
  group: GroupView,
  me: UserSummary,
): GroupPersonView {
  const isMe = user.userId === me.userId;
  const states = isMe ? [call.mediaState] : devicesOf(group, user.userId).map(({ mediaState }) => mediaState);
  return {
    user,
    isMe,
    isHost: group.hostId === user.userId || (isMe && call.phase === 'dialing'),
    guest,
    status,
    muted: states.every(({ muted }) => muted),
    camera: states.some(({ camera }) => camera),
    hand: states.some(({ hand }) => hand),
  };
}

function toTile(
  { user, guest, status }: GroupPerson,
  entry: DeviceCallView,
  group: GroupView,
  open: DeviceGroupView,
  shown: GroupShown,
): TileView {
  const devices = devicesOf(group, user.userId);
  const participant = shownDevice(group, user.userId, shown.deviceIds, hasArrivedAt(open));
  const moves = moveOf(group, devices) !== undefined;
  const media = participant?.mediaState;
  const remote = open.forwarded?.remotes.get(participant?.deviceId ?? '');
  // CALL3: until what is forwarded has arrived, what came directly is shown.
  const direct =
    entry.call.phase === 'joined' && entry.call.remote?.deviceId === participant?.deviceId
      ? entry.media
      : null;
  const voice = remote?.stream ?? direct?.remoteStream ?? null;
  const hasVideo = remote?.hasVideo === true || direct?.remoteHasVideo === true;
  const sendsNothing = media !== undefined && media.muted && !media.camera;
  const isThere = status === 'joined' && (voice !== null || sendsNothing);
  const isLost = (open.forwarded?.flow === 'lost' || remote?.isCutOff === true) && direct === null;
  // What is not played because of a key does not look as if it were the network.
  const isBarred = entry.seal?.held.some(({ deviceId }) => deviceId === participant?.deviceId) ?? false;
  const phase =
    isBarred || media?.checking === true
      ? 'connected'
      : !isThere
        ? 'connecting'
        : isLost
          ? 'lost'
          : 'connected';
  return {
    id: user.userId,
    user,
    guest,
    phase: status === 'ringing' ? 'ringing' : phase,
    stream: voice === null ? null : picturesOf(voice),
    voice,
    otherSounds: devices.flatMap(({ deviceId }) => {
      const other = deviceId === participant?.deviceId ? undefined : open.forwarded?.remotes.get(deviceId);
      // CALL4: of whoever takes a place it comes in the stream of that place.
      return other === undefined || other.stream === voice ? [] : [{ deviceId, stream: other.stream }];
    }),
    devices:
      devices.length > 1 && !moves
        ? devices.map(({ deviceId, deviceName }) => ({ id: deviceId, label: deviceName }))
        : [],
    shownDeviceId: participant?.deviceId ?? null,
    hasVideo:
      hasVideo &&
      media?.camera === true &&
      !media.held &&
      media.checking !== true &&
      !isBarred &&
      entry.quality.getsPictures,
    muted: devices.length > 0 && devices.every(({ mediaState }) => mediaState.muted),
    hand: devices.some(({ mediaState }) => mediaState.hand),
    held: media?.held ?? false,
    checking: media?.checking === true,
    paused: media?.camera === true && media.paused === true,
    level: Math.max(0, ...devices.map(({ deviceId }) => open.levels.get(deviceId) ?? 0)),
    ...qualityOf(media?.line ?? 'good', remote?.quality ?? null, entry.quality.mark.side),
    volume: shown.volumes[user.userId] ?? 1,
    mutedForMe: shown.mutedForMe.includes(user.userId),
  };
}

/** What somebody says of their own line comes first; where it is this one's, or the server's, that is not shown with everybody. */
function qualityOf(
  line: QualityLevel,
  arrives: TileView['quality'],
  side: QualityMark['side'],
): Pick<TileView, 'quality' | 'weakLine'> {
  if (line !== 'good') return { quality: line, weakLine: true };
  const isElsewhere = side === 'own' || side === 'server';
  return { quality: isElsewhere && arrives !== null ? 'good' : arrives, weakLine: false };
}

function screensOf(group: GroupView, open: DeviceGroupView, me: UserSummary): readonly ScreenView[] {
  const others = (open.forwarded?.screens ?? []).flatMap(({ trackId, deviceId, stream }): ScreenView[] => {
    const userId = group.participants.find((participant) => participant.deviceId === deviceId)?.userId;
    const user = group.people.find((person) => person.user.userId === userId)?.user;
    if (user === undefined) return [];
    return [{ id: trackId, userId: user.userId, name: user.name, stream, isMe: false }];
  });
  if (open.screen === null) return others;
  return [...others, { id: OWN_SCREEN, userId: me.userId, name: me.name, stream: open.screen, isMe: true }];
}

/** Whose tile is the speaker's: one's own voice moves nothing. */
function speakerOf(group: GroupView, open: DeviceGroupView, me: UserSummary): string | null {
  const deviceId = open.forwarded?.speakerDeviceId ?? null;
  const userId = group.participants.find((participant) => participant.deviceId === deviceId)?.userId ?? null;
  return userId === me.userId ? null : userId;
}

/** GRP4: the tiles that the layout shows, as the media server knows them. */
export function toMediaTiles(
  tiles: readonly ShownTile[],
  entry: DeviceCallView,
  chosen: GroupShown['deviceIds'],
): readonly MediaTile[] {
  const { group } = entry.call;
  if (group === null) return [];
  const screens = new Set(entry.group?.forwarded?.screens.map(({ trackId }) => trackId));
  return tiles.flatMap(({ id, ...size }): MediaTile[] => {
    if (id === OWN_SCREEN) return [];
    if (screens.has(id)) return [{ ...size, of: { trackId: id } }];
    // CALL4: the picture that is to come is asked for before it is shown.
    const move = moveOf(group, devicesOf(group, id));
    if (move !== undefined)
      return [move.fromDeviceId, move.toDeviceId].map((deviceId) => ({ ...size, of: { deviceId } }));
    const deviceId = shownDevice(group, id, chosen, hasArrivedAt(entry.group))?.deviceId;
    return deviceId === undefined ? [] : [{ ...size, of: { deviceId } }];
  });
}

import * as z from 'zod/mini';
import { Id, JoinedParticipant, Time, UserSummary } from './entities.ts';
import { LIMITS } from './limits.ts';

const sealed = (most: number) =>
  z.string().check(z.minLength(1), z.maxLength(most), z.regex(/^[A-Za-z0-9+/]+={0,2}$/));

/** GRP6: a guest's name in base64. */
export const SealedName = sealed(LIMITS.sealedNameLength);

/** What became of one person of a group call. */
export const GroupStatus = z.enum([
  /** At least one device of theirs rings or is tried. */
  'ringing',
  'joined',
  'left',
  'declined',
  'missed',
  /** By the host: they cannot come back by themselves. */
  'removed',
  /** Came by a link and waits to be let in. */
  'waiting',
]);
export type GroupStatus = z.infer<typeof GroupStatus>;

export const GroupPerson = z.strictObject({
  user: UserSummary,
  /** Came by a link and has no account here. */
  guest: z.boolean(),
  status: GroupStatus,
  /** GRP6: of a guest: their name, for whoever knows the secret of their link; `user` has none. */
  sealedName: z.optional(SealedName),
});
export type GroupPerson = z.infer<typeof GroupPerson>;

/** CALL4: one device is about to take the place of another one. */
export const GroupMove = z.strictObject({ fromDeviceId: Id, toDeviceId: Id });
export type GroupMove = z.infer<typeof GroupMove>;

/** A group call as everybody in it, or rung by it, sees it. */
export const GroupView = z.strictObject({
  /** The name of the saved group it was started from, or null: the interface names it by its people. */
  title: z.nullable(z.string()),
  savedGroupId: z.nullable(Id),
  /** The direct call it grew from (CALL3). */
  grewFrom: z.nullable(Id),
  /** Who may remove, lock, admit and ask all to be quiet. Goes on to the longest joined one when they leave. */
  hostId: Id,
  /** Nobody new gets in. */
  locked: z.boolean(),
  /** In the order in which they came into it; at most {@link LIMITS.groupPeople} of them are ringing or joined. */
  people: z.array(GroupPerson),
  /** The joined devices, in the order in which they joined. One person may have several (CALL5). */
  participants: z.array(JoinedParticipant),
  /** Left out: none. */
  moves: z.optional(z.array(GroupMove)),
});
export type GroupView = z.infer<typeof GroupView>;

/** GRP7: a line, as it is sealed and as it has to be when it was opened. */
export const ChatText = z.string().check(z.trim(), z.minLength(1), z.maxLength(LIMITS.chatLength));

/** What members of the call say to each other, in base64. Only they can open it. */
export const SealedData = sealed(LIMITS.dataLength);

/** GRP7: what a device of the call sealed for its members, kept by them alone. */
export const CallData = z.strictObject({
  messageId: Id,
  userId: Id,
  deviceId: Id,
  at: Time,
  sealed: SealedData,
});
export type CallData = z.infer<typeof CallData>;

export const Reaction = z.enum(['thumbs_up', 'heart', 'laugh', 'surprise', 'applause', 'party']);
export type Reaction = z.infer<typeof Reaction>;

/** What the server knows a call link by, derived from its secret: 256 bits in base64url. */
export const LinkToken = z.string().check(z.regex(/^[\w-]{43}$/));

/** What turns the text around it, so that a guest could look like somebody else. */
const withoutDirections = z.overwrite<string>((text) => text.replaceAll(/[\p{Cc}\p{Bidi_Control}]/gu, ''));
/** GRP6: the name of a guest, checked where it is sealed and where it is opened: the server never has it. */
export const GuestName = z
  .string()
  .check(withoutDirections, z.trim(), z.minLength(1), z.maxLength(LIMITS.deviceNameLength));
/** What the server calls every guest. */
export const GUEST_NAME = 'Guest';

/** A group that is kept, to be called again. */
export const SavedGroup = z.strictObject({
  groupId: Id,
  title: z.string(),
  /** This user among them. */
  members: z.array(UserSummary),
  /** The call of this group that goes on, to be joined. */
  ongoing: z.nullable(
    z.strictObject({ callId: Id, startedAt: Time, people: z.array(UserSummary), joined: z.boolean() }),
  ),
});
export type SavedGroup = z.infer<typeof SavedGroup>;
export const SavedGroups = z.strictObject({ groups: z.array(SavedGroup) });

const Title = z.string().check(z.trim(), z.minLength(1), z.maxLength(LIMITS.groupTitleLength));
const Members = z.array(Id).check(z.minLength(1), z.maxLength(LIMITS.groupPeople - 1));
/** Members besides oneself. */
export const SavedGroupInput = z.strictObject({ title: Title, memberIds: Members });
export type SavedGroupInput = z.infer<typeof SavedGroupInput>;
/** `callId`: the group call that this user is in, and that is a call of the group from then on. */
export const NewSavedGroup = z.strictObject({ title: Title, memberIds: Members, callId: z.optional(Id) });
export type NewSavedGroup = z.infer<typeof NewSavedGroup>;

/** The token is made by the device that makes the link, from a secret that the server never learns. It keeps the token's hash. */
export const NewCallLink = z.strictObject({ token: LinkToken });
export type NewCallLink = z.infer<typeof NewCallLink>;
/** A link by which people without an account take part in one call. */
export const CallLink = z.strictObject({ linkId: Id, expiresAt: Time });
export type CallLink = z.infer<typeof CallLink>;
export const CallLinks = z.strictObject({
  links: z.array(z.strictObject({ linkId: Id, createdAt: Time, expiresAt: Time, uses: z.int() })),
});
/** What a link says to somebody who opens it, before they say who they are. */
export const LinkInvitation = z.strictObject({
  title: z.nullable(z.string()),
  hostName: z.string(),
  /** Of a host who is a guest: for those whose link is the one that the host came by. */
  hostSealedName: z.optional(SealedName),
  people: z.int(),
  state: z.enum(['open', 'locked', 'full', 'ended']),
});
export type LinkInvitation = z.infer<typeof LinkInvitation>;

/** Whether group calls can be had here, and why not. */
export const MediaReadiness = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('ready') }),
  z.strictObject({
    state: z.literal('preparing'),
    /** Of what is being built; null: not known. */
    done: z.nullable(z.int()),
    total: z.nullable(z.int()),
  }),
  z.strictObject({ state: z.literal('unavailable'), reason: z.string() }),
]);
export type MediaReadiness = z.infer<typeof MediaReadiness>;

const UUID_VERSION = 14;
/** The id of a group call is a UUID of version 8 (RFC 9562 §5.8), that of a direct call one of version 4. */
export const isGroupCallId = (callId: string): boolean => callId[UUID_VERSION] === '8';
/** @param id - a random UUID */
export const toGroupCallId = (id: string): string =>
  `${id.slice(0, UUID_VERSION)}8${id.slice(UUID_VERSION + 1)}`;

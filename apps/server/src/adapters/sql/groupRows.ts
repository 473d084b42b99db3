import { type GroupCall, type GroupMember, nextGroupDeadline } from '@visavis/call';
import {
  CallType,
  DeviceKind,
  EndReason,
  GroupStatus,
  MediaFlow,
  MediaState,
  UserSummary,
} from '@visavis/protocol';
import * as z from 'zod/mini';
import { KeyState } from './keyRows.ts';

const MaybeTime = z.nullable(z.int());
const ended = <State extends 'declined' | 'elsewhere' | 'missed' | 'busy'>(state: State) =>
  z.object({ state: z.literal(state), leftAt: z.int() });
const Part = z.discriminatedUnion('state', [
  z.object({ state: z.literal('invited'), online: z.boolean() }),
  z.object({ state: z.literal('ringing'), online: z.boolean(), silent: z.boolean() }),
  z.object({
    state: z.literal('joined'),
    joinedAt: z.int(),
    mediaState: MediaState,
    flow: MediaFlow,
    silentSinceAt: MaybeTime,
  }),
  z.object({ state: z.literal('left'), joinedAt: z.int(), leftAt: z.int() }),
  ended('declined'),
  ended('elsewhere'),
  ended('missed'),
  ended('busy'),
]);
const base = {
  callId: z.string(),
  callType: CallType,
  title: z.nullable(z.string()),
  savedGroupId: z.nullable(z.string()),
  grewFrom: z.nullable(z.string()),
  initiatorId: z.string(),
  hostId: z.string(),
  locked: z.boolean(),
  ringMs: z.int(),
  createdAt: z.int(),
  connectedAt: MaybeTime,
  people: z.array(
    z.object({
      user: UserSummary,
      guest: z.boolean(),
      status: GroupStatus,
      invitedAt: z.int(),
      invitedBy: z.nullable(z.string()),
      deadlineAt: MaybeTime,
      ringLimitAt: z.int(),
      silent: z.boolean(),
      concealed: z.boolean(),
      joinedAt: MaybeTime,
      leftAt: MaybeTime,
      comesWith: CallType,
      sealedName: z.optional(z.string()),
    }),
  ),
  participants: z.array(
    z.object({
      device: z.object({ userId: z.string(), deviceId: z.string(), name: z.string(), kind: DeviceKind }),
      invitedAt: z.int(),
      part: Part,
    }),
  ),
};

/** The aggregate as it is stored: what is no group call is seen where it enters the program. */
export const GroupState: z.ZodMiniType<GroupCall> = z.discriminatedUnion('state', [
  z.object({
    ...base,
    state: z.literal('live'),
    aloneSinceAt: MaybeTime,
    // A call that was stored before calls knew of their links has none that it knows.
    links: z.prefault(z.array(z.object({ linkId: z.string(), expiresAt: z.int() })), []),
    keys: z.prefault(z.nullable(KeyState), null),
    moves: z.prefault(
      z.array(
        z.object({
          fromDeviceId: z.string(),
          toDeviceId: z.string(),
          startedAt: z.int(),
          readyAt: MaybeTime,
          confirmedBy: z.array(z.string()),
          wasIn: z.boolean(),
        }),
      ),
      [],
    ),
  }),
  z.object({ ...base, state: z.literal('ended'), endedAt: z.int(), endReason: EndReason }),
]);

const date = (at: number | null): Date | null => (at === null ? null : new Date(at));

/** The columns of `group_calls` that change. */
export const groupColumns = (call: GroupCall) => ({
  state: JSON.stringify(call),
  savedGroupId: call.savedGroupId,
  title: call.title,
  nextDeadlineAt: date(nextGroupDeadline(call)),
  connectedAt: date(call.connectedAt),
  endedAt: call.state === 'ended' ? new Date(call.endedAt) : null,
  endReason: call.state === 'ended' ? call.endReason : null,
});

const time = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** A person as an element of the JSON that {@link PERSON_RECORD} reads. */
export const personJson = ({ user, guest, status, joinedAt, leftAt }: GroupMember, position: number) => ({
  user_id: user.userId,
  position,
  status,
  guest,
  joined_at: time(joinedAt),
  left_at: time(leftAt),
});
export const PERSON_RECORD =
  'user_id uuid, position integer, status text, guest boolean, joined_at timestamptz, left_at timestamptz';
export const PERSON_COLUMNS = 'user_id, position, status, guest, joined_at, left_at';

/** HIST1: a person's line; null for those who have none. A call that somebody took or declined is not missed. */
export function lineJson(call: GroupCall, member: GroupMember) {
  const { user, guest, status, concealed, invitedAt, joinedAt } = member;
  if (guest || concealed || status === 'waiting') return null;
  const isFirst = user.userId === call.initiatorId;
  const isCalled = joinedAt === null && (status === 'ringing' || status === 'missed' || status === 'removed');
  const peer = call.people.find((each) => !each.guest && each.user.userId !== user.userId) ?? member;
  const caller = call.people.find((each) => each.user.userId === (member.invitedBy ?? call.initiatorId));
  const isCallerShown = caller !== undefined && !caller.guest && caller !== member;
  const startedAt =
    call.grewFrom !== null && member.invitedAt === call.connectedAt ? call.createdAt : invitedAt;
  return {
    user_id: user.userId,
    peer_id: (isCallerShown ? caller : peer).user.userId,
    direction: isFirst ? 'outgoing' : 'incoming',
    created_at: time(isFirst ? call.createdAt : startedAt),
    seen_at: isCalled ? null : time(joinedAt ?? invitedAt),
  };
}
export const LINE_RECORD =
  'user_id uuid, peer_id uuid, direction text, created_at timestamptz, seen_at timestamptz';

import type { CallType, ErrorCode, UserSummary } from '@visavis/protocol';
import { joinedPart } from '../server/participants.ts';
import type { CallDevice, ConnectedCall, Participant } from '../server/index.ts';
import { invite } from './invite.ts';
import { settle } from './settle.ts';
import type { GroupMember, GroupStep, Invitee, LiveGroup } from './types.ts';

export interface StartInput {
  /** Of version 8 (`toGroupCallId`). */
  readonly callId: string;
  readonly callType: CallType;
  readonly title: string | null;
  readonly savedGroupId: string | null;
  readonly host: UserSummary;
  readonly device: CallDevice;
  readonly invitees: readonly Invitee[];
  readonly now: number;
  /** How long to ring each (RING5). */
  readonly ringMs: number;
}

export type Started =
  | { readonly ok: true; readonly step: GroupStep }
  | { readonly ok: false; readonly code: ErrorCode };

/** GRP1: a call with whoever starts it in it, and everybody else rung. */
export function startGroup(input: StartInput): Started {
  const { host, device, invitees, now, ringMs, ...facts } = input;
  const first: LiveGroup = {
    ...facts,
    state: 'live',
    grewFrom: null,
    initiatorId: host.userId,
    hostId: host.userId,
    locked: false,
    ringMs,
    createdAt: now,
    connectedAt: null,
    aloneSinceAt: null,
    links: [],
    keys: null,
    moves: [],
    people: [enteredMember(host, facts.callType, null, now)],
    participants: [{ device, invitedAt: now, part: joinedPart(facts.callType, now) }],
  };
  return open(first, host.userId, invitees, [device.deviceId], now);
}

export interface GrowInput {
  readonly callId: string;
  readonly direct: ConnectedCall;
  readonly inviterId: string;
  readonly invitees: readonly Invitee[];
  readonly now: number;
  readonly ringMs: number;
}

/** CALL3: a group call in which both devices of a direct call are already, as they were there. They hear of it by `call_grew`. */
export function growGroup({ direct, inviterId, invitees, now, ...facts }: GrowInput): Started {
  const { callType, caller, callee, createdAt, connectedAt } = direct;
  const joined = direct.participants.filter(({ part }) => part.state === 'joined');
  const first: LiveGroup = {
    ...facts,
    callType,
    title: null,
    savedGroupId: null,
    state: 'live',
    grewFrom: direct.callId,
    initiatorId: caller.userId,
    hostId: caller.userId,
    locked: false,
    createdAt,
    connectedAt,
    aloneSinceAt: null,
    links: [],
    keys: null,
    moves: [],
    people: [
      enteredMember(caller, callType, null, connectedAt),
      enteredMember(callee, callType, caller.userId, connectedAt),
    ],
    participants: joined.map(({ device, invitedAt, part }: Participant) => ({ device, invitedAt, part })),
  };
  const known = joined.map(({ device }) => device.deviceId);
  return open(first, inviterId, invitees, known, now);
}

function open(
  first: LiveGroup,
  inviterId: string,
  invitees: readonly Invitee[],
  known: readonly string[],
  now: number,
): Started {
  const invited = invite(first, inviterId, invitees, now);
  if (!invited.ok) return invited;
  return { ok: true, step: settle(null, invited.call, { rung: invited.rung, except: known }, now) };
}

/** Somebody who is in it. */
export const enteredMember = (
  user: UserSummary,
  comesWith: CallType,
  invitedBy: string | null,
  now: number,
): GroupMember => ({
  user,
  guest: false,
  status: 'joined',
  invitedAt: now,
  invitedBy,
  deadlineAt: null,
  ringLimitAt: now,
  silent: false,
  concealed: false,
  joinedAt: now,
  leftAt: null,
  comesWith,
});

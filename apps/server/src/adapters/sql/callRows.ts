import { nextDeadline, type Call, type EndedCall, type Participant, type Participation } from '@visavis/call';
import {
  CallState,
  CallType,
  DeviceKind,
  EndReason,
  MediaFlow,
  MediaState,
  ParticipantState,
  Signal,
} from '@visavis/protocol';
import * as z from 'zod/mini';
import { KeyState } from './keyRows.ts';
import { TimeColumn } from './sql.ts';
import { toUserSummary, userJson, UserColumns } from './userColumns.ts';

const MaybeTime = z.nullable(TimeColumn);
const Prefixed = z.object({
  caller: UserColumns,
  callee: UserColumns,
});

export const CallRow = z.extend(Prefixed, {
  id: z.string(),
  version: z.int(),
  call_type: CallType,
  state: CallState,
  silent: z.boolean(),
  concealed: z.boolean(),
  created_at: TimeColumn,
  ring_limit_at: TimeColumn,
  ring_deadline_at: MaybeTime,
  connected_at: MaybeTime,
  ended_at: MaybeTime,
  end_reason: z.nullable(EndReason),
  held: z.nullable(z.array(Signal)),
  keys: z.nullable(KeyState),
});

/** Gives {@link CallRow}s; a `where` on `calls` follows. */
export const SELECT_CALLS = `
  select calls.id, version, call_type, state, silent, concealed, calls.created_at, ring_limit_at, ring_deadline_at,
         connected_at, ended_at, end_reason, held, keys, ${userJson('caller')} as caller, ${userJson('callee')} as callee
  from calls
  join users caller on caller.id = calls.initiator_id
  join users callee on callee.id = calls.callee_id`;

export const ParticipantRow = z.object({
  call_id: z.string(),
  device_id: z.string(),
  user_id: z.string(),
  role: z.enum(['caller', 'callee']),
  device_name: z.string(),
  device_kind: DeviceKind,
  state: ParticipantState,
  online: z.nullable(z.boolean()),
  silent: z.nullable(z.boolean()),
  invited_at: TimeColumn,
  joined_at: MaybeTime,
  left_at: MaybeTime,
  media_state: z.nullable(MediaState),
  flow: z.nullable(MediaFlow),
  silent_since_at: MaybeTime,
});
export type ParticipantRow = z.infer<typeof ParticipantRow>;

export const SELECT_PARTICIPANTS = `
  select call_id, device_id, user_id, role, device_name, device_kind, state, online, silent, invited_at, joined_at,
         left_at, media_state, flow, silent_since_at
  from call_participants`;

/** @throws when the row breaks a constraint that the schema holds: then it is no row of ours */
export function toCall(row: z.infer<typeof CallRow>, participants: readonly Participant[]): Call {
  const base = {
    callId: row.id,
    callType: row.call_type,
    caller: toUserSummary(row.caller),
    callee: toUserSummary(row.callee),
    createdAt: row.created_at,
    ringLimitAt: row.ring_limit_at,
    silent: row.silent,
    concealed: row.concealed,
    participants,
  };
  switch (row.state) {
    case 'ringing':
      return {
        ...base,
        state: 'ringing',
        ringDeadlineAt: present(row.ring_deadline_at),
        held: present(row.held),
        keys: row.keys,
      };
    case 'connected':
      return { ...base, state: 'connected', connectedAt: present(row.connected_at), keys: row.keys };
    case 'ended':
    case 'missed':
    case 'declined':
    case 'cancelled':
    case 'busy':
    case 'failed':
      return {
        ...base,
        state: row.state,
        connectedAt: row.connected_at,
        endedAt: present(row.ended_at),
        endReason: present(row.end_reason),
      } satisfies EndedCall;
  }
}

export function toParticipant(row: ParticipantRow): Participant {
  return {
    device: { userId: row.user_id, deviceId: row.device_id, name: row.device_name, kind: row.device_kind },
    role: row.role,
    invitedAt: row.invited_at,
    part: toPart(row),
  };
}

function toPart(row: ParticipantRow): Participation {
  switch (row.state) {
    case 'invited':
      return { state: 'invited', online: row.online ?? false };
    case 'ringing':
      return { state: 'ringing', online: row.online ?? false, silent: row.silent ?? false };
    case 'joined':
      return {
        state: 'joined',
        joinedAt: present(row.joined_at),
        mediaState: present(row.media_state),
        flow: present(row.flow),
        silentSinceAt: row.silent_since_at,
      };
    case 'left':
      return { state: 'left', joinedAt: present(row.joined_at), leftAt: present(row.left_at) };
    case 'declined':
    case 'elsewhere':
    case 'missed':
    case 'busy':
      return { state: row.state, leftAt: present(row.left_at) };
  }
}

function present<Value>(value: Value | null): Value {
  if (value === null) throw new Error('a call row lacks what its state promises');
  return value;
}

/** The columns of `calls` that change. */
export const callColumns = (call: Call) => {
  const deadline = nextDeadline(call);
  return {
    state: call.state,
    ringDeadlineAt: call.state === 'ringing' ? new Date(call.ringDeadlineAt) : null,
    nextDeadlineAt: deadline === null ? null : new Date(deadline),
    connectedAt: 'connectedAt' in call && call.connectedAt !== null ? new Date(call.connectedAt) : null,
    endedAt: 'endedAt' in call ? new Date(call.endedAt) : null,
    endReason: 'endReason' in call ? call.endReason : null,
    held: call.state === 'ringing' ? JSON.stringify(call.held) : null,
    keys: 'keys' in call && call.keys !== null ? JSON.stringify(call.keys) : null,
  };
};

const time = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** A participant as an element of the JSON that {@link PARTICIPANT_RECORD} reads. */
export function participantJson({ device, role, invitedAt, part }: Participant, position: number) {
  const joined = part.state === 'joined' ? part : null;
  return {
    device_id: device.deviceId,
    user_id: device.userId,
    position,
    role,
    device_name: device.name,
    device_kind: device.kind,
    state: part.state,
    online: 'online' in part ? part.online : null,
    silent: 'silent' in part ? part.silent : null,
    invited_at: time(invitedAt),
    joined_at: 'joinedAt' in part ? time(part.joinedAt) : null,
    left_at: 'leftAt' in part ? time(part.leftAt) : null,
    media_state: joined?.mediaState ?? null,
    flow: joined?.flow ?? null,
    silent_since_at: time(joined?.silentSinceAt ?? null),
  };
}

export const PARTICIPANT_RECORD = `device_id uuid, user_id uuid, position integer, role text, device_name text,
  device_kind text, state text, online boolean, silent boolean, invited_at timestamptz, joined_at timestamptz,
  left_at timestamptz, media_state jsonb, flow text, silent_since_at timestamptz`;
export const PARTICIPANT_COLUMNS = `device_id, user_id, position, role, device_name, device_kind, state, online, silent,
  invited_at, joined_at, left_at, media_state, flow, silent_since_at`;

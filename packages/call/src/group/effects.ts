import type { EndReason, UnnumberedEvent } from '@visavis/protocol';
import { liveOf, ringsFor } from './find.ts';
import type { GroupCall, GroupEffect, GroupParticipant } from './types.ts';
import { viewGroup } from './view.ts';

export const send = (deviceId: string, event: UnnumberedEvent): GroupEffect => ({
  type: 'send',
  deviceId,
  event,
});

/** RING2: the `ring` for each of these devices that can answer. */
export function ringEffects(call: GroupCall, participants: readonly GroupParticipant[]): GroupEffect[] {
  return participants.flatMap((participant) => {
    const { deviceId } = participant.device;
    const view = ringsFor(call, participant) ? viewGroup(call, deviceId) : null;
    if (view === null) return [];
    return [send(deviceId, { type: 'ring', callId: call.callId, payload: { call: view } })];
  });
}

/** GRP2: the call as it is, for everybody who sees it, but not for those who learn of it otherwise. */
export function changedEffects(call: GroupCall, except: ReadonlySet<string> = NOBODY): GroupEffect[] {
  return liveOf(call).flatMap(({ device: { deviceId } }) => {
    const view = except.has(deviceId) ? null : viewGroup(call, deviceId);
    if (view === null) return [];
    return [send(deviceId, { type: 'group_changed', callId: call.callId, payload: { call: view } })];
  });
}
const NOBODY: ReadonlySet<string> = new Set();

/** Over for this device. `by` names the device of the same person that took or declined it. */
export const endedEffect = (
  { callId, connectedAt }: GroupCall,
  deviceId: string,
  reason: EndReason,
  endedAt: number,
  by: string | null = null,
): GroupEffect =>
  send(deviceId, { type: 'call_ended', callId, payload: { reason, endedAt, connectedAt, by } });

/** HIST1: those in whose history the call stands; guests have none. */
export const historyChanged = (call: GroupCall, userIds: readonly string[]): GroupEffect[] => {
  const owners = call.people.filter(
    ({ user, guest, concealed, status }) =>
      userIds.includes(user.userId) && !guest && !concealed && status !== 'waiting',
  );
  return owners.length === 0
    ? []
    : [{ type: 'history_changed', userIds: owners.map(({ user }) => user.userId) }];
};

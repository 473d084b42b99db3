import type { ClientRequest, RequestAnswer, ServerNotice } from '@visavis/protocol';
import type { CorePorts } from './corePorts.ts';
import { refuse } from './signaling/answers.ts';
import type { Actor } from './signaling/dispatch.ts';

export type ApprovalRequest = Extract<ClientRequest, { type: 'send_approval' }>;

/** IDN4: hands steps of an approval on between devices of one user, on whatever nodes they are. Nothing of it is kept. */
export function createApprovals({ presence, bus }: Pick<CorePorts, 'presence' | 'bus'>) {
  return async (actor: Actor, { id, payload }: ApprovalRequest): Promise<RequestAnswer> => {
    const { userId, deviceId } = actor.device;
    if (actor.isGuest) return refuse(id, 'FORBIDDEN');
    const { toDeviceId, attempt, step } = payload;
    const others = (await presence.listDevices(userId)).filter((each) => each.deviceId !== deviceId);
    const isThere = others.some((each) => each.deviceId === toDeviceId && each.isConnected);
    // The same answer for a device of somebody else, for one that is not connected, and for none.
    if (!isThere) return refuse(id, 'DEVICE_OFFLINE');
    const notice: ServerNotice = { type: 'approval', payload: { fromDeviceId: deviceId, attempt, step } };
    bus.publish(toDeviceId, { kind: 'notice', text: JSON.stringify(notice) });
    return { type: 'ok', id, payload: {} };
  };
}

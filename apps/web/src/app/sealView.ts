import { mayBeAllowed, type DeviceCallView } from '@visavis/client';
import type { HeldView, SealView, SealedDevice } from '../model/model.ts';

/** Who can decrypt a call, by the names that are known of them. */
export function toSealView({ call, seal }: DeviceCallView, ownDeviceId: string): SealView | null {
  if (seal === null) return null;
  const devices = seal.devices.map(({ userId, deviceId, standing }): SealedDevice => {
    const isThis = deviceId === ownDeviceId;
    const found = isThis ? { person: null, device: null } : nameOf(call, deviceId);
    return { userId, deviceId, ...found, isThis, standing: isThis ? null : standing };
  });
  const held = seal.held.map(({ userId, deviceId, why }): HeldView => {
    const isPeer = call.group === null;
    const person = nameOf(call, deviceId).person ?? (isPeer && why !== 'not_in_call' ? call.peer.name : null);
    return { userId, deviceId, person, why, canContinue: mayBeAllowed({ why }) };
  });
  return { phase: seal.phase, code: seal.code, devices, held };
}

type Named = Pick<SealedDevice, 'person' | 'device'>;

function nameOf(call: DeviceCallView['call'], deviceId: string): Named {
  if (call.group === null) {
    const remote = call.phase === 'joined' ? call.remote : null;
    if (remote?.deviceId !== deviceId) return { person: null, device: null };
    return { person: call.peer.name, device: remote.deviceName };
  }
  const participant = call.group.participants.find((each) => each.deviceId === deviceId);
  const person = call.group.people.find(({ user }) => user.userId === participant?.userId);
  return { person: person?.user.name ?? null, device: participant?.deviceName ?? null };
}

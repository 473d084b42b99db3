import { ownDirectCall, ownGroupCall } from '@visavis/call';
import type { OwnCall } from '@visavis/protocol';
import type { CorePorts } from '../corePorts.ts';

/** CALL4: the calls that this user is in with another device than this one. */
export async function listOwnCalls(
  { calls, groups }: Pick<CorePorts, 'calls' | 'groups'>,
  userId: string,
  deviceId: string,
): Promise<readonly OwnCall[]> {
  const [direct, group] = await Promise.all([calls.listLiveOf(userId), groups.listLiveOf(userId)]);
  const own = [
    ...direct.flatMap(({ call }) => ownDirectCall(call, userId) ?? []),
    ...group.flatMap(({ call }) => ownGroupCall(call, userId) ?? []),
  ];
  return own.filter(({ devices }) => devices.every((each) => each.deviceId !== deviceId));
}

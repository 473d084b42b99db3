import type { CallDevice, Invitee } from '@visavis/call';
import type { CorePorts } from '../corePorts.ts';

/** Those who are to be rung, with what they say to this caller; null when there is no such person among them. */
export async function findInvitees(
  { accounts, presence }: Pick<CorePorts, 'accounts' | 'presence'>,
  callerId: string,
  userIds: readonly string[],
): Promise<readonly Invitee[] | null> {
  const others = [...new Set(userIds)].filter((userId) => userId !== callerId);
  const found = await Promise.all(
    others.map(async (userId): Promise<Invitee | null> => {
      const relation = await accounts.findRelation(callerId, userId);
      if (relation === null) return null;
      const devices = relation.admits === 'nothing' ? [] : await presence.listDevices(userId);
      return { user: relation.callee, policy: relation, devices: devices.map((each) => plain(each)) };
    }),
  );
  const invitees = found.filter((each) => each !== null);
  return invitees.length === others.length ? invitees : null;
}

const plain = ({ userId, deviceId, name, kind }: CallDevice): CallDevice => ({
  userId,
  deviceId,
  name,
  kind,
});

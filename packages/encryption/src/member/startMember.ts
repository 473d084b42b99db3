import { createDeviceKey, createPlainIdentity } from '../identity/plain.ts';
import type { CallIdentity } from '../identity/types.ts';
import type { StartMember } from '../worker/cryptoWorker.ts';
import type { OwnDevice } from '../worker/messages.ts';
import { createMember } from './member.ts';

/** The member that a crypto worker starts when its page says so. */
export const startMember: StartMember = ({ callId, device }, surroundings) =>
  createMember({ callId, identity: identityOf(device), ...surroundings });

/** The key of the device is there when it is first needed. */
function identityOf({ userId, deviceId, deviceKey }: OwnDevice): CallIdentity {
  const identity = (deviceKey === null ? createDeviceKey() : Promise.resolve(deviceKey)).then((key) =>
    createPlainIdentity({ userId, deviceId, deviceKey: key }),
  );
  return {
    certify: async (leafKey, callId) => (await identity).certify(leafKey, callId),
    verify: async (credential, leafKey, callId) => (await identity).verify(credential, leafKey, callId),
  };
}

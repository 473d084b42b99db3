import { createCallIdentity, verifyCredential } from '../identity/credential.ts';
import { createDeviceKey } from '../identity/keys.ts';
import type { CallIdentity } from '../identity/types.ts';
import type { StartMember } from '../worker/cryptoWorker.ts';
import type { OwnDevice } from '../worker/messages.ts';
import { createMember } from './member.ts';

/** The member that a crypto worker starts when its page says so. */
export const startMember: StartMember = ({ callId, device }, surroundings) =>
  createMember({ callId, identity: identityOf(device), ...surroundings });

/** The key of the device is there when it is first needed. */
function identityOf(device: OwnDevice): CallIdentity {
  const { deviceKey } = device;
  const identity = (deviceKey === null ? createDeviceKey() : Promise.resolve(deviceKey)).then((key) =>
    createCallIdentity({ ...device, deviceKey: key }),
  );
  return {
    certify: async (leafKey, callId) => (await identity).certify(leafKey, callId),
    verify: verifyCredential,
  };
}

import type { DeviceKeyInput, UserKeys } from '@visavis/protocol';
import type { ApiResult, IdentityApi } from '../../src/index.ts';

/** What IDN1 to IDN3 say of the server, for any number of people who all see each other. */
export class IdentityServer {
  readonly identityKeys = new Map<string, string>();
  readonly devices = new Map<string, Map<string, DeviceKeyInput>>();
  isReachable = true;
  /** Times that somebody published a device key. */
  published = 0;

  /** The API of one device. */
  apiOf(userId: string, deviceId: string): IdentityApi {
    const answer = <Value>(value: Value): ApiResult<Value> =>
      this.isReachable ? { ok: true, value } : { ok: false, code: 'NETWORK' };
    return {
      userKeys: async (otherId) => answer(this.keysOf(otherId)),
      setIdentityKey: async ({ identityKey, replaces }) => {
        if (!this.isReachable) return answer(null);
        const standing = this.identityKeys.get(userId) ?? null;
        if (standing !== replaces && standing !== identityKey) return { ok: false, code: 'WRONG_STATE' };
        this.identityKeys.set(userId, identityKey);
        return answer(null);
      },
      publishDeviceKey: async (change) => {
        if (!this.isReachable) return answer(null);
        const { certificate } = change;
        if (certificate !== null && certificate.identityKey !== this.identityKeys.get(userId))
          return { ok: false, code: 'WRONG_STATE' };
        this.published += 1;
        const devices = this.devices.get(userId) ?? new Map<string, DeviceKeyInput>();
        this.devices.set(userId, devices.set(deviceId, change));
        return answer(null);
      },
    };
  }

  keysOf(userId: string): UserKeys {
    const identityKey = this.identityKeys.get(userId) ?? null;
    return {
      userId,
      identityKey,
      devices: [...(this.devices.get(userId) ?? [])].map(([deviceId, { deviceKey, certificate }]) => ({
        deviceId,
        deviceKey,
        certificate: certificate?.identityKey === identityKey ? (certificate?.bytes ?? null) : null,
      })),
    };
  }
}

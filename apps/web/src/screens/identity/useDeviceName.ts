import { useModel } from '../../components/store.tsx';

/** What a device of this person is called; null while that is not known. */
export const useDeviceName = (deviceId: string | null): string | null =>
  useModel(({ devices }) => {
    if (devices.state !== 'ready') return null;
    return devices.value.find((each) => each.deviceId === deviceId)?.name ?? null;
  });

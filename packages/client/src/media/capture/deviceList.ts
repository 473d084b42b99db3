import type { CaptureKind } from './problems.ts';
import type { DeviceChoice } from './types.ts';

export interface DeviceList {
  readonly cameras: readonly DeviceChoice[];
  readonly microphones: readonly DeviceChoice[];
  readonly speakers: readonly DeviceChoice[];
}

export const NO_DEVICES: DeviceList = { cameras: [], microphones: [], speakers: [] };

/** Before the first permission browsers tell neither ids nor names: the lists are empty then. */
export function toDeviceList(infos: readonly MediaDeviceInfo[], canChooseSpeaker: boolean): DeviceList {
  const of = (kind: MediaDeviceKind): DeviceChoice[] =>
    infos
      .filter((info) => info.kind === kind && info.deviceId !== '')
      .map(({ deviceId, label }) => ({ id: deviceId, label }));
  return {
    cameras: of('videoinput'),
    microphones: of('audioinput'),
    speakers: canChooseSpeaker ? of('audiooutput') : [],
  };
}

/** What was plugged in between two lists. Names for "whatever the system uses" are no devices. */
export function newDevices(
  before: DeviceList,
  after: DeviceList,
): readonly { readonly kind: CaptureKind; readonly choice: DeviceChoice }[] {
  return [
    // Out of an empty list everything is new: that was the permission, no plug.
    ...(before.microphones.length === 0 ? [] : fresh('audio', before.microphones, after.microphones)),
    ...(before.cameras.length === 0 ? [] : fresh('video', before.cameras, after.cameras)),
  ];
}

const fresh = (kind: CaptureKind, before: readonly DeviceChoice[], after: readonly DeviceChoice[]) =>
  after
    .filter(({ id }) => !ALIASES.has(id) && !before.some((other) => other.id === id))
    .map((choice) => ({ kind, choice }));

const ALIASES = new Set(['default', 'communications']);

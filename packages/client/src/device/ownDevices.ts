import { callIdOf, type ClientCall, type DeviceCalls } from '@visavis/call';
import type { GroupView, JoinedParticipant } from '@visavis/protocol';

/** What the other devices of this person mean for this one in a group call. */
export interface OwnDevicesView {
  /** CALL5: another device of this person plays the call, so that this one is silent. */
  readonly isSilent: boolean;
  /** CALL4: this device gives its place to another one, or takes that of another one. */
  readonly move: {
    readonly role: 'from' | 'to';
    readonly deviceName: string;
    /** Whose the other one is. */
    readonly userId: string;
  } | null;
  /** The names of this person's other devices in the call. */
  readonly others: readonly string[];
}

/** CALL5: of several devices of one person in one call, one has an open microphone and plays the others. */
export interface OwnDevices {
  follow(state: DeviceCalls): void;
  view(call: ClientCall): OwnDevicesView;
}

const NO_OWN_DEVICES: OwnDevicesView = { isSilent: false, move: null, others: [] };

export function createOwnDevices(options: {
  readonly deviceId: string;
  /** Another device of this person has opened its microphone. */
  readonly onOtherOpened: (key: string, deviceName: string) => void;
}): OwnDevices {
  const { deviceId } = options;
  /** By call: as it was, and which device of this person had an open microphone last. */
  const seen = new Map<string, { readonly group: GroupView; readonly voice: string | null }>();

  const me = (group: GroupView): JoinedParticipant | undefined =>
    group.participants.find((each) => each.deviceId === deviceId);
  const ownOf = (group: GroupView): readonly JoinedParticipant[] => {
    const userId = me(group)?.userId;
    return group.participants.filter((each) => each.userId === userId);
  };
  const isMoving = (group: GroupView, other: string): boolean =>
    (group.moves ?? []).some(
      ({ fromDeviceId, toDeviceId }) =>
        [fromDeviceId, toDeviceId].includes(deviceId) && [fromDeviceId, toDeviceId].includes(other),
    );

  /** Those that are open and were not. Where this device's own opening is not known to the server yet, it is the later one. */
  function openedBeside(before: GroupView, group: GroupView): JoinedParticipant | undefined {
    if (me(before) === undefined || me(group)?.mediaState.muted !== false) return undefined;
    return ownOf(group).find((each) => {
      if (each.deviceId === deviceId || each.mediaState.muted || isMoving(group, each.deviceId)) return false;
      const was = before.participants.find((former) => former.deviceId === each.deviceId);
      return was?.mediaState.muted ?? true;
    });
  }

  function followCall(call: ClientCall, group: GroupView): void {
    const before = seen.get(call.key);
    if (before?.group === group) return;
    const open = ownOf(group).filter(({ mediaState }) => !mediaState.muted);
    const kept = open.some((each) => each.deviceId === before?.voice) && open.length === 1;
    const opened = before === undefined ? undefined : openedBeside(before.group, group);
    const isThere = ownOf(group).some((each) => each.deviceId === before?.voice);
    const voice = kept || open.length === 0 ? (isThere ? (before?.voice ?? null) : null) : null;
    seen.set(call.key, { group, voice: voice ?? open.at(-1)?.deviceId ?? null });
    if (opened !== undefined && !call.mediaState.muted) options.onOtherOpened(call.key, opened.deviceName);
  }

  return {
    follow({ calls }) {
      for (const call of calls)
        if (call.group !== null && call.phase === 'joined' && callIdOf(call) !== null)
          followCall(call, call.group);
      for (const key of seen.keys()) if (!calls.some((call) => call.key === key)) seen.delete(key);
    },
    view({ key, phase, group }) {
      if (group === null || phase !== 'joined' || me(group) === undefined) return NO_OWN_DEVICES;
      const own = ownOf(group);
      const move = (group.moves ?? []).find(({ fromDeviceId, toDeviceId }) =>
        [fromDeviceId, toDeviceId].includes(deviceId),
      );
      const otherId = move?.fromDeviceId === deviceId ? move.toDeviceId : move?.fromDeviceId;
      const other = group.participants.find((each) => each.deviceId === otherId);
      const voice = seen.get(key)?.voice ?? own[0]?.deviceId;
      const isOwnMove = other !== undefined && own.includes(other);
      return {
        // Until the old device has left, it is the one that is heard.
        isSilent: isOwnMove ? move?.toDeviceId === deviceId : own.length > 1 && voice !== deviceId,
        move:
          move === undefined || other === undefined
            ? null
            : {
                role: move.fromDeviceId === deviceId ? 'from' : 'to',
                deviceName: other.deviceName,
                userId: other.userId,
              },
        others: own.filter((each) => each.deviceId !== deviceId).map(({ deviceName }) => deviceName),
      };
    },
  };
}

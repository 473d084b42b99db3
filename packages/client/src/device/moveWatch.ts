import { callIdOf, type ClientCall, type DeviceRequest } from '@visavis/call';
import type { GroupMove, GroupView } from '@visavis/protocol';
import type { ForwardedMediaState } from '../media/index.ts';
import type { Timers } from '../timers.ts';

/**
 * A device that takes a call over says that it has its media when everybody who speaks has begun to arrive; somebody who does not
 * get through it waits for no longer than this. Longer: the call is at both devices for as long.
 */
const PATIENCE_MS = 3_000;

/** CALL4: says once of each move that what it waits for has arrived here. */
export interface MoveWatch {
  follow(call: ClientCall, forwarded: ForwardedMediaState, isSealed: boolean): void;
  /** A call is over. */
  forget(key: string): void;
}

export function createMoveWatch(options: {
  readonly deviceId: string;
  readonly request: (request: DeviceRequest) => Promise<unknown>;
  readonly timers: Timers;
  /** The patience with somebody is over: follow again. */
  readonly onDue: (key: string) => void;
}): MoveWatch {
  const { deviceId, request, timers } = options;
  /** By call: moves that were confirmed, and since when this device flows. */
  const calls = new Map<
    string,
    { confirmed: Set<string>; flowingSinceAt: number | null; cancel: () => void }
  >();

  const entryOf = (key: string) => {
    const known = calls.get(key) ?? { confirmed: new Set<string>(), flowingSinceAt: null, cancel: () => {} };
    calls.set(key, known);
    return known;
  };

  /** Of a device that takes a call over: how many of those who speak there are, and how many of them have begun to come. */
  function countVoices(group: GroupView, { remotes }: ForwardedMediaState) {
    const userId = group.participants.find((each) => each.deviceId === deviceId)?.userId;
    const from = (group.moves ?? []).find(({ toDeviceId }) => toDeviceId === deviceId)?.fromDeviceId;
    const voices = group.participants.filter(
      (each) => each.userId !== userId && each.deviceId !== from && !each.mediaState.muted,
    );
    const come = voices.filter((each) => remotes.get(each.deviceId)?.hasAudio === true);
    return { all: voices.length, come: come.length };
  }

  function isArrived(
    key: string,
    { toDeviceId }: GroupMove,
    group: GroupView,
    forwarded: ForwardedMediaState,
    isSealed: boolean,
  ): boolean {
    if (toDeviceId !== deviceId) return forwarded.remotes.get(toDeviceId)?.isReady === true;
    if (forwarded.flow !== 'flowing' || !isSealed) return false;
    const entry = entryOf(key);
    if (entry.flowingSinceAt === null) {
      entry.flowingSinceAt = timers.now();
      entry.cancel = timers.after(PATIENCE_MS, () => options.onDue(key));
    }
    const { all, come } = countVoices(group, forwarded);
    // Where nobody at all gets through, this is no place for the call.
    return come === all || (come > 0 && timers.now() - entry.flowingSinceAt >= PATIENCE_MS);
  }

  return {
    follow(call, forwarded, isSealed) {
      const { group, key } = call;
      const callId = callIdOf(call);
      if (group === null || call.phase !== 'joined' || callId === null) return;
      const userId = group.participants.find((each) => each.deviceId === deviceId)?.userId;
      const { confirmed } = entryOf(key);
      const moves = group.moves ?? [];
      for (const id of confirmed) if (!moves.some((move) => idOf(move) === id)) confirmed.delete(id);
      for (const move of moves) {
        const from = group.participants.find((each) => each.deviceId === move.fromDeviceId);
        // Nobody is played what their own devices send.
        const isWatched = move.toDeviceId === deviceId || from?.userId !== userId;
        if (!isWatched || confirmed.has(idOf(move))) continue;
        if (!isArrived(key, move, group, forwarded, isSealed)) continue;
        confirmed.add(idOf(move));
        void request({ type: 'confirm_move', callId, payload: { toDeviceId: move.toDeviceId } });
      }
      if (moves.every(({ toDeviceId }) => toDeviceId !== deviceId)) {
        entryOf(key).cancel();
        entryOf(key).flowingSinceAt = null;
      }
    },
    forget(key) {
      calls.get(key)?.cancel();
      calls.delete(key);
    },
  };
}

const idOf = ({ fromDeviceId, toDeviceId }: GroupMove): string => `${fromDeviceId} ${toDeviceId}`;

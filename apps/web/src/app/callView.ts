import type { ClientCall } from '@visavis/call';
import type { DeviceCallView, DeviceView } from '@visavis/client';
import { picturesOf } from './pictures.ts';
import { toSealView } from './sealView.ts';
import type { CallPhase, CallView, GroupCallView } from '../model/model.ts';

/** A short break is mended before anybody needs to read of it. */
const SHOW_LOSS_AFTER_MS = 1_000;

/** What is shown beside what the device knows. */
export interface CallSurroundings {
  /** What is shown of the group calls, by key. */
  readonly groups: ReadonlyMap<string, GroupCallView>;
  /** Of this device. */
  readonly deviceId: string;
  /** How loud both sides are at present. */
  readonly levels: (key: string) => CallView['levels'];
  /** How loud this person wants to hear somebody. */
  readonly volume: (key: string, userId: string) => number;
  /** This device's wall time in ms. */
  readonly now: number;
}

/** What the screens show of this device's calls. */
export function toCallViews(
  view: DeviceView,
  { groups, deviceId, levels, volume, now }: CallSurroundings,
): readonly CallView[] {
  const serverNow = now + view.clockOffsetMs;
  return view.calls.map((entry) => {
    const { key, peer } = entry.call;
    return {
      ...toCallView(entry, view, levels(key), volume(key, peer.userId), serverNow),
      seal: toSealView(entry, deviceId),
      group: groups.get(key) ?? null,
    };
  });
}

function toCallView(
  entry: DeviceCallView,
  view: DeviceView,
  levels: CallView['levels'],
  volume: number,
  serverNow: number,
): Omit<CallView, 'group' | 'seal'> {
  const { call, local, media, group, quality } = entry;
  const remote = call.phase === 'joined' && group === null ? call.remote : null;
  const voice = group === null ? (media?.remoteStream ?? null) : null;
  return {
    key: call.key,
    person: call.peer,
    callType: call.callType,
    direction: call.direction,
    phase: toPhase(entry, view, serverNow),
    local: {
      ...local,
      muted: call.mediaState.muted,
      camera: call.mediaState.camera,
      paused: quality.isPaused,
    },
    remote: {
      stream: voice === null ? null : picturesOf(voice),
      voice,
      muted: remote?.mediaState.muted ?? false,
      camera: remote?.mediaState.camera ?? false,
      held: remote?.mediaState.held ?? false,
      checking: remote?.mediaState.checking ?? false,
      paused: remote?.mediaState.paused ?? false,
      hidesPictures: remote?.mediaState.pictures === 0,
      deviceName: remote?.deviceName ?? null,
      volume,
    },
    levels,
    quality,
    path: group?.forwarded?.flow === 'flowing' ? 'forwarded' : (media?.path ?? null),
  };
}

function toPhase({ call, seal }: DeviceCallView, view: DeviceView, serverNow: number): CallPhase {
  // Screens count in this device's time.
  const local = (at: number): number => at - view.clockOffsetMs;
  switch (call.phase) {
    case 'dialing':
      return { name: 'dialing' };
    case 'calling':
      return call.progress.length === 0 ? { name: 'reaching' } : { name: 'ringing', progress: call.progress };
    case 'incoming': {
      const waiting = view.state.calls.some(
        (other) => other.key !== call.key && other.phase !== 'incoming' && other.phase !== 'ended',
      );
      return { name: 'incoming', silent: call.silent, waiting };
    }
    case 'answering':
    case 'joining':
      return { name: 'connecting', connectedAt: null };
    case 'waiting':
      return { name: 'waiting' };
    case 'joined': {
      const connectedAt = local(call.connectedAt);
      if (call.mediaState.held) return { name: 'held', connectedAt };
      // Keys that are not what they should be are no fault of the network, and do not look like one.
      if (seal?.phase === 'held' || call.remote?.mediaState.checking === true)
        return { name: 'connected', connectedAt };
      const sinceAt = call.flowSinceAt;
      if (call.flow === 'connecting') return { name: 'connecting', connectedAt };
      if (call.flow === 'lost' && serverNow - sinceAt >= SHOW_LOSS_AFTER_MS) {
        return { name: 'reconnecting', connectedAt, sinceAt: local(sinceAt) };
      }
      return { name: 'connected', connectedAt };
    }
    case 'ended':
      return { name: 'ended', reason: call.reason, durationMs: call.durationMs, by: call.by };
  }
}

/** CALL4: it was to come here, and was over or elsewhere by then. */
export const isGone = (call: ClientCall): boolean =>
  call.phase === 'ended' &&
  call.group !== null &&
  call.reason === 'failed_to_start' &&
  (call.code === 'MOVE_GONE' || call.code === 'CALL_UNAVAILABLE');

/** Calls that ended by this person's own hand leave no summary; everything else does, until it is put away. */
export function endsQuietly(call: ClientCall): boolean {
  if (call.phase !== 'ended') return false;
  if (isGone(call) || call.code === 'ALREADY_MOVING') return true;
  return call.direction === 'outgoing' ? call.reason === 'cancelled' : call.reason === 'declined_elsewhere';
}

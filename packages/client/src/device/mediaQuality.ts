import { callIdOf, type ClientCall } from '@visavis/call';
import { LIMITS } from '@visavis/protocol';
import type { DirectMedia } from '../media/index.ts';
import { createCallQuality, type CallQuality, type WatchedCall } from './callQuality.ts';
import type { CallMediaOptions } from './callMediaTypes.ts';
import type { GroupMedia } from './groupMedia.ts';

interface MediaQualityOptions extends Pick<
  CallMediaOptions,
  'deviceId' | 'timers' | 'getState' | 'dispatch' | 'measureServer' | 'saveQuality' | 'onChange'
> {
  readonly directOf: (key: string) => DirectMedia | null;
  readonly groups: Pick<GroupMedia, 'has' | 'mediaOf' | 'getStats' | 'followQuality' | 'followTracks'>;
}

/** The quality of the calls of a device, brought to their media and to the others. */
export interface MediaQuality extends CallQuality {
  /** Of whichever media are in use. */
  getStats(key: string): Promise<RTCStatsReport | null>;
}

export function createMediaQuality(options: MediaQualityOptions): MediaQuality {
  const { groups, directOf } = options;
  const getStats = (key: string): Promise<RTCStatsReport | null> =>
    groups.has(key) ? groups.getStats(key) : (directOf(key)?.getStats() ?? Promise.resolve(null));
  const quality = createCallQuality({
    timers: options.timers,
    getCalls: () => options.getState().calls.flatMap(watched),
    getStats,
    measureServer: options.measureServer,
    onSummary: options.saveQuality,
    onChange,
  });

  function watched(call: ClientCall): WatchedCall | [] {
    const callId = callIdOf(call);
    if (call.phase !== 'joined' || callId === null) return [];
    const { key, mediaState, remote, group } = call;
    const media = groups.has(key) ? groups.mediaOf(key) : directOf(key)?.getState();
    const others =
      group === null
        ? [remote?.mediaState]
        : group.participants
            .filter(({ deviceId }) => deviceId !== options.deviceId)
            .map((participant) => participant.mediaState);
    return {
      key,
      callId,
      connectionId: media?.connectionId ?? null,
      isForwarded: groups.has(key),
      hasCamera: mediaState.camera && !mediaState.held,
      // In a group each gets what it asks for, and costs the others nothing.
      otherSavesData: group === null && remote?.mediaState.lowData === true,
      otherPictures: group === null ? (remote?.mediaState.pictures ?? null) : null,
      others: others.map((state) => state?.line ?? 'good'),
    };
  }

  /** Calls whose camera was turned off for their budget: the person may turn it on again. */
  const spent = new Set<string>();

  function keepBudget({ key, phase, mediaState }: ClientCall): void {
    const { budget } = quality.view(key);
    if (phase !== 'joined' || budget === null || budget.state === 'pictures') return void spent.delete(key);
    if (spent.has(key)) return;
    spent.add(key);
    if (mediaState.camera) options.dispatch({ type: 'set_media', key, change: { camera: false } });
  }

  /** CALL6: what this device holds back, wants and says of its line is told to the others. */
  function onChange(): void {
    const { lowData } = quality.getWishes();
    for (const call of options.getState().calls) keepBudget(call);
    for (const { key, phase, mediaState } of options.getState().calls) {
      if (phase !== 'joined') continue;
      const { isPaused: paused } = quality.view(key);
      const line = quality.lineOf(key);
      const pictures = Math.min(
        quality.wishesOf(key).pictures ?? LIMITS.pictureBitrate,
        LIMITS.pictureBitrate,
      );
      directOf(key)?.setLimits(quality.limitsOf(key));
      directOf(key)?.setBuffer(quality.bufferOf(key));
      groups.followQuality(key);
      groups.followTracks(key);
      const isTold =
        (mediaState.paused ?? false) === paused &&
        (mediaState.lowData ?? false) === lowData &&
        (mediaState.line ?? 'good') === line &&
        (mediaState.pictures ?? LIMITS.pictureBitrate) === pictures;
      if (!isTold) options.dispatch({ type: 'set_media', key, change: { paused, lowData, line, pictures } });
    }
    options.onChange();
  }

  return { ...quality, getStats };
}

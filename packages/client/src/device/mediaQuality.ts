import type { ClientCall } from '@visavis/call';
import type { DirectMedia } from '../media/index.ts';
import { createCallQuality, type CallQuality, type WatchedCall } from './callQuality.ts';
import type { CallMediaOptions } from './callMediaTypes.ts';
import type { GroupMedia } from './groupMedia.ts';

interface MediaQualityOptions extends Pick<
  CallMediaOptions,
  'timers' | 'getState' | 'dispatch' | 'onChange'
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
    onChange,
  });

  function watched(call: ClientCall): WatchedCall | [] {
    if (call.phase !== 'joined') return [];
    const { key, mediaState, remote, group } = call;
    const media = groups.has(key) ? groups.mediaOf(key) : directOf(key)?.getState();
    return {
      key,
      connectionId: media?.connectionId ?? null,
      isForwarded: groups.has(key),
      hasCamera: mediaState.camera && !mediaState.held,
      // In a group each gets what it asks for, and costs the others nothing.
      otherSavesData: group === null && remote?.mediaState.lowData === true,
    };
  }

  /** CALL6: what this device holds back is seen by the others. */
  function onChange(): void {
    const { lowData } = quality.getWishes();
    for (const { key, phase, mediaState } of options.getState().calls) {
      if (phase !== 'joined') continue;
      const { isPaused: paused } = quality.view(key);
      directOf(key)?.setLimits(quality.limitsOf(key));
      directOf(key)?.setBuffer(quality.bufferOf(key));
      groups.followQuality(key);
      groups.followTracks(key);
      if ((mediaState.paused ?? false) !== paused || (mediaState.lowData ?? false) !== lowData)
        options.dispatch({ type: 'set_media', key, change: { paused, lowData } });
    }
    options.onChange();
  }

  return { ...quality, getStats };
}

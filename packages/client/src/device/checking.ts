import type { ClientCall } from '@visavis/call';
import type { MediaState } from '@visavis/protocol';
import type { SealState } from './seal.ts';

/**
 * CALL6: whoever has to look at somebody's key first says so, because nothing comes from them meanwhile and it would look like a
 * fault of the network.
 *
 * @param phaseOf - of the keys of a call; null: it has none
 */
export function tellChecking(
  calls: readonly ClientCall[],
  phaseOf: (call: ClientCall) => SealState['phase'] | null,
  dispatch: (event: {
    readonly type: 'set_media';
    readonly key: string;
    readonly change: Partial<MediaState>;
  }) => void,
): void {
  for (const call of calls) {
    const checking = phaseOf(call) === 'held';
    if (call.phase !== 'joined' || (call.mediaState.checking ?? false) === checking) continue;
    dispatch({ type: 'set_media', key: call.key, change: { checking } });
  }
}

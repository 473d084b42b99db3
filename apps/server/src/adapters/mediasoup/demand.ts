import { parseScalabilityMode, type types } from 'mediasoup';

/** The number of the largest layer that a stream can have. */
export function largestLayer({ encodings = [] }: types.RtpParameters): number {
  // A consumer has one encoding, whose mode says how many there are; a producer has one for each simulcast layer.
  const inMode = parseScalabilityMode(encodings[0]?.scalabilityMode).spatialLayers;
  return Math.max(encodings.length, inMode) - 1;
}

/** What one device is sent of a track. */
export interface Watcher {
  readonly isPaused: boolean;
  /** null: the largest. */
  readonly spatialLayer: number | null;
}

/** The largest layer that anybody watches; null: nobody watches. */
export function demandOf(watchers: readonly Watcher[], largest: number): number | null {
  const watched = watchers
    .filter(({ isPaused }) => !isPaused)
    .map(({ spatialLayer }) => spatialLayer ?? largest);
  return watched.length === 0 ? null : Math.min(largest, Math.max(...watched));
}

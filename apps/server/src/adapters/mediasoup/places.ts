import type { types } from 'mediasoup';
import { MEDIA_CODECS } from './codecs.ts';
import type { MediaWorker } from './workers.ts';

/** A call's part on one worker. */
export interface Place {
  readonly media: MediaWorker;
  readonly router: types.Router;
  readonly observer: types.AudioLevelObserver;
}

/** A device counts as much as so many streams until it sends and receives: many join at once. */
const STREAMS_PER_DEVICE = 4;
/** The shortest that a worker can do. */
const LEVELS_EVERY_MS = 250;
/** dBov. Below it is noise; it is also below what counts as speech. */
const AUDIBLE_DBOV = -65;
/** So many microphones are heard of at a time. */
const MOST_LEVELS = 16;

const loadOf = ({ consumers, devices }: MediaWorker): number => consumers + devices * STREAMS_PER_DEVICE;

/** How full all of them are together: 1 is what they are to carry. */
export const fullnessOf = (workers: readonly MediaWorker[], capacity: number): number =>
  workers.reduce((sum, worker) => sum + loadOf(worker), 0) / (capacity * Math.max(workers.length, 1));

const leastLoaded = (workers: readonly MediaWorker[]): MediaWorker | undefined =>
  workers.toSorted((a, b) => loadOf(a) - loadOf(b))[0];

/**
 * The worker for one more device of a call: where the call is, as long as there is room; else the one with the most room;
 * where all are full, where the call is, because spreading it then only costs more.
 *
 * @param own - those that the call is on
 * @param capacity - how much a worker takes on
 */
export function chooseWorker(
  own: readonly MediaWorker[],
  alive: readonly MediaWorker[],
  capacity: number,
): MediaWorker | undefined {
  const hasRoom = (worker: MediaWorker): boolean => loadOf(worker) < capacity;
  return (
    leastLoaded(own.filter(hasRoom)) ??
    leastLoaded(alive.filter(hasRoom)) ??
    leastLoaded(own) ??
    leastLoaded(alive)
  );
}

export async function openPlace(media: MediaWorker): Promise<Place> {
  const router = await media.worker.createRouter({ mediaCodecs: MEDIA_CODECS });
  const observer = await router.createAudioLevelObserver({
    interval: LEVELS_EVERY_MS,
    threshold: AUDIBLE_DBOV,
    maxEntries: MOST_LEVELS,
  });
  return { media, router, observer };
}

import type { DeviceInUse } from './returning.ts';
import type { KindFailure } from './problems.ts';
import { sameProcessing, type SoundProcessing } from './sound.ts';

export interface Exchange {
  readonly id: string;
  /** Nobody has asked for it: say so. */
  readonly isByItself: boolean;
}

/** One kind of device: what is open, what went wrong, what was chosen. */
export interface Source {
  track: MediaStreamTrack | null;
  /** Of the track: browsers do not tell any more once it has ended. */
  inUse: DeviceInUse | null;
  failure: KindFailure | null;
  chosenId: string | null;
  /** It would be in use if it had not gone away. */
  lostId: string | null;
  /** Another device, or the same with other processing, is wanted while one is open. */
  exchange: Exchange | null;
  /** Of a microphone that is open. */
  processing: SoundProcessing | null;
  isOpening: boolean;
  /** The one in use went away: say what takes its place, however long that takes. */
  wasLost: boolean;
}

export const createSource = (chosenId: string | null): Source => ({
  track: null,
  inUse: null,
  failure: null,
  chosenId,
  lostId: null,
  exchange: null,
  processing: null,
  isOpening: false,
  wasLost: false,
});

/** Some machines cannot have two cameras open at once: the old one goes first, then it is tried again. */
export function makeRoom(source: Source): void {
  source.track?.stop();
  source.track = null;
}

export function release(source: Source): void {
  makeRoom(source);
  source.inUse = null;
  source.failure = null;
  source.lostId = null;
  source.wasLost = false;
  source.exchange = null;
}

/** The person has chosen: what was lost is not waited for any more. */
export function chooseDevice(source: Source, id: string): void {
  source.chosenId = id;
  source.lostId = null;
  source.failure = null;
  source.exchange = source.track !== null && source.inUse?.id !== id ? { id, isByItself: false } : null;
}

/** The microphone that is open is to be processed in another way: it is opened anew, the same one. */
export function reprocess(source: Source, wanted: SoundProcessing): void {
  const { track, processing, inUse } = source;
  if (track === null || inUse === null || processing === null || sameProcessing(processing, wanted)) return;
  source.exchange ??= { id: inUse.id, isByItself: false };
}

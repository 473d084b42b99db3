export type { MediaCodec } from './codecs.ts';
export {
  type CryptoWorker,
  type CryptoWorkerOptions,
  type KeysHandlers,
  startCryptoWorker,
} from './cryptoWorker.ts';
export { type SealedLine, type SealedMedia, createSealedMedia, findSealProblem } from './sealedMedia.ts';
export { codecOf, type MediaSeal, slotsOf } from './sources.ts';
export { withoutStrayFeedback } from './strayFeedback.ts';

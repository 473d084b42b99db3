export type { MediaCodec } from './codecs.ts';
export {
  type CryptoWorker,
  type CryptoWorkerOptions,
  type KeysHandlers,
  startCryptoWorker,
} from './cryptoWorker.ts';
export { type SealedLine, type SealedMedia, canSeal, createSealedMedia } from './sealedMedia.ts';
export { withoutStrayFeedback } from './strayFeedback.ts';

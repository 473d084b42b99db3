export { type CallKeys, type WorkerScope, type WorkerTimers, startCryptoWorker } from './cryptoWorker.ts';

export {
  type CallKeys,
  type MemberSurroundings,
  type StartMember,
  type WorkerScope,
  type WorkerTimers,
  startCryptoWorker,
} from './cryptoWorker.ts';
export type { MemberLeaf } from './tracks.ts';
export { startMember } from '../member/startMember.ts';

export {
  type CallKeys,
  type MemberSurroundings,
  type StartMember,
  type WorkerScope,
  startCryptoWorker,
} from './cryptoWorker.ts';
export type { WorkerTimers } from './timers.ts';
export type { AdmittedKeys } from './admissions.ts';
export type { DeviceLeaf, MemberLeaf } from './tracks.ts';
export { startMember } from '../member/startMember.ts';

export {
  type CallKeys,
  type MemberSurroundings,
  type StartMember,
  type WorkerScope,
  type WorkerTimers,
  startCryptoWorker,
} from './cryptoWorker.ts';
export type { AdmittedKeys } from './admissions.ts';
export type { DeviceLeaf, MemberLeaf } from './tracks.ts';
export { startMember } from '../member/startMember.ts';

/*
 * What people do about their identity now and then: an entry of its own, so that pages load it when it is wanted.
 */
export * from './approval/index.ts';
export {
  CODE_LETTERS,
  judgeTyped,
  makeRecovery,
  takeRecovery,
  type RecoveryFailure,
  type TypedCode,
} from './recovery.ts';

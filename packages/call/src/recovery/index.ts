export { createRecovery, nextRecoveryDeadline, pathStateOf, stepRecovery } from './step.ts';
export { RECOVERY_TIMES } from './times.ts';
export type { PathState, Recovery, RecoveryAction, RecoveryInput, RecoveryStep } from './types.ts';

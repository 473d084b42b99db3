export * from './types.ts';
export { NO_CALLS, callIdOf, findByKey, isActive } from './changes.ts';
export { nextDeviceDeadline, stepDevice } from './step.ts';
export { alertOf, type Alert } from './alerts.ts';

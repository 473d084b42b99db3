export * from './types.ts';
export { NO_CALLS, callIdOf, findByKey, isActive } from './changes.ts';
export { stepDevice } from './step.ts';
export { nextDeviceDeadline } from './deadline.ts';
export { alertOf, type Alert } from './alerts.ts';

export { createCallKeys } from './callKeys.ts';
export type { CallKeys, CallKeysOptions } from './types.ts';

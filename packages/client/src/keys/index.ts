export { createCallKeys } from './callKeys.ts';
export type { CallKeys } from './types.ts';

export * from './server/index.ts';
export * from './session/index.ts';
export * from './client/index.ts';
export * from './negotiation/index.ts';
export * from './recovery/index.ts';
export * from './group/index.ts';
export * from './keys/index.ts';

export * from './server/index.ts';
export * from './session/index.ts';
export * from './client/index.ts';

export * from './server/index.ts';
export * from './session/index.ts';

export * from './bytes.ts';
export * from './sframe/index.ts';
export * from './replay/index.ts';
export * from './frames/index.ts';
export * from './mls/index.ts';
export * from './identity/index.ts';

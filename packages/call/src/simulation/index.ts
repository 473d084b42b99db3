export { runSimulation, type SimulationOptions, type SimulationResult } from './run.ts';
export { REAL_MACHINES, type Machines } from './machines.ts';
export { auditShape, auditStep } from './auditServer.ts';
export { createVirtualClock, type VirtualClock } from './clock.ts';
export { handleMediaSignal, offerMedia, prepareMedia, type MediaModel } from './media.ts';
export { KIND, must, RuleBroken } from './world.ts';
export { createIds, createRandom, type Random } from './random.ts';

export { runSimulation, type SimulationOptions, type SimulationResult } from './run.ts';
export { REAL_MACHINES, type Machines } from './machines.ts';
export { auditShape, auditStep } from './auditServer.ts';
export { RuleBroken } from './world.ts';
export { createRandom, type Random } from './random.ts';

/// <reference types="node" />
import { describe, expect, it } from 'vitest';
import { runSimulation, type SimulationOptions, type SimulationResult } from '../src/simulation/index.ts';
import { PLANTED_FAULTS } from './plantedFaults.ts';

const SEEDS = 5_000;
/** A fault has to be found within that many seeds. */
const SEEDS_TO_FIND = 400;

/** Fails with the rule that was broken, how to see it again, and the last that happened before. */
function expectSound(options: SimulationOptions): SimulationResult {
  const result = runSimulation(options);
  if (result.broken === null) return result;
  const { trace } = runSimulation({ ...options, trace: true });
  const replay = `VISAVIS_SEED=${options.seed} npx vitest run --project simulation packages/call`;
  return expect.fail(`${result.broken}\nreplay: ${replay}\n${trace.slice(-60).join('\n')}`);
}

const chosen = process.env['VISAVIS_SEED'];

describe.runIf(chosen !== undefined)('one seed', () => {
  it(`seed ${chosen} holds every rule`, () => {
    const seed = Number(chosen);
    for (const steps of [60, 400]) expectSound({ seed, steps });
    expectSound({ seed, realWire: true });
  });
});

describe.runIf(chosen === undefined)('devices and server over bad wires', () => {
  it(`every rule holds in ${SEEDS} seeds, in which everything that can happen does`, () => {
    const totals = new Map<string, number>();
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      const { counts } = expectSound({ seed });
      for (const [name, count] of Object.entries(counts)) totals.set(name, (totals.get(name) ?? 0) + count);
    }
    for (const [name, count] of totals) {
      // Media are given up only where a path is dead for a minute.
      expect(count, name).toBeGreaterThan(name === 'mediaGaveUp' ? 0 : SEEDS / 20);
    }
  });

  it('every rule holds in long runs', () => {
    for (let seed = 1; seed <= 300; seed += 1) expectSound({ seed, steps: 400 });
  });

  it('every message that the machines send is one that the protocol allows', () => {
    for (let seed = 1; seed <= 500; seed += 1) expectSound({ seed, realWire: true });
  });

  it('the same seed gives the same run', () => {
    for (let seed = 1; seed <= 20; seed += 1)
      expect(runSimulation({ seed, trace: true })).toEqual(runSimulation({ seed, trace: true }));
  });

  it.each(PLANTED_FAULTS)(`finds within ${SEEDS_TO_FIND} seeds that $name`, ({ machines }) => {
    let found: string | null = null;
    for (let seed = 1; seed <= SEEDS_TO_FIND && found === null; seed += 1)
      found = runSimulation({ seed, machines }).broken;
    expect(found).not.toBeNull();
  });
});

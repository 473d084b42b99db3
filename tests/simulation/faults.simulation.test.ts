import { describe, expect, it } from 'vitest';
import { findOpenFault } from './openFaults.ts';
import { PLANTED_FAULTS } from './plantedFaults.ts';
import { runDistributed } from './run.ts';

/** A fault has to be found within that many seeds. */
const SEEDS_TO_FIND = 120;

describe.runIf(process.env['VISAVIS_NODES_SEED'] === undefined)('faults between nodes', () => {
  it.each(PLANTED_FAULTS)(`finds within ${String(SEEDS_TO_FIND)} seeds that $name`, async ({ alter }) => {
    let found: string | null = null;
    for (let seed = 1; seed <= SEEDS_TO_FIND && found === null; seed += 1) {
      const { broken } = await runDistributed({ seed, alter });
      if (broken !== null && findOpenFault(broken) === null) found = broken;
    }
    expect(found).not.toBeNull();
  });
});

import { expect } from 'vitest';
import { findOpenFault } from './openFaults.ts';
import { runDistributed, type DistributedOptions, type DistributedResult } from './run.ts';

/** How much of what happened before is shown. */
const LINES = 120;

/** Fails with the rule that was broken, how to see it again, and the last that happened before; not for an open fault. */
export async function expectSound(options: DistributedOptions): Promise<DistributedResult> {
  const result = await runDistributed(options);
  if (result.broken === null || findOpenFault(result.broken) !== null) return result;
  const { trace } = await runDistributed({ ...options, trace: 'what happens' });
  const replay = `VISAVIS_NODES_SEED=${String(options.seed)} npx vitest run --project simulation tests/simulation`;
  return expect.fail(`${result.broken}\nreplay: ${replay}\n${trace.slice(-LINES).join('\n')}`);
}

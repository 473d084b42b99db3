import { describe, expect, it } from 'vitest';
import { expectSound } from './expectSound.ts';
import { findOpenFault } from './openFaults.ts';
import { runDistributed } from './run.ts';

/** How many seeds each run of the tests goes through; more with VISAVIS_NODES_SEEDS. */
const SEEDS = 400;
/** More than that share of the runs, and the faults that are known hide others. */
const MOST_OPEN = 0.08;
/** What the simulation has found once and what is mended (docs/decisions/0045-what-is-late-does-no-harm.md and 0078). */
const MENDED: readonly (readonly [number, string])[] = [
  [30, 'a call_progress after the end of its call'],
  [121, 'notices of presence in the wrong order'],
  [201, 'notices of presence in the wrong order'],
  [233, 'notices of presence in the wrong order'],
  [309, 'notices of presence in the wrong order'],
  [381, 'notices of presence in the wrong order'],
  [246, 'somebody who asked and heard of what the others were never told'],
  [391, 'a window that is ended by a socket of its own that it gave up'],
  [56, 'a device that is taken for offline while it registers'],
  [75, 'a device that is taken for offline while it registers'],
  [249, 'a device that two nodes register at once'],
  [884, 'a device that two nodes register at once'],
  [225, 'what somebody sent a while ago after what they send now'],
];
/** What has to have happened in one run of twenty at least: what is broken, what comes of it, and what is looked at. */
const HAPPENS =
  'crashes deathsBetweenSteps stops drains starts stalls resets gaps emptied redisOutages databaseOutages lateAnswers ' +
  'lostAnswers lostReplies lostSockets reloads repeats nodeClocksSet deviceClocksSet resumed fresh dials answers refusals events deadlines';
const count = Number(process.env['VISAVIS_NODES_SEEDS'] ?? SEEDS);
const chosen = process.env['VISAVIS_NODES_SEED'];

const report = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

describe.runIf(chosen !== undefined)('one seed', () => {
  it(`seed ${String(chosen)} holds every rule`, async () => {
    await expectSound({ seed: Number(chosen) });
    await expectSound({ seed: Number(chosen), steps: 200 });
  });
});

describe.runIf(chosen === undefined)(
  'several nodes of the real server, with devices of the real client',
  () => {
    it(`every rule holds in ${String(count)} seeds, in which everything that can happen does`, async () => {
      const totals = new Map<string, number>();
      let worstDeadlineMs = 0;
      let longestMs = 0;
      const openFaults = new Map<string, number[]>();
      for (let seed = 1; seed <= count; seed += 1) {
        const { broken, counts, worstDeadlineMs: worst, settledAfterMs } = await expectSound({ seed });
        const fault = broken === null ? null : findOpenFault(broken);
        if (fault !== null) openFaults.set(fault.name, [...(openFaults.get(fault.name) ?? []), seed]);
        for (const [name, times] of counts) totals.set(name, (totals.get(name) ?? 0) + times);
        worstDeadlineMs = Math.max(worstDeadlineMs, worst);
        if (broken === null) longestMs = Math.max(longestMs, settledAfterMs);
      }
      report(
        `${String(count)} seeds: the latest deadline was met after ${String(worstDeadlineMs)} ms, ` +
          `all was quiet after ${String(longestMs)} ms at most, with ${JSON.stringify(Object.fromEntries(totals))}`,
      );
      for (const [name, seeds] of openFaults)
        report(`open fault in ${String(seeds.length)} of them: ${name}; seeds ${seeds.join(', ')}`);
      const met = [...openFaults.values()].reduce((sum, { length }) => sum + length, 0);
      expect(met / count, 'the share of runs that meet an open fault').toBeLessThan(MOST_OPEN);
      for (const name of HAPPENS.split(' ')) expect(totals.get(name) ?? 0, name).toBeGreaterThan(count / 20);
    });

    it.each(MENDED)('seed %i, that found %s, holds every rule', async (seed) => {
      expect((await expectSound({ seed })).broken).toBeNull();
    });

    it('every rule holds in long runs', async () => {
      for (let seed = 1; seed <= 5; seed += 1) await expectSound({ seed, steps: 120 });
    });

    it('the same seed gives the same run', async () => {
      for (let seed = 1; seed <= 5; seed += 1) {
        const options = { seed, trace: 'everything' } as const;
        expect(await runDistributed(options)).toEqual(await runDistributed(options));
      }
    });
  },
);

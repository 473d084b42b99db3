import { setTimeout as wait } from 'node:timers/promises';
import { audit, type Tally } from './audit.ts';
import { readCalls } from './record.ts';
import type { Stage } from './stage.ts';

/** How long the crowd calls before and after the fault. */
const BEFORE_MS = 3_000;
const AFTER_MS = 4_000;
const LOOK_MS = 20;
/** The share of all devices that has to be there again. */
const ALMOST_ALL = 0.99;

export interface Run extends Tally {
  /** From the start of the fault until almost all devices were registered for good, in ms; 0 where they always were. */
  readonly registeredAgainMs: number;
  /** The same since the fault was over. */
  readonly sinceMendedMs: number;
  /** How long fewer than that were registered at a time, at most. */
  readonly longestGapMs: number;
  /** When the fault began and when it was over, in wall time. */
  readonly faultAt: number;
  readonly mendedAt: number;
}

/** Lets the crowd call each other, makes the fault, lets them go on, and counts. */
export async function runFault(stage: Stage, fault: () => Promise<void>): Promise<Run> {
  const { crowd, sql } = stage;
  const startedAt = Date.now();
  await crowd.start();
  await wait(BEFORE_MS);
  let lastMissingAt = 0;
  let missingSinceAt: number | null = null;
  let longestGapMs = 0;
  const look = setInterval(() => {
    if (crowd.countRegistered() < crowd.size * ALMOST_ALL) {
      lastMissingAt = Date.now();
      missingSinceAt ??= lastMissingAt;
      longestGapMs = Math.max(longestGapMs, lastMissingAt - missingSinceAt);
    } else missingSinceAt = null;
  }, LOOK_MS);
  const faultAt = Date.now();
  await fault();
  const mendedAt = Date.now();
  await wait(AFTER_MS);
  const ledgers = await crowd.finish();
  clearInterval(look);
  return {
    ...audit(ledgers, await readCalls(sql, startedAt)),
    faultAt,
    mendedAt,
    registeredAgainMs: Math.max(0, lastMissingAt - faultAt),
    longestGapMs,
    sinceMendedMs: Math.max(0, lastMissingAt - mendedAt),
  };
}

const list = (counts: ReadonlyMap<string, number>): string =>
  [...counts].map(([key, times]) => `${String(times)} ${key}`).join(', ') || 'none';

/** A run in words, for whoever reads the tests' output. */
export function describeRun(name: string, run: Run): string {
  const late = run.lateness.map(({ lateMs }) => lateMs);
  return [
    name,
    `  ${String(run.calls)} calls: ${list(run.outcomes)}; dials refused: ${list(run.refused)}`,
    `  ${String(run.requests)} requests, ${String(run.events)} events, ${String(run.signals)} signals`,
    `  lost ${String(run.lost.length)}, doubled ${String(run.doubled.length)}, repeated in fresh sessions ${String(run.repeated)}; ` +
      `${String(run.freshStarts)} fresh sessions, ${String(run.superseded)} signals superseded by new connections`,
    `  99 % registered again after ${String(run.registeredAgainMs)} ms, ${String(run.sinceMendedMs)} ms after the fault was over ` +
      `(fewer for ${String(run.longestGapMs)} ms at a time); `,
    `  ${String(late.length)} ring timeouts, the latest ${String(Math.round(Math.max(0, ...late)))} ms late`,
  ].join('\n');
}

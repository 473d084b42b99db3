import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** Linux counts processor time in hundredths of a second here, whatever the kernel's own tick is. */
const TICK_MS = 10;

/** Processor time that a process has used so far, in the kernel and outside, in ms (`/proc/PID/stat`). */
export function processorMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name of the program, in parentheses, may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

interface Totals {
  readonly all: number;
  readonly idle: number;
}

function readTotals(): Totals {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  const ticks = line.trim().split(/\s+/).slice(1, 9).map(Number);
  return { all: ticks.reduce((sum, each) => sum + each, 0), idle: (ticks[3] ?? 0) + (ticks[4] ?? 0) };
}

/** Starts watching how idle the machine is; the returned function tells the share of idle time since, 0 to 1. */
export function watchIdle(): () => number {
  const before = readTotals();
  return () => {
    const now = readTotals();
    return now.all === before.all ? 1 : (now.idle - before.idle) / (now.all - before.all);
  };
}

/** What the figures were measured on. */
export const describeMachine = () => ({
  cores: cpus().length,
  processor: cpus()[0]?.model ?? 'unknown',
  node: process.version,
});

import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** Linux counts processor time in hundredths of a second here, whatever the kernel's own tick is. */
const TICK_MS = 10;

/** Processor time that a process has used so far, in the kernel and outside, in ms (`/proc/PID/stat`). */
export function processorMs(pid: number): number {
  const fields = readStat(pid);
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** The same of a program that works in processes of its own: those that live, their parent, and those that have ended. */
export function familyMs(children: readonly number[]): number {
  const parent = Number(readStat(children[0] ?? 0)[1]);
  const fields = readStat(parent);
  const ended = (Number(fields[13]) + Number(fields[14])) * TICK_MS;
  return [parent, ...children].reduce((sum, pid) => sum + processorMs(pid), ended);
}

function readStat(pid: number): readonly string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name of the program, in parentheses, may hold spaces.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** Memory of a process that is in the machine's own, in bytes (`/proc/PID/statm`; pages of 4 KiB). */
export const residentBytes = (pid: number): number =>
  Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4_096;

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

import { processorMs, residentBytes, watchIdle } from '../lib/machine.ts';
import { pause } from '../lib/progress.ts';
import type { Crowd, ForwardedCall } from './calls.ts';
import { DEVICES, packetsDue } from './load.ts';

/** Longer rounds: steadier figures; all of them have to fit into a few minutes. */
const ROUND_MS = 8_000;
const LOOK_MS = 1_000;
/** Bandwidth estimates rise from what they begin with until everything is let through. */
const LONGEST_WARM_UP_MS = 30_000;
const STEADY = 0.985;

/** What one round of a call gave; by second where it is not said otherwise. */
export interface Round {
  readonly packetsIn: number;
  readonly packetsOut: number;
  readonly megabitsIn: number;
  readonly megabitsOut: number;
  readonly probes: number;
  /** Share of the packets due that have not come; the direct paths have no such figure. */
  readonly missing: number;
  /** Cores that the forwarding process took. */
  readonly cores: number;
  readonly packetsPerCpuSecond: number;
  readonly latencyMs: { readonly p50: number; readonly p99: number };
  readonly kilobytesPerDevice: number;
  readonly idle: number;
}

/** Lets the devices of a call send, waits until all that is due arrives, and measures. */
export async function play(
  call: ForwardedCall,
  crowd: Crowd,
  { followsDemand }: { readonly followsDemand: boolean },
): Promise<Round> {
  const { senders, receivers } = crowd;
  const due = packetsDue();
  await call.followDemand(followsDemand);
  for (const peers of [senders, receivers]) await peers.tell({ type: 'start', call: call.name });
  await warmUp(call, crowd, due);

  const { name, pid } = call;
  const cpuBefore = pid === null ? 0 : processorMs(pid);
  const idle = watchIdle();
  const startedAt = performance.now();
  await Promise.all([senders.tally(name), receivers.tally(name)]);
  await pause(ROUND_MS);
  const [{ sent }, came] = await Promise.all([senders.tally(name), receivers.tally(name)]);
  const seconds = (performance.now() - startedAt) / 1_000;
  const cpuSeconds = pid === null ? 0 : (processorMs(pid) - cpuBefore) / 1_000;
  const idleShare = idle();
  for (const peers of [senders, receivers]) await peers.tell({ type: 'stop' });
  process.stdout.write('·');
  if (came.broken > 0) throw new Error(`${came.broken} packets of ${name} could not be decrypted`);
  if (came.latencyMs === null) throw new Error(`nothing came through ${name}`);
  return {
    packetsIn: sent.packets / seconds,
    packetsOut: came.received.packets / seconds,
    megabitsIn: (sent.bytes * 8) / seconds / 1e6,
    megabitsOut: (came.received.bytes * 8) / seconds / 1e6,
    probes: came.probes / seconds,
    missing: 1 - came.received.packets / seconds / due,
    cores: cpuSeconds / seconds,
    packetsPerCpuSecond: came.received.packets / cpuSeconds,
    latencyMs: came.latencyMs,
    kilobytesPerDevice: pid === null ? 0 : (residentBytes(pid) - call.idleBytes) / DEVICES / 1_000,
    idle: idleShare,
  };
}

async function warmUp({ name, pid }: ForwardedCall, { receivers }: Crowd, due: number): Promise<void> {
  await receivers.tally(name);
  const deadline = performance.now() + LONGEST_WARM_UP_MS;
  let last = performance.now();
  do {
    await pause(LOOK_MS);
    const { received } = await receivers.tally(name);
    const now = performance.now();
    const rate = (received.packets / (now - last)) * 1_000;
    last = now;
    if (pid === null || rate >= STEADY * due) return;
  } while (last < deadline);
}

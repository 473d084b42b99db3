import { measure, pause } from '../lib/progress.ts';
import type { Result } from '../lib/results.ts';
import { formatSpread, spreadOf } from '../lib/statistics.ts';
import { openBench, type Bench } from './browser.ts';
import type { Kind } from './inPage.ts';

/** Long enough for the policy to have decided, and for the estimate of the path to be settled. */
const SETTLE_MS = 5_000;
const FLOW_MS = 5_000;
/** More than there are processors: nothing keeps up then. */
const LOADS = 8;
const KINDS: readonly Kind[] = ['plain', 'blur', 'picture'];

interface Flow {
  readonly given: number;
  /** Encoded and decoded at the other end, each second. */
  readonly encoded: number;
  readonly decoded: number;
  /** ms of the worker for each picture; of a plain camera nothing. */
  readonly each: number;
  readonly cores: number;
  readonly lines: number;
  readonly isOn: boolean;
}

async function play(bench: Bench, kind: Kind): Promise<Flow> {
  await bench.start(kind);
  await pause(SETTLE_MS);
  const [before, usedBefore, beganAt] = [await bench.read(), await bench.processorMs(), performance.now()];
  await pause(FLOW_MS);
  const [after, used] = [await bench.read(), await bench.processorMs()];
  const seconds = (performance.now() - beganAt) / 1_000;
  await bench.stop();
  return {
    given: (after.given - before.given) / seconds,
    encoded: (after.encoded - before.encoded) / seconds,
    decoded: (after.decoded - before.decoded) / seconds,
    each: after.made === before.made ? 0 : (after.busyMs - before.busyMs) / (after.made - before.made),
    cores: (used - usedBefore) / seconds / 1_000,
    lines: after.height,
    isOn: after.state === 'on',
  };
}

/** @returns ms from when the processor was taken away until the plain camera is there; infinite where it is not within 6 s */
async function overload(bench: Bench): Promise<number> {
  await bench.start('blur');
  await pause(SETTLE_MS);
  if ((await bench.read()).state !== 'on') {
    await bench.stop();
    return 0;
  }
  await bench.load(LOADS);
  await pause(6_000);
  const { givenUpAfterMs } = await bench.read();
  await bench.stop();
  return givenUpAfterMs ?? Number.POSITIVE_INFINITY;
}

/** What another background costs at 1280×720 with 30 pictures a second, and how soon it ends where that is too much. */
export async function benchmarkBackground(rounds: number): Promise<Result> {
  const bench = await openBench();
  const flows: Record<Kind, Flow[]> = { plain: [], blur: [], picture: [] };
  const gone: number[] = [];
  const idle: number[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const kind of KINDS) {
        const played = await measure(() => play(bench, kind));
        flows[kind].push(played.value);
        idle.push(played.idle);
      }
      gone.push(await overload(bench));
    }
  } finally {
    await bench.dispose();
  }
  const of = (kind: Kind, name: Exclude<keyof Flow, 'isOn'>): string =>
    formatSpread(spreadOf(flows[kind].map((flow) => flow[name])));
  const row = (title: string, name: Exclude<keyof Flow, 'isOn'>): string[] => [
    title,
    ...KINDS.map((kind) => of(kind, name)),
  ];
  const changed = [...flows.blur, ...flows.picture];
  const kept = Math.min(...changed.map(({ encoded, given }) => encoded / given));
  return {
    name: 'background',
    table: [
      ['', ...KINDS],
      row('pictures of the camera, each second', 'given'),
      row('encoded', 'encoded'),
      row('decoded at the other end', 'decoded'),
      row('lines of what is decoded', 'lines'),
      row('ms of the worker for each', 'each'),
      row('processors in all', 'cores'),
    ],
    notes: [
      `Still on at the end: ${changed.filter(({ isOn }) => isOn).length} of ${changed.length}`,
      `Gone when ${LOADS} busy workers take the processor, ms: ${formatSpread(spreadOf(gone))}`,
      `Idle processor meanwhile: ${formatSpread(spreadOf(idle))}`,
    ],
    targets: [
      {
        what: 'pictures encoded, of those given',
        limit: 0.9,
        measured: Number(kept.toFixed(2)),
        atLeast: true,
      },
      { what: 'gone when it cannot keep up, ms', limit: 3_000, measured: Math.round(Math.max(...gone)) },
    ],
    figures: { flows, gone, idle },
  };
}

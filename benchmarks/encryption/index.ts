import { measure, measureQuietly, pause } from '../lib/progress.ts';
import type { Result } from '../lib/results.ts';
import { formatSpread, quantile, spreadOf } from '../lib/statistics.ts';
import { type Bench, openBench } from './browser.ts';
import type { Kind } from './inPage.ts';
import type { VideoCodec } from './pair.ts';
import { weighScript } from './script.ts';

/** What a connection needs until its estimate of the path is settled. */
const SETTLE_MS = 2_500;
const FLOW_MS = 5_000;
const CODECS: readonly VideoCodec[] = ['vp8', 'vp9', 'av1'];
/** Of each round of the setup. */
const KINDS: readonly Kind[] = ['plain', 'agreed', 'agreeing'];
const SETUPS_A_ROUND = 4;
const GROUP_ROUNDS = 20;

interface Flow {
  /** Median of the round, ms from generated to decoded. */
  readonly latency: number;
  /** Share of one core that the page takes: one stream of pictures and one of sound, sent and received. */
  readonly share: number;
  readonly decoded: number;
}

/** Bytes that frames grow by, by what they are. */
interface Growth {
  readonly mean: number;
  readonly most: number;
}

async function playFlow(
  bench: Bench,
  kind: Kind,
  codec: VideoCodec,
  growth: Map<string, Growth>,
): Promise<Flow> {
  await bench.prepare(kind, codec);
  await bench.answer();
  await pause(SETTLE_MS);
  await bench.forget();
  const [beganAt, usedBefore] = [performance.now(), await bench.processorMs()];
  await pause(FLOW_MS);
  const share = ((await bench.processorMs()) - usedBefore) / (performance.now() - beganAt);
  const { latencies, generated, counters } = await bench.read();
  await bench.close();
  for (const { slot, frames, addedBytes, mostAddedBytes } of counters?.sent ?? []) {
    if (frames > 0)
      growth.set(slot === 'microphone' ? 'opus' : codec, { mean: addedBytes / frames, most: mostAddedBytes });
  }
  return { latency: quantile(latencies, 0.5), share, decoded: latencies.length / generated };
}

/** What encryption costs: everything once with it and once without, in turns and in the same page. */
export async function benchmarkEncryption(rounds: number): Promise<Result> {
  const script = await weighScript();
  const bench = await openBench();
  const growth = new Map<string, Growth>();
  const flows = { plain: [] as Flow[], sealed: [] as Flow[] };
  const setups: Record<Kind, number[]> = { plain: [], agreed: [], agreeing: [] };
  const idle: number[] = [];
  const group = { commit: [] as number[], process: [] as number[], join: [] as number[] };
  try {
    for (const codec of CODECS.slice(1)) await playFlow(bench, 'agreed', codec, growth);
    for (let round = 0; round <= rounds; round += 1) {
      // One round alone is a try, and the first of more counts for nothing: they do not wait for a quiet machine.
      const play: typeof measure = rounds === 1 || round === 0 ? measure : measureQuietly;
      const flow = await play(async () => ({
        plain: await playFlow(bench, 'plain', 'vp8', growth),
        sealed: await playFlow(bench, 'agreed', 'vp8', growth),
      }));
      const setup = await play(async () => {
        const times: [Kind, number][] = [];
        for (let turn = 0; turn < SETUPS_A_ROUND; turn += 1) {
          for (const kind of KINDS) {
            await bench.prepare(kind, 'vp8');
            times.push([kind, await bench.answer()]);
            await bench.close();
          }
        }
        return times;
      });
      // The first round opens encoders, decoders and code for the first time.
      if (round === 0) continue;
      flows.plain.push(flow.value.plain);
      flows.sealed.push(flow.value.sealed);
      for (const [kind, ms] of setup.value) setups[kind].push(ms);
      const played = await measure(() => bench.playGroup(GROUP_ROUNDS));
      for (const name of ['commit', 'process', 'join'] as const) group[name].push(...played.value[name]);
      idle.push(flow.idle, setup.idle, played.idle);
    }
  } finally {
    await bench.dispose();
  }
  return present({ script, growth, flows, setups, group, idle });
}

interface Figures {
  readonly script: Awaited<ReturnType<typeof weighScript>>;
  readonly growth: ReadonlyMap<string, Growth>;
  readonly flows: { readonly plain: readonly Flow[]; readonly sealed: readonly Flow[] };
  readonly setups: Readonly<Record<Kind, readonly number[]>>;
  readonly group: Readonly<Record<'commit' | 'process' | 'join', readonly number[]>>;
  readonly idle: readonly number[];
}

/** What one costs more than the other, of what was measured one right after the other. */
const more = (ones: readonly number[], others: readonly number[]): readonly number[] =>
  ones.map((one, index) => one - (others[index] ?? Number.NaN));
const round = (value: number, digits = 2): number => Number(value.toFixed(digits));

const cell = (values: readonly number[]): string => formatSpread(spreadOf(values));

function present({ script, growth, flows, setups, group, idle }: Figures): Result {
  const of = (kind: 'plain' | 'sealed', name: keyof Flow): readonly number[] =>
    flows[kind].map((flow) => flow[name]);
  const latency = more(of('sealed', 'latency'), of('plain', 'latency'));
  const share = more(of('sealed', 'share'), of('plain', 'share'));
  const agreeing = more(setups.agreeing, setups.plain);
  const p95 = (name: keyof Figures['group']): number => round(quantile(group[name], 0.95));
  const most = Math.max(...[...growth.values()].map((each) => each.most));
  return {
    name: 'encryption',
    table: [
      ['', 'without', 'with', 'more'],
      ['generated → decoded, ms', cell(of('plain', 'latency')), cell(of('sealed', 'latency')), cell(latency)],
      ['share of a core, both ends', cell(of('plain', 'share')), cell(of('sealed', 'share')), cell(share)],
      ['pictures decoded, of those drawn', cell(of('plain', 'decoded')), cell(of('sealed', 'decoded')), ''],
      [
        'answer → first picture, keys there, ms',
        cell(setups.plain),
        cell(setups.agreed),
        cell(more(setups.agreed, setups.plain)),
      ],
      [
        'answer → first picture, keys agreed on, ms',
        cell(setups.plain),
        cell(setups.agreeing),
        cell(agreeing),
      ],
    ],
    notes: [
      `Bytes that a frame grows by, mean and most: ${[...growth].map(([codec, each]) => `${codec} ${each.mean.toFixed(1)} / ${each.most}`).join(', ')}`,
      `MLS, 32 members, ms: commit ${cell(group.commit)}, process ${cell(group.process)}, join ${cell(group.join)}`,
      `Crypto worker: ${script.kilobytes} kB of gzip; workers at home ${script.workersAtHome}, in a call ${script.workersInCall}`,
      `Idle processor meanwhile: ${cell(idle)}`,
    ],
    targets: [
      { what: 'bytes that a frame grows by, at most', limit: 25, measured: most },
      { what: 'generated → decoded, ms more', limit: 3, measured: round(quantile(latency, 0.5)) },
      { what: 'answer → first picture, ms more', limit: 50, measured: round(quantile(agreeing, 0.5)) },
      { what: 'script, kB of gzip', limit: 60, measured: script.kilobytes },
      { what: 'workers before a call', limit: 0, measured: script.workersAtHome },
      { what: 'commit of 32, p95, ms', limit: 50, measured: p95('commit') },
      { what: 'process of 32, p95, ms', limit: 30, measured: p95('process') },
      { what: 'join of 32, p95, ms', limit: 80, measured: p95('join') },
    ],
    figures: { script, growth: Object.fromEntries(growth), flows, setups, group, idle },
  };
}

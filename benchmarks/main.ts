// npm run benchmark -- NAME [--rounds N]
import { parseArgs } from 'node:util';
import { benchmarkBackground } from './background/index.ts';
import { benchmarkCalls } from './calls/index.ts';
import { benchmarkLoad } from './load/index.ts';
import { benchmarkSharedCalls } from './calls/shared.ts';
import { benchmarkDetour } from './detour/index.ts';
import { benchmarkEncryption } from './encryption/index.ts';
import { benchmarkForwarding } from './forwarding/index.ts';
import { benchmarkHistory } from './history/index.ts';
import { benchmarkIdle } from './idle/index.ts';
import { benchmarkJoining } from './joining/index.ts';
import { publish, type Result } from './lib/results.ts';
import { benchmarkLoss } from './loss/index.ts';
import { benchmarkMessages } from './messages/index.ts';
import { benchmarkRinging } from './ringing/index.ts';
import { benchmarkStorm } from './storm/index.ts';
import { benchmarkTiles } from './tiles/index.ts';
import { benchmarkSetup } from './setup/index.ts';

interface Benchmark {
  readonly title: string;
  readonly rounds: number;
  readonly run: (rounds: number) => Promise<Result>;
}

const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  load: { title: 'The first load of the web client', rounds: 9, run: benchmarkLoad },
  ringing: { title: 'Dial to ringing', rounds: 10, run: benchmarkRinging },
  calls: { title: 'Complete calls per CPU-second', rounds: 4, run: benchmarkCalls },
  'calls-postgres': { title: 'Complete calls on PostgreSQL and Redis', rounds: 4, run: benchmarkSharedCalls },
  history: { title: 'First page of the history', rounds: 3, run: benchmarkHistory },
  idle: { title: 'Memory of an idle device', rounds: 3, run: benchmarkIdle },
  messages: { title: 'Messages per CPU-second', rounds: 4, run: benchmarkMessages },
  storm: { title: 'One of two nodes is killed', rounds: 1, run: benchmarkStorm },
  forwarding: { title: 'A call of 32 is forwarded', rounds: 3, run: benchmarkForwarding },
  detour: { title: 'Straight, and through the media server', rounds: 6, run: benchmarkDetour },
  joining: { title: 'Join to the pictures and sounds of all', rounds: 3, run: benchmarkJoining },
  loss: { title: 'A path that loses packets, or narrows', rounds: 3, run: benchmarkLoss },
  encryption: { title: 'What encryption costs', rounds: 6, run: benchmarkEncryption },
  background: { title: 'Another background', rounds: 3, run: benchmarkBackground },
  tiles: { title: 'A page of 16 tiles', rounds: 2, run: benchmarkTiles },
  setup: { title: 'Answer to first picture', rounds: 12, run: benchmarkSetup },
};

const { values, positionals } = parseArgs({
  options: { rounds: { type: 'string' } },
  allowPositionals: true,
});
const names = positionals.length === 0 ? Object.keys(BENCHMARKS) : positionals;
const unknown = names.find((name) => BENCHMARKS[name] === undefined);
if (unknown !== undefined) {
  console.error(`There is no benchmark called ${unknown}. There are: ${Object.keys(BENCHMARKS).join(', ')}.`);
  process.exit(2);
}
for (const name of names) {
  const benchmark = BENCHMARKS[name];
  if (benchmark === undefined) continue;
  console.log(`\n━━ ${benchmark.title} (${name})`);
  // A target that is missed is said in the results; only what could not be measured is a failure.
  await publish(await benchmark.run(values.rounds === undefined ? benchmark.rounds : Number(values.rounds)));
}
process.exit(0);

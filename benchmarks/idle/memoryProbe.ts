// Loaded into a server before anything else: on SIGUSR2 it collects garbage and writes down what memory is in use then.
import { writeFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';

let answers = 0;

async function answer(): Promise<void> {
  // Buffers are given back by finalizers, which run in a later turn.
  for (let n = 0; n < 4; n += 1) {
    globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    await setImmediate();
  }
  answers += 1;
  const { MEMORY_PROBE_FILE: file } = process.env;
  if (file !== undefined) writeFileSync(file, JSON.stringify({ answers, ...process.memoryUsage() }));
}

process.on('SIGUSR2', () => void answer());

// npm test: installs what is missing, runs every check and every test, and ends with the line `N passed, N failed`.
// `npm test -- unit lint` runs those stages only; `npm test -- e2e -t NAME` only the tests that match.
import { parseArgs } from 'node:util';
import { performance } from 'node:perf_hooks';

import { ensureNode } from './lib/node.mjs';
import { ensureMediaWorker } from './lib/media-worker/progress.mjs';
import { ensurePackages } from './lib/packages.mjs';
import { ensureBrowsers, ensureNetworks, ensureServices } from './lib/programs.mjs';
import { runStage } from './lib/run-stage.mjs';
import { STAGES } from './lib/stages.mjs';
import { StepFailed, printFailure, seconds } from './lib/step.mjs';
import { ensureWebClient } from './lib/web-client.mjs';

/** @typedef {import('./lib/stages.mjs').Stage} Stage */
/** @typedef {import('./lib/vitest-report.mjs').Counts} Counts */
/** @typedef {Counts & { stage: Stage, durationMs: number }} Result */

const USAGE = `npm test -- [stage…] [-t NAME]

Stages: ${STAGES.map(({ name }) => name).join(', ')}
-t NAME runs only the tests whose names contain NAME.`;

/** @param {string[]} args @returns {{ stages: readonly Stage[], filters: string[] }} */
function readArguments(args) {
  const { values, positionals } = parseArgs({
    args,
    options: { testNamePattern: { type: 'string', short: 't' } },
    allowPositionals: true,
  });
  const unknown = positionals.find((name) => !STAGES.some((stage) => stage.name === name));
  if (unknown !== undefined) throw new Error(`There is no stage called ${unknown}.`);
  return {
    stages: positionals.length === 0 ? STAGES : STAGES.filter(({ name }) => positionals.includes(name)),
    filters: values.testNamePattern === undefined ? [] : ['-t', values.testNamePattern],
  };
}

/**
 * Gets ready what one stage needs beyond the packages.
 *
 * @param {Stage} stage
 * @param {{ node: string, results: readonly Result[] }} context
 */
async function prepare(stage, { node, results }) {
  if (stage.needsServices) await ensureServices();
  if (stage.needsNetworks) await ensureNetworks();
  // What the tests start inherits it.
  if (stage.needsMediaWorker) process.env['VISAVIS_MEDIA_WORKER_BIN'] = await ensureMediaWorker(node);
  if (!stage.needsBrowsers) return;
  await ensureBrowsers();
  if (results.some((result) => result.stage.name === 'web' && result.failed > 0)) {
    throw new StepFailed('There is no web client to test: its build failed.');
  }
  await ensureWebClient(node);
}

/**
 * @param {Stage} stage
 * @param {{ node: string, filters: readonly string[], results: readonly Result[] }} context
 * @returns {Promise<Result>}
 */
async function runPrepared(stage, { node, filters, results }) {
  const startedAt = performance.now();
  /** @type {Counts} */
  let counts;
  try {
    await prepare(stage, { node, results });
    counts = await runStage(stage, { node, filters });
  } catch (error) {
    printFailure(error);
    const [reason = ''] = String(error instanceof Error ? error.message : error).split('\n');
    counts = { passed: 0, failed: 1, skipped: 0, failures: [reason] };
  }
  return { ...counts, stage, durationMs: performance.now() - startedAt };
}

/** @param {Counts} counts */
const formatCounts = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

/** @param {readonly Result[]} results */
function printSummary(results) {
  console.log('\n━━ Summary');
  for (const result of results) {
    const mark = result.failed === 0 ? '✓' : '✗';
    console.log(
      `${mark} ${result.stage.name.padEnd(12)} ${formatCounts(result)} (${seconds(result.durationMs)})`,
    );
  }
  const failures = results.flatMap(({ stage, failures }) => failures.map((text) => `${stage.name}: ${text}`));
  if (failures.length > 0) console.log(`\nFailed:\n${failures.map((text) => `  ✗ ${text}`).join('\n')}`);
}

/** @param {string[]} args */
async function main(args) {
  /** @type {ReturnType<typeof readArguments>} */
  let request;
  try {
    request = readArguments(args);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return 2;
  }
  await ensurePackages();
  const node = await ensureNode();

  /** @type {Result[]} */
  const results = [];
  for (const stage of request.stages) {
    console.log(`\n━━ ${stage.title} (${stage.name})`);
    if (!stage.hasFiles()) {
      console.log('Left out: it has no files yet.');
      continue;
    }
    const result = await runPrepared(stage, { node, filters: request.filters, results });
    results.push(result);
    console.log(`${formatCounts(result)} in ${seconds(result.durationMs)}`);
  }

  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  printSummary(results);
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

for (const [signal, code] of /** @type {const} */ ([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
])) {
  // Leaving by exit() lets the running stage be cleaned away.
  process.on(signal, () => process.exit(code));
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  printFailure(error);
  console.log('\n0 passed, 1 failed');
  process.exitCode = 1;
}

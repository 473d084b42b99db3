import { existsSync, readdirSync } from 'node:fs';

import { binaryOf } from './binary.mjs';
import { inRoot } from './paths.mjs';

/**
 * One part of the tests. A check passes or fails as a whole; a suite is a Vitest project, whose tests are counted.
 *
 * @typedef {object} Stage
 * @property {string} name what `npm test -- NAME` calls it
 * @property {string} title
 * @property {'check' | 'suite'} kind
 * @property {() => string[]} command script and arguments for Node; read after the packages are there
 * @property {() => boolean} hasFiles whether there is anything to run
 * @property {boolean} needsBrowsers
 * @property {boolean} needsServices PostgreSQL, Redis and coturn, to be started by the tests
 * @property {boolean} needsNetworks namespaces with NATs between them, to be made by the tests
 * @property {boolean} needsMediaWorker what forwards the media of group calls
 * @property {number} limitMs a stage that takes longer hangs, and is ended
 */

const MINUTE_MS = 60_000;

/** @param {string} directory @param {string} ending */
function hasFile(directory, ending) {
  const path = inRoot(directory);
  return (
    existsSync(path) &&
    readdirSync(path, { recursive: true, encoding: 'utf8' }).some(
      (file) => file.endsWith(ending) && !file.includes('node_modules'),
    )
  );
}

/**
 * @param {string} name
 * @param {string} title
 * @param {() => string[]} command
 * @returns {Stage}
 */
const check = (name, title, command) => ({
  name,
  title,
  kind: 'check',
  command,
  hasFiles: () => true,
  needsBrowsers: false,
  needsServices: false,
  needsNetworks: false,
  needsMediaWorker: false,
  limitMs: 10 * MINUTE_MS,
});

/**
 * @param {string} name
 * @param {string} title
 * @param {{ hasFiles: () => boolean, limitMs: number, needsBrowsers?: boolean, needsServices?: boolean, needsNetworks?: boolean, needsMediaWorker?: boolean, project?: string }} options `project`:
 *   Vitest's, or a pattern, where it is not called like the stage
 * @returns {Stage}
 */
const suite = (
  name,
  title,
  {
    hasFiles,
    limitMs,
    needsBrowsers = false,
    needsServices = false,
    needsNetworks = false,
    needsMediaWorker = false,
    project = name,
  },
) => ({
  name,
  title,
  kind: 'suite',
  command: () => [binaryOf('vitest'), 'run', '--project', project],
  hasFiles,
  needsBrowsers,
  needsServices,
  needsNetworks,
  needsMediaWorker,
  limitMs,
});

/** In the order in which they run: what fails fastest comes first. @type {readonly Stage[]} */
export const STAGES = [
  check('format', 'Formatting', () => [binaryOf('oxfmt'), '--check', '.']),
  check('lint', 'Lint, with types', () => [binaryOf('oxlint'), '--type-aware', '--deny-warnings']),
  check('types', 'Types', () => [inRoot('scripts', 'check-types.mjs')]),
  check('unused', 'Unused files, exports and packages', () => [binaryOf('knip')]),
  suite('unit', 'Unit and architecture tests', {
    hasFiles: () => true,
    limitMs: 10 * MINUTE_MS,
  }),
  suite('simulation', 'Simulated devices and wires', {
    hasFiles: () => hasFile('packages', '.simulation.test.ts'),
    limitMs: 20 * MINUTE_MS,
  }),
  suite('contracts', 'One contract for every adapter', {
    hasFiles: () => hasFile('tests/contracts', '.test.ts'),
    needsServices: true,
    limitMs: 10 * MINUTE_MS,
    needsMediaWorker: true,
  }),
  suite('integration', 'A whole server', {
    hasFiles: () => hasFile('tests/integration', '.test.ts'),
    project: 'integration*',
    needsServices: true,
    limitMs: 20 * MINUTE_MS,
    needsMediaWorker: true,
  }),
  suite('faults', 'Hundreds of devices, and nodes that die', {
    hasFiles: () => hasFile('tests/faults', '.test.ts'),
    needsServices: true,
    limitMs: 15 * MINUTE_MS,
    needsMediaWorker: true,
  }),
  check('web', 'Build of the web client', () => [inRoot('scripts', 'build-web.mjs')]),
  suite('e2e', 'Real browsers', {
    hasFiles: () => hasFile('tests/e2e', '.test.ts'),
    limitMs: 40 * MINUTE_MS,
    needsBrowsers: true,
    needsMediaWorker: true,
  }),
  suite('network', 'Real browsers behind real NATs', {
    hasFiles: () => hasFile('tests/network', '.test.ts'),
    limitMs: 20 * MINUTE_MS,
    needsBrowsers: true,
    needsNetworks: true,
    needsMediaWorker: true,
  }),
];

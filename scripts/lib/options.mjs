import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { inRoot } from './paths.mjs';

/** @typedef {{ type: 'string' | 'boolean', value?: string, environment?: string, help: string }} Option */

/** The server's options: it reads the same list, so that what is offered here is what it understands. */
const OPTIONS = /** @type {Record<string, Option>} */ (
  JSON.parse(readFileSync(inRoot('apps', 'server', 'src', 'options.json'), 'utf8'))
);

/**
 * Looks at the command line before anything is installed, so that a slip is answered at once.
 *
 * @param {string[]} args
 * @returns {{ isHelp: boolean } | { problem: string }}
 */
export function readOptions(args) {
  const options = Object.fromEntries(Object.entries(OPTIONS).map(([name, { type }]) => [name, { type }]));
  try {
    const { values } = parseArgs({ args, options, strict: true, allowPositionals: false });
    return { isHelp: values['help'] === true };
  } catch (error) {
    return {
      problem: error instanceof Error ? error.message.replace(/\. To specify.*/, '.') : String(error),
    };
  }
}

/** What `npm start -- --help` prints. */
export function formatHelp() {
  const rows = Object.entries(OPTIONS).map(([name, option]) => ({
    flag: `--${name}${option.value ? ` ${option.value}` : ''}`,
    help: option.help,
    environment: option.environment ?? '',
  }));
  const width = Math.max(...rows.map(({ flag }) => flag.length));
  const lines = rows.flatMap(({ flag, help, environment }) => [
    `  ${flag.padEnd(width)}  ${help}`,
    ...(environment ? [`  ${' '.repeat(width)}  environment: ${environment}`] : []),
  ]);
  return [
    'npm start -- [options]',
    '',
    'Installs and builds what is missing, then runs Visavis.',
    '',
    ...lines,
    '',
    '.env.example lists everything that the environment can set.',
  ].join('\n');
}

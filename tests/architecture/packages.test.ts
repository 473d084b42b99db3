import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';
import * as z from 'zod';

import { ROOT, listFiles, readText } from './sourceTree.ts';

const Versions = z.record(z.string(), z.string()).default({});
const Manifest = z.object({
  license: z.union([z.string(), z.object({ type: z.string() })]).optional(),
  // As packages said it before SPDX: any of them may be chosen.
  licenses: z.array(z.object({ type: z.string() })).optional(),
  dependencies: Versions,
  devDependencies: Versions,
});
const LockFile = z.object({
  packages: z.record(z.string(), Manifest.extend({ link: z.boolean().optional() })),
});

const { packages } = LockFile.parse(JSON.parse(readText('package-lock.json')));

/** Licences that ask for nothing but a notice. CC-BY is for data, such as lists of browsers. */
const PERMISSIVE = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC-BY-4.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Python-2.0',
  'Unlicense',
]);

/** Licences that are taken in spite of asking for more, with the reason. */
const EXCEPTIONS: readonly { readonly name: RegExp; readonly license: string; readonly reason: string }[] = [
  {
    name: /^lightningcss(-|$)/,
    license: 'MPL-2.0',
    reason: 'part of Vite; runs unchanged when the web client is built, and nothing of it is in the result',
  },
];

/** Whether an SPDX expression leaves a permissive choice; `AND` asks for both sides. */
function isPermissive(expression: string): boolean {
  return expression
    .replaceAll(/[()]/g, '')
    .split(/\s+OR\s+/)
    .some((choice) => choice.split(/\s+AND\s+/).every((license) => PERMISSIVE.has(license.trim())));
}

/** What a package says of itself where it is installed; what npm recorded for those of other platforms. */
function licenseOf(path: string): string {
  const file = join(ROOT, path, 'package.json');
  const manifest = existsSync(file) ? Manifest.parse(JSON.parse(readFileSync(file, 'utf8'))) : packages[path];
  const license = manifest?.license ?? (manifest?.licenses ?? []).map(({ type }) => type).join(' OR ');
  return typeof license === 'string' ? license : license.type;
}

describe('the licences of what this is built from and with', () => {
  const foreign = Object.entries(packages)
    .filter(([path, entry]) => path.includes('node_modules/') && entry.link !== true)
    .map(([path]) => ({ name: path.split('node_modules/').at(-1) ?? '', license: licenseOf(path) }));

  test('are all permissive, but for the exceptions', () => {
    expect(foreign.length).toBeGreaterThan(100);
    const others = foreign.filter(
      ({ name, license }) =>
        !isPermissive(license) &&
        !EXCEPTIONS.some((exception) => exception.name.test(name) && exception.license === license),
    );
    expect(others).toEqual([]);
  });

  test('need every exception', () => {
    const idle = EXCEPTIONS.filter((exception) => !foreign.some(({ name }) => exception.name.test(name)));
    expect(idle).toEqual([]);
  });

  test.each([
    ['MIT', true],
    ['(MIT OR GPL-3.0)', true],
    ['MIT AND ISC', true],
    ['MIT AND GPL-3.0', false],
    ['GPL-3.0', false],
    ['', false],
  ])('%j is permissive: %s', (expression, expected) => {
    expect(isPermissive(expression)).toBe(expected);
  });
});

describe('package-lock.json', () => {
  const manifests = listFiles().filter((path) => path === 'package.json' || path.endsWith('/package.json'));

  test.each(manifests)('has what %s asks for', (path) => {
    const { dependencies, devDependencies } = Manifest.parse(JSON.parse(readText(path)));
    expect(packages[path.replace(/\/?package\.json$/, '')]).toMatchObject({ dependencies, devDependencies });
  });
});

test('versions are exact, so that a fresh checkout is this one', () => {
  const loose = listFiles()
    .filter((path) => path === 'package.json' || path.endsWith('/package.json'))
    .flatMap((path) => {
      const { dependencies, devDependencies } = Manifest.parse(JSON.parse(readText(path)));
      return Object.entries({ ...dependencies, ...devDependencies }).map(([name, version]) => ({
        path,
        name,
        version,
      }));
    })
    .filter(({ version }) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version));
  expect(loose).toEqual([]);
});

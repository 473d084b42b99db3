import { builtinModules } from 'node:module';

import { describe, expect, test } from 'vitest';

import { isCode, listFiles, listImports, readText, resolveImport, withoutComments } from './sourceTree.ts';

/** The parts of the project, and which others each may import. Tests may import everything. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'packages/protocol': [],
  'packages/characters': [],
  'packages/encryption': [],
  'packages/call': ['packages/protocol'],
  'packages/client': ['packages/protocol', 'packages/call', 'packages/encryption'],
  'apps/server': ['packages/protocol', 'packages/call', 'packages/characters', 'packages/encryption'],
  'apps/web': ['packages/protocol', 'packages/call', 'packages/client', 'packages/characters'],
  scripts: [],
};

/** The workspace's name for a part: `@visavis/call` for `packages/call`. */
const PART_BY_NAME = new Map(
  Object.keys(MAY_IMPORT).map((part) => [part.replace(/^(packages|apps)\//, '@visavis/'), part]),
);

const partOf = (path: string): string | undefined =>
  Object.keys(MAY_IMPORT).find((part) => path.startsWith(`${part}/`));

interface Import {
  readonly from: string;
  readonly specifier: string;
  /** The file, from the root, or the part of the project, or the specifier itself where it is neither. */
  readonly target: string;
}

const sources = listFiles().filter((path) => isCode(path) && !/\/test\//.test(path));

const imports: readonly Import[] = sources.flatMap((from) =>
  listImports(from).map((specifier) => {
    const [scope, name] = specifier.split('/');
    const target = resolveImport(from, specifier) ?? PART_BY_NAME.get(`${scope}/${name}`) ?? specifier;
    return { from, specifier, target };
  }),
);

const format = ({ from, specifier }: Import): string => `${from} imports ${specifier}`;

/** The imports that break a rule: those made in one place that lead to another. */
const findImports = (isFrom: (path: string) => boolean, isForbidden: (target: string) => boolean): string[] =>
  imports.filter(({ from, target }) => isFrom(from) && isForbidden(target)).map(format);

const isIn =
  (...folders: readonly string[]) =>
  (path: string): boolean =>
    folders.some((folder) => path === folder || path.startsWith(`${folder}/`));

const isCryptoWorker = (path: string): boolean => path === 'packages/client/src/media/sealed/worker.ts';

const isForeign = (target: string): boolean =>
  !isIn('packages')(target) && !/^zod(\/|$)/.test(target) && !target.startsWith('.');

const isBuiltin = (target: string): boolean => target.startsWith('node:') || builtinModules.includes(target);

test('every package and app has its place in the rules', () => {
  const folders = new Set(
    listFiles()
      .map((path) => /^(packages|apps)\/[^/]+/.exec(path)?.[0])
      .filter((folder) => folder !== undefined),
  );
  expect(Object.keys(MAY_IMPORT)).toEqual(expect.arrayContaining([...folders]));
});

test('imports are seen at all', () => {
  expect(imports.filter(({ target }) => target === 'packages/protocol').length).toBeGreaterThan(10);
  expect(imports.some(({ target }) => isBuiltin(target))).toBe(true);
  expect(imports.some(({ target }) => target.startsWith('apps/web/src/components/'))).toBe(true);
});

describe('the direction of imports', () => {
  test.each(Object.entries(MAY_IMPORT))('%s imports nothing of ours but [%s]', (part, allowed) => {
    const breaches = findImports(isIn(part), (target) => {
      const other = PART_BY_NAME.has(target) ? target : (partOf(target) ?? target);
      return other in MAY_IMPORT && other !== part && !allowed.includes(other);
    });
    expect(breaches).toEqual([]);
  });

  test('packages are entered by their front door', () => {
    const breaches = imports.filter(
      ({ from, specifier, target }) =>
        specifier.startsWith('.') &&
        isIn('packages', 'apps')(target) &&
        partOf(target) !== partOf(from) &&
        isIn('packages', 'apps')(from),
    );
    expect(breaches.map(format)).toEqual([]);
  });

  // Benchmarks may: they measure with the same servers, browsers and drawn people as the tests.
  test('nothing imports tests or benchmarks', () => {
    const isTest = isIn('tests', 'benchmarks', '@visavis/tests', '@visavis/benchmarks');
    expect(findImports((path) => !isTest(path), isTest)).toEqual([]);
  });

  test('components know nothing of where their data comes from', () => {
    const isOutside = isIn('packages/client', 'apps/web/src/adapters', 'apps/web/src/app');
    expect(findImports(isIn('apps/web/src/components'), isOutside)).toEqual([]);
  });

  test('the web client imports nothing that only Node has', () => {
    expect(findImports(isIn('packages/client/src', 'apps/web/src'), isBuiltin)).toEqual([]);
  });

  test('the gallery and its people stay out of the web client that is delivered', () => {
    const isGallery = isIn('apps/web/src/gallery');
    const isDelivered = (path: string): boolean => isIn('apps/web/src')(path) && !isGallery(path);
    const isForGallery = (target: string): boolean =>
      isGallery(target) || isIn('packages/characters')(target);
    expect(findImports(isDelivered, isForGallery)).toEqual([]);
  });

  // It runs in workers and in Node alike.
  test('encryption imports nothing that only Node has', () => {
    expect(findImports(isIn('packages/encryption/src'), isBuiltin)).toEqual([]);
  });

  // The worker has the code that encrypts; of the page it would be the first load that grows.
  test('the page takes types and messages of encryption, and only the worker the rest', () => {
    const breaches = sources
      .filter((path) => isIn('packages/client/src', 'apps/web/src')(path) && !isCryptoWorker(path))
      .filter((path) =>
        /(?<!import type [^;]*)from '@visavis\/encryption(?:\/worker)?'/.test(
          withoutComments(readText(path)),
        ),
      );
    expect(breaches).toEqual([]);
    expect(
      imports.some(
        ({ from, specifier }) => isCryptoWorker(from) && specifier === '@visavis/encryption/worker',
      ),
    ).toBe(true);
  });

  test('the client has no React', () => {
    expect(findImports(isIn('packages/client'), (target) => /^react(-dom)?(\/|$)/.test(target))).toEqual([]);
  });
});

describe('the pure packages', () => {
  const isPure = isIn('packages/protocol/src', 'packages/call/src');

  test('import nothing that only Node or a browser has', () => {
    expect(findImports(isPure, isBuiltin)).toEqual([]);
  });

  test('depend on the schema library only', () => {
    expect(findImports(isPure, isForeign)).toEqual([]);
  });

  test.each(['protocol', 'call'])('%s is compiled without the types of Node and the DOM', (name) => {
    const config: unknown = JSON.parse(readText(`packages/${name}/tsconfig.json`));
    expect(config).toMatchObject({ compilerOptions: { lib: ['ES2023'], types: [] } });
  });
});

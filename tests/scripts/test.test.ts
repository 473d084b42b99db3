import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { fingerprint } from '../../scripts/lib/fingerprint.mjs';
import { readVitestReport } from '../../scripts/lib/vitest-report.mjs';
import { ROOT } from '../architecture/sourceTree.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'visavis-scripts-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

interface FileResult {
  readonly name: string;
  readonly status: 'passed' | 'failed';
  readonly message?: string;
  readonly tests?: Readonly<Record<string, 'passed' | 'failed' | 'skipped' | 'pending' | 'todo'>>;
}

function report(...files: readonly FileResult[]): string {
  const path = join(directory, 'report.json');
  const testResults = files.map(({ name, status, message = '', tests = {} }) => ({
    name: join(ROOT, name),
    status,
    message,
    assertionResults: Object.entries(tests).map(([fullName, result]) => ({ fullName, status: result })),
  }));
  writeFileSync(path, JSON.stringify({ testResults }));
  return path;
}

describe('the counts of a suite', () => {
  test('are those of its tests', () => {
    const path = report({
      name: 'a.test.ts',
      status: 'failed',
      tests: { one: 'passed', two: 'failed', three: 'skipped', four: 'todo', five: 'passed' },
    });
    expect(readVitestReport(path, 'ended with exit code 1')).toEqual({
      passed: 2,
      failed: 1,
      skipped: 2,
      failures: ['a.test.ts › two'],
    });
  });

  test('have a failure for a file that cannot be loaded', () => {
    const path = report(
      { name: 'a.test.ts', status: 'passed', tests: { one: 'passed' } },
      { name: 'b.test.ts', status: 'failed', message: 'Cannot find ./x.ts\n    at …' },
    );
    expect(readVitestReport(path, 'ended with exit code 1')).toMatchObject({
      passed: 1,
      failed: 1,
      failures: ['b.test.ts: Cannot find ./x.ts'],
    });
  });

  test('have a failure for an error outside all tests', () => {
    const path = report({ name: 'a.test.ts', status: 'passed', tests: { one: 'passed' } });
    expect(readVitestReport(path, 'ended with exit code 1')).toMatchObject({ passed: 1, failed: 1 });
  });

  test('have a failure for a run without a report', () => {
    const counts = readVitestReport(join(directory, 'none.json'), 'was ended by SIGSEGV');
    expect(counts).toMatchObject({ passed: 0, failed: 1 });
    expect(counts.failures).toEqual(['no report; Vitest was ended by SIGSEGV']);
  });
});

/** The test command, with these arguments. */
function runTests(...args: readonly string[]): { readonly code: number | null; readonly lastLine: string } {
  const { status, stdout } = spawnSync(process.execPath, [join(ROOT, 'scripts/test.mjs'), ...args], {
    cwd: directory,
    encoding: 'utf8',
  });
  return { code: status, lastLine: stdout.trimEnd().split('\n').at(-1) ?? '' };
}

describe('the test command', () => {
  test('ends with the line `N passed, N failed`, and with 0 where nothing has failed', () => {
    const { code, lastLine } = runTests('format');
    const [, passed, failed] = /^(\d+) passed, (\d+) failed$/.exec(lastLine) ?? [];
    expect(Number(passed) + Number(failed), lastLine).toBe(1);
    expect(code).toBe(failed === '0' ? 0 : 1);
  });

  test('does not take a stage that it does not know', () => {
    expect(runTests('unti')).toEqual({ code: 2, lastLine: '' });
  });
});

function write(path: string, content: string): void {
  mkdirSync(join(directory, path, '..'), { recursive: true });
  writeFileSync(join(directory, path), content);
}

const take = (): string => fingerprint(directory, ['src', 'package.json', 'not-there']);

describe('the fingerprint of files', () => {
  beforeEach(() => {
    write('src/a.ts', 'one');
    write('src/deep/b.ts', 'two');
    write('package.json', '{}');
  });

  test('stays the same when nothing, or something else, has changed', () => {
    const before = take();
    write('src/a.ts', 'one');
    write('other.ts', 'three');
    expect(take()).toBe(before);
  });

  test.each([
    ['the content of a file', () => write('src/deep/b.ts', 'TWO')],
    ['the place of a piece of text', () => (write('src/a.ts', 'onetw'), write('src/deep/b.ts', 'o'))],
    ['a new file', () => write('src/c.ts', '')],
    ['a file that is gone', () => rmSync(join(directory, 'src/a.ts'))],
  ])('changes with %s', (_what, change) => {
    const before = take();
    change();
    expect(take()).not.toBe(before);
  });
});

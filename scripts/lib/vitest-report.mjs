import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

import { ROOT } from './paths.mjs';

/**
 * The part of Vitest's JSON report that is read here.
 *
 * @typedef {{ fullName: string, status: string }} TestResult
 * @typedef {{ name: string, status: string, message: string, assertionResults: TestResult[] }} FileResult
 */

/** @typedef {{ passed: number, failed: number, skipped: number, failures: string[] }} Counts */

/**
 * What came out of a run of Vitest. A file that cannot even be loaded, an error outside all tests, and a run that
 * leaves no report each count as one failure.
 *
 * @param {string} path of the report
 * @param {string} outcome how the process ended, '' if well
 * @returns {Counts}
 */
export function readVitestReport(path, outcome) {
  if (!existsSync(path)) {
    return { passed: 0, failed: 1, skipped: 0, failures: [`no report; Vitest ${outcome || 'ended early'}`] };
  }
  const { testResults } = /** @type {{ testResults: FileResult[] }} */ (
    JSON.parse(readFileSync(path, 'utf8'))
  );
  /** @type {Counts} */
  const counts = { passed: 0, failed: 0, skipped: 0, failures: [] };
  for (const file of testResults) {
    const name = relative(ROOT, file.name);
    let isExplained = file.status !== 'failed';
    for (const test of file.assertionResults) {
      if (test.status === 'passed') counts.passed += 1;
      else if (test.status === 'failed') {
        counts.failures.push(`${name} › ${test.fullName}`);
        isExplained = true;
      } else counts.skipped += 1;
    }
    if (!isExplained) counts.failures.push(`${name}: ${file.message.split('\n')[0]}`);
  }
  if (outcome !== '' && counts.failures.length === 0) {
    counts.failures.push(`an error outside all tests; Vitest ${outcome}`);
  }
  counts.failed = counts.failures.length;
  return counts;
}

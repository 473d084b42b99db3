import { describe, expect, test } from 'vitest';

import { listFiles, readText, withoutComments } from './sourceTree.ts';

const RULE = /\b(?:SES|RING|CALL|GRP|MED|NEG|HIST|KEY|ERR|HTTP|IDN|STORE)\d+\b/g;

/** The rules that docs/protocol.md makes: their numbers in bold at the start of a list item. */
function listRules(): string[] {
  const items = readText('docs/protocol.md').matchAll(/^\s*[-*]\s+\*\*(?<number>[A-Z]+\d+)\*\*/gm);
  return [...items].map(({ groups }) => groups?.['number'] ?? '');
}

interface Title {
  readonly path: string;
  readonly text: string;
}

/** What tests and groups of tests are called. */
function listTitles(): Title[] {
  const calls =
    /\b(?:test|it|describe)(?:\.\w+)*(?:\((?:[^()'"`]|\([^()]*\))*\))?\(\s*(?<quote>['"`])(?<text>(?:\\.|(?!\k<quote>)[\s\S])*)\k<quote>/g;
  return listFiles()
    .filter((path) => path.endsWith('.test.ts') && !path.startsWith('tests/architecture/'))
    .flatMap((path) =>
      [...withoutComments(readText(path)).matchAll(calls)].map(({ groups }) => ({
        path,
        text: groups?.['text'] ?? '',
      })),
    );
}

/** The numbers with which a title starts: `RING4`, or `RING4, CALL2`. */
function numbersOf(title: string): string[] {
  const [start = ''] = /^(?:[A-Z]+\d+\b[\s,/&]*(?:and\s+)?)*/.exec(title) ?? [];
  return start.match(RULE) ?? [];
}

const rules = listRules();
const titles = listTitles();

test('each rule has its number to itself', () => {
  expect(rules.length).toBeGreaterThan(20);
  expect(rules.filter((rule, index) => rules.indexOf(rule) !== index)).toEqual([]);
});

describe('each rule has a test that starts with its number', () => {
  const covered = new Set(titles.flatMap(({ text }) => numbersOf(text)));
  test.each(rules)('%s', (rule) => {
    expect([...covered]).toContain(rule);
  });
});

test('no test is named after a rule that does not exist', () => {
  const strays = titles.filter(({ text }) =>
    (text.match(RULE) ?? []).some((number) => !rules.includes(number)),
  );
  expect(strays.map(({ path, text }) => `${path}: ${text}`)).toEqual([]);
});

test.each([
  ['RING4 the first answer wins', ['RING4']],
  ['RING4, CALL2: one winner and one end', ['RING4', 'CALL2']],
  ['SES1 and ERR2 with a second thought', ['SES1', 'ERR2']],
  ['a call (see RING4)', []],
  ['HTTP is not a rule', []],
])('the numbers of the title "%s"', (title, numbers) => {
  expect(numbersOf(title)).toEqual(numbers);
});

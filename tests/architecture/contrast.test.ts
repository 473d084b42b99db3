import { describe, expect, test } from 'vitest';
import { readText } from './sourceTree.ts';

/* WCAG 2.2, 1.4.3 and 1.4.11: text can be read, and what is a control can be seen, in light and dark. */

const TEXT = 4.5;
const CONTROL = 3;
const tokens = readText('apps/web/src/styles/tokens.css');

/** The colour of a token, as six hexadecimal digits. */
function colour(name: string, scheme: 'light' | 'dark'): string {
  const pattern = new RegExp(`^ {2}--${name}: (?:light-dark\\((#\\w{6}), (#\\w{6})\\)|(#\\w{6}));`, 'm');
  const [, light, dark, only] = pattern.exec(tokens) ?? [];
  const found = only ?? (scheme === 'light' ? light : dark);
  if (found === undefined) throw new Error(`there is no colour --${name}`);
  return found.slice(1);
}

/** Relative luminance, as WCAG defines it. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((less, more) => less - more);
  return (light + 0.05) / (dark + 0.05);
}

const GROUNDS = ['canvas', 'surface', 'raised'];
const on = (names: readonly string[], grounds = GROUNDS) =>
  names.flatMap((name) => grounds.map((ground): [string, string] => [name, ground]));

describe.each(['light', 'dark'] as const)('%s', (scheme) => {
  const ratio = (one: string, other: string): number => contrast(colour(one, scheme), colour(other, scheme));

  test.each([
    ...on(['text', 'text-soft'], [...GROUNDS, 'hover']),
    ...on(['text-faint', 'accent', 'missed']),
    ['missed', 'missed-wash'],
    ['accent', 'accent-wash'],
    ['on-accent', 'accent-fill'],
    ['on-accent', 'accent-fill-hover'],
    ['on-call', 'answer'],
    ['on-call', 'answer-hover'],
    ['on-call', 'end'],
    ['on-call', 'end-hover'],
    ['on-glass', 'stage'],
  ])('text in --%s can be read on --%s', (text, ground) => {
    expect(ratio(text, ground)).toBeGreaterThanOrEqual(TEXT);
  });

  test.each([...on(['line-strong', 'star', 'online', 'busy', 'away'], ['canvas', 'surface'])])(
    'what is drawn in --%s can be seen on --%s',
    (mark, ground) => {
      expect(ratio(mark, ground)).toBeGreaterThanOrEqual(CONTROL);
    },
  );
});

test('the measure is that of WCAG', () => {
  expect(contrast('000000', 'ffffff')).toBeCloseTo(21);
  expect(contrast('777777', 'ffffff')).toBeCloseTo(4.48, 2);
});

import { expect, test } from 'vitest';
import { listFiles, readText } from './sourceTree.ts';

/* Whoever wants little motion sees none: what moves takes the times of tokens.css, which are next to nothing then. */

const FOLDER = 'apps/web/src/styles';
const styles = listFiles(FOLDER)
  .filter((path) => path.endsWith('.css'))
  .map((path) => ({ path, text: readText(path).replaceAll(/\/\*[\s\S]*?\*\//g, '') }));

/** What a transition of these does is no motion. */
const STILL =
  /^(?:opacity|color|background(?:-color)?|border-color|box-shadow|outline(?:-color)?|filter|fill|stroke)\b/;
const TIMED = /var\(--(?:quick|normal|slow)\)/;
/** They follow a voice, as a meter does: without a transition they would jump. */
const METERS = new Set(['transform 140ms ease-out', 'transform 90ms linear']);

/** The transitions of a sheet that move something in a time of their own. */
function findMotion(text: string): string[] {
  return [...text.matchAll(/\btransition:\s*([^;}]+)/g)]
    .flatMap(([, value = '']) => value.split(/,(?![^(]*\))/))
    .map((each) => each.replaceAll(/\s+/g, ' ').trim())
    .filter((each) => each !== 'none' && !STILL.test(each) && !TIMED.test(each) && !METERS.has(each));
}

const reduced = (path: string): string =>
  /@media \(prefers-reduced-motion: reduce\) \{([\s\S]*?)\n\}/.exec(readText(`${FOLDER}/${path}`))?.[1] ?? '';

test('everything that moves takes a time that is next to nothing for whoever wants little motion', () => {
  expect(styles.length).toBeGreaterThan(20);
  expect(styles.flatMap(({ path, text }) => findMotion(text).map((each) => `${path}: ${each}`))).toEqual([]);
  for (const time of ['quick', 'normal', 'slow']) expect(reduced('tokens.css')).toContain(`--${time}: 1ms;`);
});

test('every animation is over at once then, and none goes on', () => {
  const rule = /\*,\s*\*::before,\s*\*::after \{([^}]*)\}/.exec(reduced('empty.css'))?.[1] ?? '';
  expect(rule).toContain('animation-duration: 1ms !important;');
  expect(rule).toContain('animation-iteration-count: 1 !important;');
  const others = styles.filter(({ text }) =>
    /animation(?:-duration|-iteration-count)?:[^;]*!important/.test(text),
  );
  expect(others.map(({ path }) => path)).toEqual([`${FOLDER}/empty.css`]);
});

test('what is moved by script asks first', () => {
  const pages = listFiles('apps/web/src').filter(
    (path) => /\.tsx?$/.test(path) && !path.includes('/gallery/'),
  );
  const moving = pages.filter((path) => /\.animate\(|behavior: 'smooth'/.test(readText(path)));
  expect(moving.length).toBeGreaterThan(0);
  expect(moving.filter((path) => !readText(path).includes('prefers-reduced-motion'))).toEqual([]);
});

test.each([
  ['transition: transform 300ms ease;', 1],
  ['transition: opacity 1s, translate 0.4s cubic-bezier(0.2, 0.7, 0.2, 1);', 1],
  ['transition: width var(--slow) var(--ease), opacity 260ms;', 0],
])('%s moves %d things in a time of its own', (text, count) => {
  expect(findMotion(text)).toHaveLength(count);
});

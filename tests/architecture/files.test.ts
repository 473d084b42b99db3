import { expect, test } from 'vitest';

import { isCode, listFiles, readText } from './sourceTree.ts';

const MOST_LINES = 400;

const files = listFiles();
/** Drawings, fonts and recordings have no text to look at. */
const texts = files.filter(
  (path) => !/\.(png|jpe?g|webp|avif|woff2|ico|wav|ogg|mp3|webm|y4m|mjpeg)$/.test(path),
);

test(`no file of the product has more than ${MOST_LINES} lines`, () => {
  const long = files
    .filter((path) => isCode(path) && /(^|\/)(src|scripts)\//.test(path))
    .map((path) => ({ path, lines: readText(path).trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > MOST_LINES);
  expect(long).toEqual([]);
});

test.each([
  {
    what: "a path of somebody's machine",
    pattern: /(?<![\w.@-])\/(?:work|root|Users|home\/(?!user\b)\w+|opt\/n\d+)\//g,
  },
  {
    what: 'the address of a package registry',
    pattern: /https?:\/\/[^\s"'/]*(?:registry|artifactory|nexus|verdaccio)[^\s"']*/gi,
  },
  { what: 'a resolved download address', pattern: /"resolved": "https?:/g },
  { what: 'a private key', pattern: /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/g },
  {
    what: 'an access token',
    pattern:
      /\b(?:gh[pousr]_\w{36}|github_pat_\w{22,}|npm_\w{36}|AKIA[0-9A-Z]{16}|xox[abprs]-[\w-]{10,}|sk-[\w-]{32,})\b|_authToken\s*=/g,
  },
])('no file contains $what', ({ pattern }) => {
  const found = texts.flatMap((path) =>
    [...readText(path).matchAll(pattern)].map(([text]) => `${path}: ${text}`),
  );
  expect(found).toEqual([]);
});

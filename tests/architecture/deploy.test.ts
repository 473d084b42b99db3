import { expect, test } from 'vitest';

import { readText } from './sourceTree.ts';

const settings = new Set(
  Array.from(readText('.env.example').matchAll(/^(VISAVIS_\w+)=/gm), ([, name]) => name),
);
const compose = readText('compose.yaml');
const dockerfile = readText('deploy/Dockerfile');

test('the nodes of compose.yaml and the image set only what the server knows', () => {
  const set = [
    ...Array.from(compose.matchAll(/^ {4}(VISAVIS_\w+):/gm), ([, name]) => name),
    ...Array.from(dockerfile.matchAll(/\b(VISAVIS_\w+)=/g), ([, name]) => name),
  ];
  expect(set.length).toBeGreaterThan(6);
  expect(set.filter((name) => !settings.has(name))).toEqual([]);
});

test('no password and no secret has a default', () => {
  const passwords = Array.from(
    compose.matchAll(/\$\{(\w*(?:PASSWORD|SECRET)\w*)([^}]*)\}/g),
    ([, , rest]) => rest,
  );
  expect(passwords.length).toBeGreaterThan(4);
  expect(passwords.filter((rest) => rest?.startsWith(':?') !== true)).toEqual([]);
});

test('the image runs the server itself, without rights', () => {
  expect(dockerfile).toMatch(/^USER node$/m);
  expect(dockerfile).toMatch(/^CMD \["node", "apps\/server\/src\/main\.ts"\]$/m);
});

test('the TURN server of compose.yaml has the configuration that the tests probe, and no other', () => {
  expect(compose).toContain('./deploy/coturn.conf:/etc/coturn/turnserver.conf:ro');
  const given = Array.from(compose.matchAll(/^ {6}- --([\w-]+)=/gm), ([, name]) => name);
  const fromOutside = ['listening-ip', 'relay-ip', 'tls-listening-port', 'realm', 'static-auth-secret'];
  expect(given).toEqual([...fromOutside, 'cert', 'pkey']);
});

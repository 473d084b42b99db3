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

/** The image of a service of compose.yaml; undefined where it is built here. */
const imageOf = (service: string): string | undefined =>
  new RegExp(`^  ${service}:\\n(?:    .*\\n|\\n)*?    image: (.+)$`, 'm').exec(compose)?.[1];

test('compose.yaml has PostgreSQL 16, Redis 7, coturn, and two nodes behind a proxy that knows both', () => {
  expect(imageOf('database')).toBe('postgres:16');
  expect(imageOf('redis')).toBe('redis:7');
  expect(imageOf('turn')).toBe('coturn/coturn:4.6');
  const nodes = Array.from(compose.matchAll(/^ {2}(node\d+): \*node$/gm), ([, name]) => name);
  expect(nodes).toEqual(['node1', 'node2']);
  const upstreams = readText('deploy/Caddyfile').match(/\bnode\d+:3000\b/g);
  expect(readText('deploy/Caddyfile')).toMatch(/health_uri \/readyz/);
  expect(new Set(upstreams)).toEqual(new Set(nodes.map((name) => `${String(name)}:3000`)));
  expect(imageOf('proxy')).toMatch(/^caddy:/);
});

test('the image says by itself whether its server lives', () => {
  expect(dockerfile).toMatch(/^HEALTHCHECK .*\\\n {2}CMD .*127\.0\.0\.1:3000\/healthz/m);
  // What the check asks is what the image listens at.
  expect(dockerfile).toMatch(/VISAVIS_PORT=3000\b/);
});

test('the last stage of the image has the server and the built client, and nothing of tests or benchmarks', () => {
  const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
  const copied = Array.from(last.matchAll(/^COPY --from=build (\S+) /gm), ([, path]) => path);
  expect(copied.length).toBeGreaterThan(3);
  expect(copied.filter((path) => /tests|benchmarks|\/app\/?$|apps\/web\/src/.test(path ?? ''))).toEqual([]);
  expect(last).not.toMatch(/^COPY (?!--from=build)/m);
});

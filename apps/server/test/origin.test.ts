import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { isOwnOrigin } from '../src/http/origin.ts';

test.each([
  ['http://localhost:3000', 'localhost:3000'],
  ['http://127.0.0.1:3000', '127.0.0.1:3000'],
  ['http://[::1]:3000', '[::1]:3000'],
  ['https://192.168.1.5:3000', '192.168.1.5:3000'],
  [`https://${hostname().toLowerCase()}:3000`, `${hostname()}:3000`],
])('HTTP1 %s at %s is an own page', (origin, host) => {
  expect(isOwnOrigin(origin, host, [])).toBe(true);
});

test.each([
  [undefined, 'localhost:3000'],
  ['null', 'localhost:3000'],
  ['http://localhost:3000', undefined],
  ['http://localhost:4000', 'localhost:3000'],
  ['http://127.0.0.1:3000', 'localhost:3000'],
  ['http://evil.example', 'evil.example'],
  ['http://localhost.evil.example', 'localhost.evil.example'],
  ['http://127.0.0.1.evil.example:3000', '127.0.0.1.evil.example:3000'],
])('HTTP1 %s at %s is a foreign one', (origin, host) => {
  expect(isOwnOrigin(origin, host, [])).toBe(false);
});

test("HTTP1 the operator's own origins are own pages, exactly as they are", () => {
  const own = ['https://calls.example'];
  expect(isOwnOrigin('https://calls.example', '10.0.0.1', own)).toBe(true);
  expect(isOwnOrigin('http://calls.example', '10.0.0.1', own)).toBe(false);
  expect(isOwnOrigin('https://calls.example.evil', '10.0.0.1', own)).toBe(false);
});

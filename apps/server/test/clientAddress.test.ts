import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { createClientAddress, isNetwork } from '../src/http/clientAddress.ts';

const from = (remoteAddress: string | undefined, forwarded?: string | string[]) => ({
  // Of a socket only this is asked for.
  socket: Object.assign(Object.create(null) as Socket, { remoteAddress }),
  headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded as string },
});

const nobody = createClientAddress([]);
const proxied = createClientAddress(['10.0.0.0/8', '192.0.2.7', 'fd00::/8']);

describe('without trusted proxies', () => {
  test.each([
    ['203.0.113.5', undefined, '203.0.113.5'],
    ['203.0.113.5', '198.51.100.1', '203.0.113.5'],
    ['127.0.0.1', '198.51.100.1', '127.0.0.1'],
    ['::ffff:203.0.113.5', undefined, '203.0.113.5'],
    [undefined, '198.51.100.1', 'unknown'],
  ])('from %s saying %s it is %s', (remote, forwarded, expected) => {
    expect(nobody(from(remote, forwarded))).toBe(expected);
  });
});

describe('behind a trusted proxy', () => {
  test.each([
    ['the proxy says who', '10.1.1.1', '203.0.113.5', '203.0.113.5'],
    ['two proxies', '10.1.1.1', '203.0.113.5, 10.2.2.2', '203.0.113.5'],
    ['a proxy by its address', '192.0.2.7', '203.0.113.5', '203.0.113.5'],
    ['a proxy over IPv6', 'fd00::1', '2001:db8::9', '2001:db8::9'],
    ['a proxy that is told as a mapped address', '::ffff:10.1.1.1', '::ffff:203.0.113.5', '203.0.113.5'],
    [
      'the client lies: what it wrote stands before what the proxy added',
      '10.1.1.1',
      '1.2.3.4, 203.0.113.5',
      '203.0.113.5',
    ],
    ['the client says it is a proxy of ours', '10.1.1.1', '1.2.3.4, 10.9.9.9, 203.0.113.5', '203.0.113.5'],
    ['a stranger forges the header', '203.0.113.66', '198.51.100.1', '203.0.113.66'],
    ['a stranger claims to come through the proxy', '203.0.113.66', '198.51.100.1, 10.1.1.1', '203.0.113.66'],
    ['rubbish', '10.1.1.1', 'evil<script>', '10.1.1.1'],
    ['rubbish before the client', '10.1.1.1', 'unknown, 203.0.113.5', '203.0.113.5'],
    ['nothing', '10.1.1.1', '', '10.1.1.1'],
    ['no header', '10.1.1.1', undefined, '10.1.1.1'],
    ['an inner client', '10.1.1.1', '10.7.7.7', '10.7.7.7'],
  ])('%s', (_name, remote, forwarded, expected) => {
    expect(proxied(from(remote, forwarded))).toBe(expected);
  });

  test('a header sent twice is read as one', () => {
    expect(proxied(from('10.1.1.1', ['1.2.3.4', '203.0.113.5']))).toBe('203.0.113.5');
  });

  test('a long header is not read to its end', () => {
    const forwarded = `203.0.113.5, ${Array.from({ length: 5_000 }, () => '10.1.1.1').join(', ')}`;
    expect(proxied(from('10.1.1.1', forwarded))).toBe('10.1.1.1');
  });
});

test.each([
  ['10.0.0.1', true],
  ['10.0.0.0/8', true],
  ['::1', true],
  ['fd00::/8', true],
  ['10.0.0.0/33', false],
  ['fd00::/129', false],
  ['10.0.0.0/8/8', false],
  ['10.0.0.0/', false],
  ['10.0.0', false],
  ['proxy.example', false],
  ['', false],
])('%s as a network: %s', (text, expected) => {
  expect(isNetwork(text)).toBe(expected);
});

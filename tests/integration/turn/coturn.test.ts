import { randomUUID } from 'node:crypto';
import { TURN_LIFETIME_MS } from '@visavis/server';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { hasIpv6, startCoturn, type Credentials, type RunningCoturn } from '../../harness/coturn.ts';
import { METHOD } from './stun.ts';
import { createTurnClient, type TurnClient } from './turnClient.ts';

const OK = 200;
const UNAUTHORIZED = 401;
const FORBIDDEN = 403;
const UNSUPPORTED_TRANSPORT = 442;
const QUOTA_REACHED = 486;
const TCP = 6;

/** What must not be reached through a relay: the first and the last address of each range. */
const DENIED_IPV4 = {
  '0.0.0.0/8, this host': ['0.0.0.0', '0.255.255.255'],
  '10.0.0.0/8, private': ['10.0.0.0', '10.255.255.255'],
  '100.64.0.0/10, carriers': ['100.64.0.0', '100.127.255.255'],
  '127.0.0.0/8, loopback': ['127.0.0.1', '127.255.255.255'],
  '169.254.0.0/16, link-local and clouds': ['169.254.0.0', '169.254.169.254', '169.254.255.255'],
  '172.16.0.0/12, private': ['172.16.0.0', '172.31.255.255'],
  '192.0.0.0/24, protocols': ['192.0.0.0', '192.0.0.255'],
  '192.0.2.0/24, documentation': ['192.0.2.0', '192.0.2.255'],
  '192.88.99.0/24, 6to4 relays': ['192.88.99.0', '192.88.99.255'],
  '192.168.0.0/16, private': ['192.168.0.0', '192.168.255.255'],
  '198.18.0.0/15, measurements': ['198.18.0.0', '198.19.255.255'],
  '240.0.0.0/4, reserved and broadcast': ['240.0.0.0', '255.255.255.254', '255.255.255.255'],
  '224.0.0.0/4, multicast': ['224.0.0.1', '239.255.255.250'],
};
const LAST = 'ffff:ffff:ffff:ffff';
const DENIED_IPV6 = {
  '::/96, loopback and IPv4-compatible': ['::', '::1', '::127.0.0.1', '::ffff:ffff'],
  '::ffff:0:0/96, IPv4-mapped': [
    '::ffff:0.0.0.0',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '::ffff:255.255.255.255',
  ],
  '64:ff9b::/96, NAT64': ['64:ff9b::', '64:ff9b::127.0.0.1', '64:ff9b::ffff:ffff'],
  '64:ff9b:1::/48, local NAT64': ['64:ff9b:1::', `64:ff9b:1:ffff:${LAST}`],
  '2001::/32, Teredo': ['2001::', `2001:0:ffff:ffff:${LAST}`],
  '2002::/16, 6to4': ['2002::', '2002:7f00:1::1', `2002:ffff:ffff:ffff:${LAST}`],
  'fc00::/7, private': ['fc00::', `fdff:ffff:ffff:ffff:${LAST}`],
  'fe80::/10, link-local': ['fe80::', `febf:ffff:ffff:ffff:${LAST}`],
  'fec0::/10, site-local': ['fec0::', `feff:ffff:ffff:ffff:${LAST}`],
  'ff00::/8, multicast': ['ff02::1', `ffff:ffff:ffff:ffff:${LAST}`],
};
/** The neighbours of the ranges: a list that denies too much would pass as well. */
const ALLOWED_IPV4 = [
  '1.0.0.0',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '128.0.0.0',
].concat(
  ['169.253.255.255', '172.15.255.255', '172.32.0.0', '192.167.255.255', '192.169.0.0', '198.20.0.0'],
  ['203.0.113.1', '223.255.255.255'],
);
const ALLOWED_IPV6 = ['2001:1::1', '2003::', '2606:4700::1', 'fbff::1'];

let coturn: RunningCoturn;
let clients: TurnClient[] = [];
beforeAll(async () => {
  coturn = await startCoturn();
});
afterEach(() => {
  for (const client of clients) client.close();
  clients = [];
});
afterAll(() => coturn.dispose());

async function connect(
  credentials: Credentials | null = coturn.issue(randomUUID()),
  transport?: 'udp' | 'tcp' | 'tls',
): Promise<TurnClient> {
  const client = await createTurnClient(coturn, credentials, transport);
  clients.push(client);
  return client;
}

async function expectRefused(family: 4 | 6, hosts: readonly string[]): Promise<void> {
  const client = await connect();
  expect(await client.allocate({ family })).toBe(OK);
  for (const host of hosts) {
    const peer = { host, port: 3_478 };
    expect(await client.permit(peer), `a permission for ${host}`).toBe(FORBIDDEN);
    expect(await client.bindChannel(peer), `a channel to ${host}`).toBe(FORBIDDEN);
  }
}

async function expectAllowed(family: 4 | 6, hosts: readonly string[]): Promise<void> {
  const client = await connect();
  expect(await client.allocate({ family })).toBe(OK);
  for (const host of hosts) {
    const peer = { host, port: 3_478 };
    expect(await client.permit(peer), `a permission for ${host}`).toBe(OK);
    expect(await client.bindChannel(peer), `a channel to ${host}`).toBe(OK);
  }
}

describe('who may use the relay', () => {
  it.each(['udp', 'tcp', 'tls'] as const)(
    'HTTP4 credentials of the server are good over %s',
    async (transport) => {
      const client = await connect(coturn.issue('somebody'), transport);
      expect(await client.allocate()).toBe(OK);
      expect(client.relayed?.host).toBe('127.0.0.1');
      expect(await client.refresh(0)).toBe(OK);
    },
  );

  it('HTTP4 nobody without credentials', async () => {
    const client = await connect(null);
    expect(await client.allocate()).toBe(UNAUTHORIZED);
  });

  it('HTTP4 no forged ones: another password, another user, a later end', async () => {
    const { username, credential } = coturn.issue('ana');
    const [endsAt = '', name = ''] = username.split(':');
    // By the first letter: of the last one before the = only some bits count, so that it may be the right one.
    const other = `${credential.startsWith('A') ? 'B' : 'A'}${credential.slice(1)}`;
    const later = `${String(Number(endsAt) + 3_600)}:${name}`;
    for (const forged of [
      { username, credential: other },
      { username, credential: '' },
      { username: coturn.issue('ben').username, credential },
      { username: later, credential },
    ]) {
      const client = await connect(forged);
      expect(await client.allocate(), forged.username).toBe(UNAUTHORIZED);
    }
  });

  it('HTTP4 no expired ones, and those that still live a second are good', async () => {
    const now = Date.now();
    const expired = await connect(coturn.issue('ana', now - TURN_LIFETIME_MS - 1_000));
    expect(await expired.allocate()).toBe(UNAUTHORIZED);
    const last = await connect(coturn.issue('ana', now - TURN_LIFETIME_MS + 5_000));
    expect(await last.allocate()).toBe(OK);
  });

  it('HTTP4 no foreign ones, made with the secret of another operator', async () => {
    const other = await startCoturn();
    try {
      const client = await connect(other.issue('ana'));
      expect(await client.allocate()).toBe(UNAUTHORIZED);
    } finally {
      await other.dispose();
    }
  });

  it('nobody uses what somebody else has allocated', async () => {
    const owner = await connect(coturn.issue('ana'));
    expect(await owner.allocate()).toBe(OK);
    const other = await connect(coturn.issue('ben'));
    expect(await other.permit({ host: '203.0.113.1', port: 9 })).not.toBe(OK);
  });

  it('what it tells of refusals holds no secret', async () => {
    const { username, credential } = coturn.issue('ana');
    const client = await connect({ username, credential: `${credential}x` });
    expect(await client.allocate()).toBe(UNAUTHORIZED);
    expect(coturn.output()).not.toContain(coturn.secret);
    expect(coturn.output()).not.toContain(credential);
  });
});

describe('what it relays to', () => {
  it.each(Object.entries(DENIED_IPV4))('not to %s', (_, hosts) => expectRefused(4, hosts));
  it('to the internet', () => expectAllowed(4, ALLOWED_IPV4));

  it('not to an IPv4 address in disguise', async () => {
    const client = await connect();
    expect(await client.allocate()).toBe(OK);
    for (const host of ['::ffff:127.0.0.1', '::ffff:169.254.169.254', '::127.0.0.1', '::1']) {
      expect(await client.permit({ host, port: 80 }), host).not.toBe(OK);
      expect(await client.bindChannel({ host, port: 80 }), host).not.toBe(OK);
    }
  });

  describe.skipIf(!hasIpv6)('where this machine has IPv6', () => {
    it.each(Object.entries(DENIED_IPV6))('not to %s', (_, hosts) => expectRefused(6, hosts));
    it('to the internet', () => expectAllowed(6, ALLOWED_IPV6));
  });

  it('not over TCP', async () => {
    const client = await connect(coturn.issue('ana'), 'tcp');
    expect(await client.allocate({ transport: TCP })).toBe(UNSUPPORTED_TRANSPORT);
  });
});

describe('how much', () => {
  it('one person gets 60 allocations, other people still theirs, and what is given back can be had again', async () => {
    const now = Date.now();
    // Credentials of another moment are still the same person's.
    const connectAna = (index: number): Promise<TurnClient> =>
      connect(coturn.issue('greedy', now - (index % 5) * 1_000));
    const taken: TurnClient[] = [];
    for (let index = 0; index < 60; index += 1) {
      const client = await connectAna(index);
      expect(await client.allocate(), `allocation ${String(index + 1)}`).toBe(OK);
      taken.push(client);
    }
    const tooMany = await connectAna(60);
    expect(await tooMany.allocate()).toBe(QUOTA_REACHED);
    expect(await (await connect(coturn.issue('modest'))).allocate()).toBe(OK);
    expect(await taken[0]?.refresh(0)).toBe(OK);
    // coturn counts it a moment longer.
    await expect.poll(async () => (await connectAna(61)).allocate(), { timeout: 20_000 }).toBe(OK);
  });

  it('everybody together gets no more than there is', async () => {
    const small = await startCoturn({ args: ['--total-quota=2'] });
    try {
      const codes = [];
      for (const user of ['ana', 'ben', 'cleo']) {
        const client = await createTurnClient(small, small.issue(user));
        clients.push(client);
        codes.push(await client.allocate());
      }
      expect(codes).toEqual([OK, OK, QUOTA_REACHED]);
    } finally {
      await small.dispose();
    }
  });
});

describe('what a device needs', () => {
  it('it is told its own address without credentials, which makes other STUN servers needless', async () => {
    const client = await connect(null);
    const answer = await client.ask(METHOD.binding, {});
    expect(answer.mapped?.host).toBe('127.0.0.1');
  });

  it('a call goes on when the credentials that it began with have expired', async () => {
    const lifeLeftMs = 1_500;
    const client = await connect(coturn.issue('ana', Date.now() - TURN_LIFETIME_MS + lifeLeftMs));
    expect(await client.allocate()).toBe(OK);
    const [endsAt = ''] = coturn.issue('ana', Date.now() - TURN_LIFETIME_MS + lifeLeftMs).username.split(':');
    await expect.poll(() => Date.now() / 1_000, { timeout: 10_000 }).toBeGreaterThan(Number(endsAt) + 1);
    expect(await client.refresh(600)).toBe(OK);
    expect(await client.permit({ host: '203.0.113.1', port: 9 })).toBe(OK);
  });
});

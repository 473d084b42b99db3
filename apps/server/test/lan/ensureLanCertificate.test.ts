import { X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { createServerCertificate } from '../../src/lan/certificates.ts';
import { ensureLanCertificate } from '../../src/lan/ensureLanCertificate.ts';
import { visitOverTls } from './tls.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** The handshakes below go by the real clock. */
const now = Date.now();
const NAMES = { addresses: ['192.168.7.20', 'fd00::20'], hostnames: ['kitchen', 'kitchen.local'] };

let directory: string;

beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'visavis-lan-')), 'tls');
});

afterEach(async () => {
  await rm(join(directory, '..'), { recursive: true, force: true });
});

const ensure = (change: Partial<Parameters<typeof ensureLanCertificate>[0]> = {}) =>
  ensureLanCertificate({ directory, now, ...NAMES, ...change });

describe('a handshake', () => {
  test.each(['localhost', '127.0.0.1', '192.168.7.20', 'fd00::20', 'kitchen', 'kitchen.local'])(
    'succeeds for %s with a device that trusts the authority',
    async (name) => {
      const { key, cert, caCert } = await ensure();
      await expect(visitOverTls({ key, cert, trusted: caCert, name })).resolves.toBe('TLSv1.3');
    },
  );

  test('is refused by a device that does not trust the authority', async () => {
    const { key, cert } = await ensure();
    await expect(visitOverTls({ key, cert, name: 'localhost' })).rejects.toThrow(/unable to verify/);
  });

  test('is refused for a name that the certificate does not carry', async () => {
    const { key, cert, caCert } = await ensure();
    await expect(visitOverTls({ key, cert, trusted: caCert, name: 'other.local' })).rejects.toThrow(
      /does not match/,
    );
  });

  test.each([
    { hostnames: ['example.com'], addresses: [], name: 'example.com' },
    { hostnames: [], addresses: ['1.1.1.1'], name: '1.1.1.1' },
    { hostnames: [], addresses: ['2606:4700::1111'], name: '2606:4700::1111' },
  ])('is refused for $name, even signed with the stolen key of the authority', async ({ name, ...names }) => {
    const { caCert } = await ensure();
    const authority = { key: await readFile(join(directory, 'authority.key.pem'), 'utf8'), cert: caCert };
    const { key, cert } = createServerCertificate(authority, names, now);
    await expect(visitOverTls({ key, cert, trusted: caCert, name })).rejects.toThrow(/permitted subtree/);
  });
});

test('keys are readable for their owner only', async () => {
  await ensure();
  expect((await stat(directory)).mode & 0o777).toBe(0o700);
  for (const role of ['authority', 'server']) {
    expect((await stat(join(directory, `${role}.key.pem`))).mode & 0o777).toBe(0o600);
  }
});

test('the certificates are what phones and browsers accept', async () => {
  const { cert, caCert, caFingerprint } = await ensure();
  const authority = new X509Certificate(caCert);
  const server = new X509Certificate(cert);

  expect(authority.ca).toBe(true);
  expect(authority.fingerprint256).toBe(caFingerprint);
  expect(server.ca).toBe(false);
  expect(server.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  expect(server.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
  expect(server.validToDate.getTime() - server.validFromDate.getTime()).toBeLessThan(397 * DAY_MS);
  expect(server.validFromDate.getTime()).toBeLessThan(now);
});

describe('the next start', () => {
  test('uses the same certificate, in whatever order the system lists the addresses', async () => {
    const first = await ensure();
    const second = await ensure({ addresses: [...NAMES.addresses].reverse(), now: now + 300 * DAY_MS });
    expect(second).toEqual(first);
    expect(second.notices).toEqual([]);
  });

  test('renews the server certificate when an address has changed, and keeps the authority', async () => {
    const first = await ensure();
    const second = await ensure({ addresses: ['10.1.2.3'] });
    expect(second.caCert).toBe(first.caCert);
    expect(second.cert).not.toBe(first.cert);
    expect(second.notices).toEqual([]);
    const visit = { key: second.key, cert: second.cert, trusted: first.caCert, name: '10.1.2.3' };
    await expect(visitOverTls(visit)).resolves.toBe('TLSv1.3');
  });

  test('renews the server certificate in its last 30 days, and keeps the authority', async () => {
    const first = await ensure();
    const second = await ensure({ now: now + 370 * DAY_MS });
    expect(second.caCert).toBe(first.caCert);
    expect(second.cert).not.toBe(first.cert);
  });

  test('makes a new authority, and says so, when the old one would not outlive a server certificate', async () => {
    const first = await ensure();
    const second = await ensure({ now: now + 3300 * DAY_MS });
    expect(second.caCert).not.toBe(first.caCert);
    expect(second.notices.join(' ')).toMatch(/expired.*install it on your phones again/);
  });

  test('makes a new authority, and says so, when the machine has another name', async () => {
    const first = await ensure();
    const second = await ensure({ hostnames: ['cellar', 'cellar.local'] });
    expect(second.caCert).not.toBe(first.caCert);
    expect(second.notices.join(' ')).toMatch(/other names/);
    const visit = { key: second.key, cert: second.cert, trusted: second.caCert, name: 'cellar' };
    await expect(visitOverTls(visit)).resolves.toBe('TLSv1.3');
  });
});

describe('damaged files', () => {
  test.each(['server.key.pem', 'server.cert.pem'])('%s is replaced, with a notice', async (file) => {
    const first = await ensure();
    await writeFile(join(directory, file), 'rubbish');
    const second = await ensure();
    expect(second.caCert).toBe(first.caCert);
    expect(second.notices.join(' ')).toMatch(/was damaged/);
    const visit = { key: second.key, cert: second.cert, trusted: first.caCert, name: 'localhost' };
    await expect(visitOverTls(visit)).resolves.toBe('TLSv1.3');
  });

  test.each(['authority.key.pem', 'authority.cert.pem'])(
    '%s means a new authority, with a notice',
    async (file) => {
      await ensure();
      await rm(join(directory, file));
      const second = await ensure();
      expect(second.notices.join(' ')).toMatch(/authority.*was damaged.*install it on your phones again/);
      const visit = { key: second.key, cert: second.cert, trusted: second.caCert, name: 'localhost' };
      await expect(visitOverTls(visit)).resolves.toBe('TLSv1.3');
    },
  );

  test('a key that belongs to another certificate counts as damage', async () => {
    await ensure();
    await writeFile(
      join(directory, 'server.key.pem'),
      await readFile(join(directory, 'authority.key.pem'), 'utf8'),
    );
    expect((await ensure()).notices.join(' ')).toMatch(/was damaged/);
  });

  test('a directory in the place of a file is an error that names it', async () => {
    await ensure();
    await rm(join(directory, 'server.key.pem'));
    await mkdir(join(directory, 'server.key.pem'));
    await expect(ensure()).rejects.toThrow(/Cannot read .*server\.key\.pem/);
  });
});

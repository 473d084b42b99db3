import { expect, test } from 'vitest';

import { formatLanBanner, formatQr } from '../../src/lan/banner.ts';

const withoutColours = (line: string): string => line.slice('\u001B[30;107m'.length, -'\u001B[0m'.length);
const caFingerprint = Array.from({ length: 32 }, () => 'AB').join(':');

test('the banner names every address, and where to get the certificate', () => {
  const banner = formatLanBanner({ addresses: ['192.168.7.20', 'fd00::20'], port: 3000, caFingerprint });
  expect(banner).toContain('https://192.168.7.20:3000\n');
  expect(banner).toContain('https://[fd00::20]:3000\n');
  expect(banner).toContain('https://192.168.7.20:3000/visavis-ca.crt');
  expect(banner.replaceAll(/\s/g, '')).toContain(caFingerprint.slice(0, 48));
});

test('the standard port is left out of the addresses', () => {
  expect(formatLanBanner({ addresses: ['10.0.0.7'], port: 443, caFingerprint })).toContain(
    'https://10.0.0.7\n',
  );
});

test('a machine without a network is told so', () => {
  const banner = formatLanBanner({ addresses: [], port: 3000, caFingerprint });
  expect(banner).toBe('This machine has no address on a local network. Here it is https://localhost:3000');
});

test('the QR code is as wide as it is high, and narrower than a terminal', () => {
  const rows = formatQr('https://192.168.100.200:65535').split('\n').map(withoutColours);
  const [width = 0] = rows.map((row) => row.length);
  expect(rows.every((row) => row.length === width)).toBe(true);
  expect(rows.length).toBe(Math.ceil(width / 2));
  expect(width).toBeLessThan(60);
  // Scanners want dark on light, with a light border.
  expect(rows[0]?.trim()).toBe('');
});

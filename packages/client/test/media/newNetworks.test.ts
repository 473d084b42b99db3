import { expect, test } from 'vitest';
import { createNewNetworks } from '../../src/media/direct/newNetworks.ts';

const host = (network: number): string =>
  `candidate:1 1 udp 2122194687 192.0.2.${network} 50000 typ host generation 0 ufrag abcd network-id ${network}`;

test('NEG4 a network that shows after gathering began is a new one, once', () => {
  const networks = createNewNetworks();
  expect(networks.note(host(1), 'abcd', 1_000)).toBe(false);
  expect(networks.note(host(2), 'abcd', 1_200)).toBe(false);
  expect(networks.note(host(3), 'abcd', 1_201)).toBe(true);
  expect(networks.note(host(3), 'abcd', 1_300)).toBe(false);
});

test('NEG4 each gathering begins anew, and other candidates say nothing', () => {
  const networks = createNewNetworks();
  networks.note(host(1), 'abcd', 1_000);
  expect(networks.note(host(2), 'efgh', 5_000)).toBe(false);
  const relay =
    'candidate:1 1 udp 8331263 192.0.2.9 50733 typ relay raddr 0.0.0.0 rport 0 generation 0 network-id 7';
  expect(networks.note(relay, 'abcd', 9_000)).toBe(false);
  expect(networks.note('candidate:1 1 udp 2122194687 192.0.2.1 50000 typ host', 'abcd', 9_000)).toBe(false);
});

import type { NetworkInterfaceInfo } from 'node:os';

import { expect, test } from 'vitest';

import { isLocalAddress, listLanAddresses } from '../../src/lan/addresses.ts';
import { listHostnames } from '../../src/lan/hostnames.ts';

const rest = { netmask: '', mac: '00:00:00:00:00:00', cidr: null, scopeid: 0 };
const ipv4 = (address: string, internal = false): NetworkInterfaceInfo => ({
  ...rest,
  family: 'IPv4',
  address,
  internal,
});
const ipv6 = (address: string, internal = false): NetworkInterfaceInfo => ({
  ...rest,
  family: 'IPv6',
  address,
  internal,
});

test('the addresses of the network are listed once each, IPv4 first, without those nobody can type', () => {
  const addresses = listLanAddresses({
    lo: [ipv4('127.0.0.1', true), ipv6('::1', true)],
    wlan0: [ipv6('fe80::1'), ipv6('fd12::7'), ipv6('2001:db8::7'), ipv4('192.168.7.20')],
    eth0: [ipv4('10.0.0.7'), ipv4('192.168.7.20')],
  });
  expect(addresses).toEqual(['192.168.7.20', '10.0.0.7', 'fd12::7']);
});

test.each([
  ['10.255.0.1', true],
  ['172.15.0.1', false],
  ['172.31.255.255', true],
  ['192.168.0.1', true],
  ['100.64.0.1', true],
  ['8.8.8.8', false],
  ['::1', true],
  ['fdff::1', true],
  ['2001:db8::1', false],
])('%s is local: %s', (address, isLocal) => {
  expect(isLocalAddress(address)).toBe(isLocal);
});

test.each([
  ['Kitchen', ['kitchen', 'kitchen.local']],
  ['kitchen.home.example', ['kitchen.home.example', 'kitchen.local']],
  ['kitchen.local', ['kitchen.local']],
  ['my computer', []],
  ['', []],
])('a machine called %j is known as %j', (name, expected) => {
  expect(listHostnames(name)).toEqual(expected);
});

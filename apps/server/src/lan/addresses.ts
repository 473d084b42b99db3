import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

/** The ranges that are never routed on the internet: RFC 1918, 6598, 3927 and 4193, loopback and IPv6 link-local. */
export const LOCAL_RANGES = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '::1/128',
  'fc00::/7',
  'fe80::/10',
] as const;

const localRanges = new BlockList();
for (const range of LOCAL_RANGES) {
  const [network = '', prefix = ''] = range.split('/');
  localRanges.addSubnet(network, Number(prefix), isIP(network) === 6 ? 'ipv6' : 'ipv4');
}

/** Whether an address can only be one of this network. */
export function isLocalAddress(address: string): boolean {
  return localRanges.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/**
 * The addresses at which other devices of the local network reach this machine, IPv4 first.
 *
 * IPv6 addresses count only from fc00::/7: link-local ones do not work in a browser's address bar, and global ones are
 * changed by the system every day.
 */
export function listLanAddresses(interfaces = networkInterfaces()): string[] {
  const external = Object.values(interfaces)
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal }) => !internal);
  const ipv4 = external.filter(({ family }) => family === 'IPv4').map(({ address }) => address);
  const ipv6 = external
    .filter(({ family, address }) => family === 'IPv6' && /^f[cd]/i.test(address))
    .map(({ address }) => address);
  return [...new Set([...ipv4, ...ipv6])];
}

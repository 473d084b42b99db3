import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** Whose request this is, for what is limited by address. */
export type ClientAddress = (request: Pick<IncomingMessage, 'socket' | 'headers'>) => string;

/** What is sent by hand can be long; no chain of proxies is. */
const MOST_HOPS = 32;

/**
 * The address that a request comes from. Behind trusted proxies it is the last one in `X-Forwarded-For` that is none of theirs:
 * each proxy adds the address it was asked from at the end, and what stands before that, anybody may have written.
 *
 * @param trusted - addresses and networks, as {@link isNetwork} takes them
 */
export function createClientAddress(trusted: readonly string[]): ClientAddress {
  const proxies = new BlockList();
  for (const network of trusted) addNetwork(proxies, network);
  const isTrusted = (address: string): boolean => {
    const family = isIP(address);
    return family !== 0 && proxies.check(address, family === 4 ? 'ipv4' : 'ipv6');
  };
  return ({ socket, headers }) => {
    let address = plain(socket.remoteAddress ?? 'unknown');
    const hops = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',').slice(-MOST_HOPS);
    for (let hop = hops.pop(); hop !== undefined && isTrusted(address); hop = hops.pop()) {
      const before = plain(hop.trim());
      // What is no address was not written by a proxy of ours.
      if (isIP(before) === 0) break;
      address = before;
    }
    return address;
  };
}

/** `10.1.2.3`, `10.0.0.0/8`, `fd00::/8`. */
export function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128));
}

function addNetwork(list: BlockList, network: string): void {
  const [address = '', prefix] = network.split('/');
  const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
  if (prefix === undefined) list.addAddress(address, family);
  else list.addSubnet(address, Number(prefix), family);
}

/** A socket that listens for both families says `::ffff:10.1.2.3` for an IPv4 address. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');

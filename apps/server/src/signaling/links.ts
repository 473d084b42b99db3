import type { Link } from './link.ts';

/** All sockets of this process, counted by address. */
export interface Links extends Iterable<Link> {
  add(link: Link): void;
  remove(link: Link): void;
  count(address: string): number;
}

export function createLinks(): Links {
  const links = new Set<Link>();
  const counts = new Map<string, number>();
  const count = (address: string): number => counts.get(address) ?? 0;
  return {
    count,
    add: (link) => {
      links.add(link);
      counts.set(link.address, count(link.address) + 1);
    },
    remove: (link) => {
      if (!links.delete(link)) return;
      const left = count(link.address) - 1;
      if (left > 0) counts.set(link.address, left);
      else counts.delete(link.address);
    },
    [Symbol.iterator]: () => links.values(),
  };
}

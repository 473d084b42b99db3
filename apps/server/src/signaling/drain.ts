import type { Clock } from '../ports.ts';
import type { Link } from './link.ts';

/** How often a socket is looked at whose device waits for an answer, and how long that may keep it. */
const LOOK_MS = 50;
const PATIENCE_MS = 3_000;
/** The first part of the time is for proxies, to notice that this node takes nobody any more. */
const NOTICE_SHARE = 0.4;

/**
 * SES6: closes sockets one after the other, so that the other nodes are not stormed, and each when no request on it waits for
 * its answer.
 */
export async function drainLinks(
  listLinks: () => readonly Link[],
  { clock, drainMs }: { readonly clock: Clock; readonly drainMs: number },
  close: (link: Link) => void,
): Promise<void> {
  await pause(clock, drainMs * NOTICE_SHARE);
  const links = listLinks();
  const spreadMs = drainMs * (1 - NOTICE_SHARE);
  await Promise.all(
    links.map(async (link, n) => {
      await pause(clock, (spreadMs * (n + 1)) / links.length);
      const deadline = clock.now() + PATIENCE_MS;
      while (isWaitedFor(link) && clock.now() < deadline) await pause(clock, LOOK_MS);
      close(link);
    }),
  );
}

const isWaitedFor = ({ state, underWay }: Link): boolean =>
  state.phase === 'registering' || (state.phase === 'registered' && underWay > 0);

const pause = async (clock: Clock, ms: number): Promise<void> =>
  new Promise((resolve) => {
    clock.schedule(ms, resolve);
  });

import { LIMITS } from '@visavis/protocol';
import { done, refuse, unchanged } from './change.ts';
import type { GroupEvent, GroupLink, GroupStep, LiveGroup } from './types.ts';

/** GRP9: how long one person alone is waited with. Shorter ends the call of somebody whose train is in a tunnel. */
export const ALONE_MS = 60_000;
/** GRP9: the same while people can still come by a link. Longer leaves a forgotten camera on for longer. */
export const ALONE_WITH_LINK_MS = 30 * 60_000;

export type LinkEvent = Extract<GroupEvent, { type: 'link_made' | 'link_revoked' }>;

/** @returns until when one person who is alone since then is waited with, wall time in ms */
export function aloneUntil(links: readonly GroupLink[], sinceAt: number): number {
  const openUntil = Math.max(...links.map(({ expiresAt }) => expiresAt), 0);
  return Math.max(sinceAt + ALONE_MS, Math.min(sinceAt + ALONE_WITH_LINK_MS, openUntil));
}

/**
 * GRP9: whoever makes a link waits for people from then on, and for a moment more after the last one is revoked.
 * Of the links the machine knows when they end, nothing else; whether one may be made is decided where it is made (GRP6).
 */
export function stepLinks(call: LiveGroup, event: LinkEvent, now: number): GroupStep {
  const { linkId } = event;
  const others = call.links.filter((link) => link.linkId !== linkId && link.expiresAt > now);
  const isKnown = call.links.some((link) => link.linkId === linkId);
  switch (event.type) {
    case 'link_made': {
      if (isKnown) return unchanged(call);
      // One whose making was written down after its end has no place among those that hold.
      if (event.expiresAt <= now) return refuse(call, 'LINK_INVALID');
      const links = [...others, { linkId, expiresAt: event.expiresAt }].slice(-LIMITS.linksPerCall);
      return done({ ...call, links, aloneSinceAt: renewed(call, now) }, []);
    }
    case 'link_revoked':
      if (!isKnown) return unchanged(call);
      return done(
        { ...call, links: others, aloneSinceAt: others.length > 0 ? call.aloneSinceAt : renewed(call, now) },
        [],
      );
  }
}

const renewed = ({ aloneSinceAt }: LiveGroup, now: number): number | null =>
  aloneSinceAt === null ? null : Math.max(aloneSinceAt, now);

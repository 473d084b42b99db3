import * as z from 'zod/mini';
import type { Config } from './config.ts';

/** `signaling` takes devices and forwards no media, `media` the other way round, `all` does both. */
export const Role = z.enum(['all', 'signaling', 'media']);
/** Free text; compared and never interpreted. */
export const Region = z.string().check(z.maxLength(64));

/** What is missing for the role of this process. Every fault is told. */
export function listRoleFaults({ role, redisUrl, isLan, media }: Config): string[] {
  if (role === 'all') return [];
  const faults: string[] = [];
  if (redisUrl === null) {
    faults.push(
      `VISAVIS_REDIS_URL: with VISAVIS_ROLE=${role} this node needs the others, and finds them there. Set it, and VISAVIS_DATABASE_URL`,
    );
  }
  if (role === 'media' && isLan)
    faults.push('VISAVIS_LAN: a media node has no pages, so it needs no certificate. Leave it off');
  if (role === 'media' && media.source.kind === 'none') {
    faults.push(
      'VISAVIS_MEDIA_WORKER_BIN: a media node needs a media worker. Start it with npm start, or name a mediasoup-worker',
    );
  }
  return faults;
}

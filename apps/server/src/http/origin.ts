import { isIP } from 'node:net';
import { listHostnames } from '../lan/index.ts';

/**
 * Whether a page of this origin may use the server: one of the operator's own origins, or the very address that the request
 * came to, as long as that is a number or a name of this machine. A name that somebody else's DNS points here is neither.
 *
 * @param origin - the `Origin` header
 * @param host - the `Host` header
 */
export function isOwnOrigin(
  origin: string | undefined,
  host: string | undefined,
  publicOrigins: readonly string[],
): boolean {
  if (origin === undefined) return false;
  if (publicOrigins.includes(origin)) return true;
  if (host === undefined || !URL.canParse(origin)) return false;
  const url = new URL(origin);
  return url.host === host.toLowerCase() && isOwnName(url.hostname);
}

function isOwnName(name: string): boolean {
  if (name === 'localhost' || name.endsWith('.localhost')) return true;
  if (isIP(name.replace(/^\[|\]$/g, '')) !== 0) return true;
  return listHostnames().includes(name);
}

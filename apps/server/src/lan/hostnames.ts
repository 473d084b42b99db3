import { hostname } from 'node:os';

/** A host name that a certificate can carry (RFC 1123, 2.1). */
const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;

/** What this machine is called: its name, and how multicast DNS (RFC 6762) makes it known on the network. */
export function listHostnames(name = hostname()): string[] {
  const full = name.toLowerCase().replace(/\.$/, '');
  if (!HOST_NAME.test(full)) return [];
  const [label = full] = full.split('.');
  return [...new Set([full, `${label}.local`])];
}

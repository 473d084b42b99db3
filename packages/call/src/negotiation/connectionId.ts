/** 48 bits of time: RFC 9562 §5.7. */
const LAST_STAMP = 2 ** 48 - 1;

/**
 * Makes the id of a new connection: a UUID of version 7 (RFC 9562 §5.7), so that later ones are greater. It is greater than
 * `above` even when this device's clock is behind the one that made that.
 *
 * @param above - the id of the connection to replace, or null
 * @param now - ms since 1970
 * @param random - 10 random bytes
 */
export function nextConnectionId(above: string | null, now: number, random: Uint8Array): string {
  const floor = above === null ? 0 : Number.parseInt(above.replaceAll('-', '').slice(0, 12), 16) + 1;
  const stamp = Math.min(Math.max(now, floor), LAST_STAMP);
  const time = stamp.toString(16).padStart(12, '0');
  const noise = [...random.subarray(0, 10)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const variant = ((Number.parseInt(noise.slice(4, 5), 16) & 0b0011) | 0b1000).toString(16);
  return [
    time.slice(0, 8),
    time.slice(8),
    `7${noise.slice(0, 3)}`,
    `${variant}${noise.slice(5, 8)}`,
    noise.slice(8, 20),
  ].join('-');
}

/** Whether `id` names a newer connection than `other` (null: there is none, so every one is newer). */
export function isNewerConnection(id: string, other: string | null): boolean {
  return other === null || id.toLowerCase() > other.toLowerCase();
}

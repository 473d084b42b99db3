/** A colour angle for oklch(), 0 to 359, the same for an id everywhere and always (FNV-1a over its characters). */
export function hueOf(id: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index += 1) {
    hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash % 360;
}

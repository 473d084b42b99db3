import type { Codec } from '@visavis/encryption';

/** What a line of a connection may carry: one codec, so that both ends know which without being told by the server. */
export type MediaCodec = Exclude<Codec, 'data'>;

export const kindOf = (codec: MediaCodec): 'audio' | 'video' => (codec === 'opus' ? 'audio' : 'video');

/** What repairs pictures: packets that are sent again, and others made of several, which carry nothing that is not sealed already. */
const REPAIRS = new Set(['video/rtx', 'video/red', 'video/ulpfec']);

/**
 * The browser's variants of a codec, and what repairs pictures. Redundant audio and H.264 stay out, which cannot be encrypted whole, and
 * what a browser would put beside a codec (comfort noise, tones).
 */
export function variantsOf<Capability extends { readonly mimeType: string }>(
  codec: MediaCodec,
  all: readonly Capability[],
): Capability[] {
  const wanted = `${kindOf(codec)}/${codec}`;
  const variants = all.filter(({ mimeType }) => mimeType.toLowerCase() === wanted);
  return variants.length === 0
    ? []
    : [...variants, ...all.filter(({ mimeType }) => REPAIRS.has(mimeType.toLowerCase()))];
}

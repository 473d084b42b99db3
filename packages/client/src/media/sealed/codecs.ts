import type { Codec } from '@visavis/encryption';

/** What a line of a connection may carry: one codec, so that both ends know which without being told by the server. */
export type MediaCodec = Exclude<Codec, 'data'>;

export const kindOf = (codec: MediaCodec): 'audio' | 'video' => (codec === 'opus' ? 'audio' : 'video');

/**
 * The browser's variants of a codec, and retransmission. Redundant audio and H.264 stay out, which cannot be encrypted whole, and
 * what a browser would put beside a codec (comfort noise, tones, forward error correction).
 */
export function variantsOf<Capability extends { readonly mimeType: string }>(
  codec: MediaCodec,
  all: readonly Capability[],
): Capability[] {
  const wanted = `${kindOf(codec)}/${codec}`;
  const variants = all.filter(({ mimeType }) => mimeType.toLowerCase() === wanted);
  return variants.length === 0
    ? []
    : [...variants, ...all.filter(({ mimeType }) => mimeType.toLowerCase() === 'video/rtx')];
}

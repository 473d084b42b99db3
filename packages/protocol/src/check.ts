import * as z from 'zod/mini';
import { LIMITS } from './limits.ts';
import { MediaTransport } from './media.ts';

/** HTTP5: so many characters up, and as many down as are wanted, to see what a device's connection carries. */
export const SampleRequest = z.strictObject({
  filler: z.string().check(z.maxLength(LIMITS.sampleLength)),
  wanted: z.int().check(z.gte(0), z.lte(LIMITS.sampleLength)),
});
export type SampleRequest = z.infer<typeof SampleRequest>;
export const Sample = z.strictObject({ filler: z.string().check(z.maxLength(LIMITS.sampleLength)) });
export type Sample = z.infer<typeof Sample>;

/** HTTP5: two transports of the media server that nothing is ever published to; null: this server has none now. */
export const CheckTransports = z.strictObject({
  transports: z.nullable(z.array(MediaTransport).check(z.maxLength(2))),
});
export type CheckTransports = z.infer<typeof CheckTransports>;

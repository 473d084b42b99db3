import * as z from 'zod/mini';

/** Whose side it was. `between`: neither's. */
export const QualitySide = z.enum(['own', 'other', 'both', 'server', 'between']);
export type QualitySide = z.infer<typeof QualitySide>;

const WEEK_S = 604_800;
const Seconds = z.int().check(z.gte(0), z.lte(WEEK_S));
const Share = z.number().check(z.gte(0), z.lte(1));

/** HIST3: how a call was on one device, as it has found itself. What it does not know is left out. */
export const CallQuality = z
  .strictObject({
    /** For how long it was looked at, and for how much of that it was not good. */
    seconds: Seconds.check(z.gte(1)),
    fairSeconds: Seconds,
    poorSeconds: Seconds,
    /** Of most of the time that was not good. */
    side: z.optional(QualitySide),
    /** In the middle. */
    roundTripMs: z.optional(z.number().check(z.gte(0), z.lte(60_000))),
    sentLoss: z.optional(Share),
    receivedLoss: z.optional(Share),
    /** Both ways. */
    usedBytes: z.optional(z.int().check(z.gte(0), z.lte(1e13))),
  })
  .check(
    z.refine(
      ({ seconds, fairSeconds, poorSeconds }) => fairSeconds + poorSeconds <= seconds,
      'more seconds than there were',
    ),
  );
export type CallQuality = z.infer<typeof CallQuality>;

import * as z from 'zod/mini';

/** Of the reflector, on each of its addresses. */
export const PROBE_PORTS = [3_001, 3_002] as const;

/** What a probe asks of the reflector. */
export const Question = z.object({
  id: z.string(),
  /** The reflector's socket that is to answer, as address and port. */
  answerFrom: z.string(),
});
export type Question = z.infer<typeof Question>;

export const Answer = z.object({
  id: z.string(),
  /** From where the question came, as the reflector saw it. */
  seen: z.string(),
});
export type Answer = z.infer<typeof Answer>;

const Dependence = z.enum(['endpoint-independent', 'address-dependent', 'address-and-port-dependent']);

/** What a NAT does, in the words of RFC 4787 (§4.1, §5, §6). Null where nothing passes. */
export const Behaviour = z.object({
  udp: z.enum(['passes', 'blocked']),
  isTranslated: z.nullable(z.boolean()),
  mapping: z.nullable(Dependence),
  filtering: z.nullable(Dependence),
  /** Whether two sockets behind it reach each other at its public address. */
  hairpin: z.nullable(z.boolean()),
  /** Those of the asked TCP ports, as address and port, that can be connected to. */
  tcp: z.array(z.string()),
});
export type Behaviour = z.infer<typeof Behaviour>;

export const parse = <Schema extends z.ZodMiniType>(schema: Schema, text: string): z.infer<Schema> =>
  schema.parse(JSON.parse(text));

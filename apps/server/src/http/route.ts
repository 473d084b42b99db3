import * as z from 'zod/mini';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SignedInDevice } from '../ports.ts';
import { HttpProblem } from './problem.ts';

/** For routes without parameters, query or body. */
export const Nothing = z.strictObject({});

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What every route says about itself: checked when it is called, and written into the OpenAPI document. */
interface RouteFacts {
  readonly method: Method;
  /** In OpenAPI's notation: `/api/contacts/{userId}`. */
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  readonly params: z.ZodMiniType;
  readonly query: z.ZodMiniType;
  readonly body: z.ZodMiniType;
  /** Null: 204 and nothing. */
  readonly response: z.ZodMiniType | null;
  /** GRP6: whether somebody without an account may ask this; false unless it says so. */
  readonly forGuests?: boolean;
  /** Requests a minute from one address, where that is less than for all. */
  readonly perMinute?: number;
}

export interface Route extends RouteFacts {
  readonly needsDevice: boolean;
  readonly handle: (
    request: FastifyRequest,
    reply: FastifyReply,
    device: SignedInDevice | null,
  ) => Promise<unknown>;
}

interface Spec<
  Params extends z.ZodMiniType,
  Query extends z.ZodMiniType,
  Body extends z.ZodMiniType,
  Response extends z.ZodMiniType | null,
> extends RouteFacts {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly response: Response;
}

interface Given<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

type ResultOf<Response> = Response extends z.ZodMiniType ? z.output<Response> : void;

/** A route that anybody may use. */
export function publicRoute<
  Params extends z.ZodMiniType,
  Query extends z.ZodMiniType,
  Body extends z.ZodMiniType,
  Response extends z.ZodMiniType | null,
>(
  spec: Spec<Params, Query, Body, Response>,
  handle: (given: Given<z.output<Params>, z.output<Query>, z.output<Body>>) => Promise<ResultOf<Response>>,
): Route {
  return {
    ...spec,
    needsDevice: false,
    handle: async (request, reply) => handle({ ...decodeRequest(spec, request), request, reply }),
  };
}

/** HTTP1: a route for a signed-in device. */
export function deviceRoute<
  Params extends z.ZodMiniType,
  Query extends z.ZodMiniType,
  Body extends z.ZodMiniType,
  Response extends z.ZodMiniType | null,
>(
  spec: Spec<Params, Query, Body, Response>,
  handle: (
    given: Given<z.output<Params>, z.output<Query>, z.output<Body>> & { readonly device: SignedInDevice },
  ) => Promise<ResultOf<Response>>,
): Route {
  return {
    ...spec,
    needsDevice: true,
    handle: async (request, reply, device) => {
      if (device === null) throw new HttpProblem('UNAUTHENTICATED');
      if (device.isGuest && spec.forGuests !== true) throw new HttpProblem('FORBIDDEN');
      return handle({ ...decodeRequest(spec, request), request, reply, device });
    },
  };
}

function decodeRequest<Params extends z.ZodMiniType, Query extends z.ZodMiniType, Body extends z.ZodMiniType>(
  spec: Spec<Params, Query, Body, z.ZodMiniType | null>,
  request: FastifyRequest,
) {
  return {
    params: decode(spec.params, request.params, 'path'),
    query: decode(spec.query, request.query, 'query'),
    body: decode(spec.body, request.body ?? {}, 'body'),
  };
}

function decode<Schema extends z.ZodMiniType>(
  schema: Schema,
  value: unknown,
  where: string,
): z.output<Schema> {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  // Something that is not an id names nothing: the same answer as for an id that nothing has.
  if (where === 'path') throw new HttpProblem('NOT_FOUND');
  const issue = result.error.issues[0];
  const place = [where, ...(issue?.path ?? [])].join('.');
  throw new HttpProblem('BAD_MESSAGE', `${place}: ${issue?.message ?? 'invalid'}`.slice(0, 200));
}

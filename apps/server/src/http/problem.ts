import { Unavailable } from '../unavailable.ts';
import { describeError, type ErrorCode, type HttpError } from '@visavis/protocol';

/** HTTP2: a refusal on its way to the client. */
export class HttpProblem extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  constructor(code: ErrorCode, detail: string | null = null, status: number = STATUS[code]) {
    super(detail === null ? describeError(code) : `${describeError(code)} (${detail})`);
    this.name = 'HttpProblem';
    this.code = code;
    this.status = status;
  }
}

export const problemBody = (problem: HttpProblem): HttpError => ({
  code: problem.code,
  message: problem.message,
});

/** RFC 9110 §15. */
const STATUS: Readonly<Record<ErrorCode, number>> = {
  BAD_KEYS: 400,
  BAD_MESSAGE: 400,
  TOO_LARGE: 413,
  UNSUPPORTED_VERSION: 400,
  NOT_REGISTERED: 400,
  ALREADY_REGISTERED: 409,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  RATE_LIMITED: 429,
  TOO_MANY_SESSIONS: 429,
  CANNOT_CALL_SELF: 400,
  KEY_REUSED: 409,
  ALREADY_DIALING: 409,
  CALL_UNAVAILABLE: 409,
  CALL_FULL: 409,
  CALL_LOCKED: 409,
  LINK_INVALID: 404,
  NO_SUCH_TRACK: 409,
  TOO_MANY_TRACKS: 409,
  BAD_MEDIA: 400,
  KEYS_STALE: 409,
  ALREADY_MOVING: 409,
  MOVE_GONE: 409,
  DEVICE_OFFLINE: 409,
  WRONG_STATE: 409,
  TRY_LATER: 503,
  MEDIA_UNAVAILABLE: 503,
  SERVER_CLOSING: 503,
  INTERNAL: 500,
};

/** What Fastify or one of its plugins refused, as a problem; null for a fault of this server. */
export function translateProblem(error: unknown): HttpProblem | null {
  if (error instanceof HttpProblem) return error;
  if (error instanceof Unavailable) return new HttpProblem('TRY_LATER');
  if (!(error instanceof Error) || !('statusCode' in error) || typeof error.statusCode !== 'number')
    return null;
  const { statusCode } = error;
  if (statusCode === 413) return new HttpProblem('TOO_LARGE');
  if (statusCode === 415) return new HttpProblem('BAD_MESSAGE', 'the body has to be application/json', 415);
  if (statusCode === 429) return new HttpProblem('RATE_LIMITED');
  if (statusCode === 404) return new HttpProblem('NOT_FOUND');
  if (statusCode === 403) return new HttpProblem('FORBIDDEN');
  return statusCode < 500 ? new HttpProblem('BAD_MESSAGE', null, statusCode) : null;
}

import { describeError, LIMITS, type ErrorCode, type RequestAnswer } from '@visavis/protocol';
import { Unavailable } from '../unavailable.ts';
import { createRecentIds } from './recentIds.ts';

export type SendAnswer = (answer: RequestAnswer) => void;

/** SES5: the answers of one session, so that a repeated request gets the first answer again. */
export interface Answers {
  /** Whether this request was made before. */
  has(id: string): boolean;
  /** Sends the first answer to a request that was made before: at once, or when it is there. */
  repeat(id: string, send: SendAnswer): void;
  /** Does a request that was not made before, and sends its answer. `work` calls `answer` once. */
  first(id: string, send: SendAnswer, work: (answer: SendAnswer) => void): void;
}

/** Who waits for the answer to a request that is being done. */
interface Pending {
  readonly waiting: SendAnswer[];
}

export function createAnswers(): Answers {
  /** Most answers say that it was done, and nothing more. */
  const done = createRecentIds(LIMITS.rememberedAnswers);
  const entries = new Map<string, Pending | RequestAnswer>();
  const remember = (id: string, entry: Pending | RequestAnswer): void => {
    entries.set(id, entry);
    const oldest = entries.keys().next();
    if (entries.size > LIMITS.rememberedAnswers && oldest.done !== true) entries.delete(oldest.value);
  };
  return {
    has: (id) => (entries.size > 0 && entries.has(id)) || done.has(id),
    repeat: (id, send) => {
      const known = entries.get(id);
      if (known === undefined) send({ type: 'ok', id, payload: {} });
      else if ('waiting' in known) known.waiting.push(send);
      else send(known);
    },
    first: (id, send, work) => {
      let pending: Pending | null = null;
      let isAnswered = false;
      work((answer) => {
        if (isAnswered) return;
        isAnswered = true;
        if (pending === null || entries.get(id) === pending) {
          if (pending !== null) entries.delete(id);
          if (isPlainOk(answer)) done.add(id);
          else if (!isWorthRepeating(answer)) remember(id, answer);
        }
        send(answer);
        for (const sendWaiting of pending?.waiting ?? []) sendWaiting(answer);
      });
      if (isAnswered) return;
      pending = { waiting: [] };
      remember(id, pending);
    },
  };
}

/** Says that it was done, and nothing more. */
export const isPlainOk = (answer: RequestAnswer): answer is Extract<RequestAnswer, { type: 'ok' }> =>
  answer.type === 'ok' && Object.keys(answer.payload).length === 0;

/** What failed by the server's fault or for haste alone is done when it is asked again. */
const isWorthRepeating = (answer: RequestAnswer): boolean =>
  answer.type === 'error' &&
  (answer.payload.code === 'INTERNAL' ||
    answer.payload.code === 'TRY_LATER' ||
    answer.payload.code === 'SERVER_CLOSING' ||
    answer.payload.code === 'RATE_LIMITED');

export function refuse(
  id: string | undefined,
  code: ErrorCode,
  more: { readonly detail?: string; readonly retryAfterMs?: number } = {},
): Extract<RequestAnswer, { type: 'error' }> {
  const words = describeError(code);
  return {
    type: 'error',
    ...(id === undefined ? {} : { id }),
    payload: {
      code,
      message: more.detail === undefined ? words : `${words} (${more.detail})`,
      ...(more.retryAfterMs === undefined ? {} : { retryAfterMs: more.retryAfterMs }),
    },
  };
}

/** How long a client waits before it asks again for what could not be done: a few repeats outlast a restarting database. */
const TRY_LATER_MS = 3_000;

/** The answer to a request that failed by the server's fault. */
export const refuseFault = (id: string, error: unknown): ReturnType<typeof refuse> =>
  error instanceof Unavailable
    ? refuse(id, 'TRY_LATER', { retryAfterMs: TRY_LATER_MS })
    : refuse(id, 'INTERNAL');

import { describeError, LIMITS, type ErrorCode, type RequestAnswer } from '@visavis/protocol';
import { Unavailable } from '../unavailable.ts';

export type SendAnswer = (answer: RequestAnswer) => void;

/** SES5: the answers of one session, so that a repeated request gets the first answer again. */
export interface Answers {
  /** Whether this request was made before. */
  has(id: string): boolean;
  /**
   * Sends the first answer to this id: at once, or when it is there. `work` runs only for the first, and calls `answer` once.
   */
  answerOnce(id: string, send: SendAnswer, work: (answer: SendAnswer) => void): void;
}

interface Entry {
  answer: RequestAnswer | null;
  readonly waiting: SendAnswer[];
}

export function createAnswers(): Answers {
  const entries = new Map<string, Entry>();
  return {
    has: (id) => entries.has(id),
    answerOnce: (id, send, work) => {
      const first = entries.get(id);
      if (first !== undefined) {
        if (first.answer === null) first.waiting.push(send);
        else send(first.answer);
        return;
      }
      const entry: Entry = { answer: null, waiting: [send] };
      entries.set(id, entry);
      const oldest = entries.keys().next();
      if (entries.size > LIMITS.rememberedAnswers && oldest.done !== true) entries.delete(oldest.value);
      work((answer) => {
        if (entry.answer !== null) return;
        entry.answer = answer;
        if (isWorthRepeating(answer) && entries.get(id) === entry) entries.delete(id);
        for (const sendWaiting of entry.waiting.splice(0)) sendWaiting(answer);
      });
    },
  };
}

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

import type { DeviceRequest } from '@visavis/call';
import type { ErrorCode, RequestAnswer } from '@visavis/protocol';
import type { LinkAnswer } from './types.ts';

interface Entry {
  id: string;
  readonly request: DeviceRequest;
  readonly resolve: (answer: LinkAnswer) => void;
  refusals: number;
  /** Set while it waits to be sent again: why it has to be. */
  refusal: RequestAnswer | null;
}

/** How often a request is tried again that came too fast or met a fault of the server. */
const MAX_REFUSALS = 5;
/** Refusals that a repeat may not meet. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['RATE_LIMITED', 'INTERNAL', 'TRY_LATER', 'SERVER_CLOSING']);

/** Requests that have no answer yet, in the order in which they were made. */
/** What a person waits for, who is told at once that it was refused. */
const BY_PERSON: ReadonlySet<DeviceRequest['type']> = new Set([
  'initiate_call',
  'answer_call',
  'start_group',
  'add_people',
  'join_call',
  'join_by_link',
  'send_data',
]);

export interface PendingRequests {
  add(request: DeviceRequest): { readonly id: string; readonly answer: Promise<LinkAnswer> };
  /**
   * Takes an answer.
   *
   * @returns ms after which the request has to be sent again under a new id, or null
   */
  settle(id: string, answer: RequestAnswer): { readonly retryId: string; readonly afterMs: number } | null;
  /** Every frame that still waits, oldest first. */
  frames(): string[];
  frame(id: string): string | null;
  /** Answers everything that waits with `SERVER_CLOSING`: the link has ended. */
  abandon(): void;
  readonly size: number;
}

export function createPendingRequests(makeId: () => string): PendingRequests {
  const entries = new Map<string, Entry>();
  /** The newest request that says how something is, answered or not. */
  const newest = new Map<string, DeviceRequest>();
  /** What waits to be sent again must not come after what says how the same thing is now. */
  const giveUpOlder = (subject: string): void => {
    for (const [id, entry] of entries) {
      if (entry.refusal === null || subjectOf(entry.request) !== subject) continue;
      entries.delete(id);
      entry.resolve(entry.refusal);
    }
  };
  const toFrame = ({ id, request }: Entry): string => JSON.stringify({ ...request, id });
  return {
    add(request) {
      const id = makeId();
      const subject = subjectOf(request);
      if (subject !== null) {
        giveUpOlder(subject);
        newest.set(subject, request);
      }
      const answer = new Promise<LinkAnswer>((resolve) => {
        entries.set(id, { id, request, resolve, refusals: 0, refusal: null });
      });
      return { id, answer };
    },
    settle(id, answer) {
      const entry = entries.get(id);
      if (entry === undefined) return null;
      entries.delete(id);
      const { request } = entry;
      const subject = subjectOf(request);
      const isOutdated = subject !== null && newest.get(subject) !== request;
      const mayPass = answer.type === 'error' && PASSING.has(answer.payload.code);
      // A person who dials or answers should hear of it; what the machines send may wait a moment.
      const isByPerson = BY_PERSON.has(request.type);
      if (mayPass && !isByPerson && !isOutdated && entry.refusals < MAX_REFUSALS) {
        entry.refusals += 1;
        entry.id = makeId();
        entry.refusal = answer;
        entries.set(entry.id, entry);
        return { retryId: entry.id, afterMs: answer.payload.retryAfterMs ?? 1_000 };
      }
      entry.resolve(answer);
      return null;
    },
    frames: () =>
      [...entries.values()].map((entry) => {
        entry.refusal = null;
        return toFrame(entry);
      }),
    frame: (id) => {
      const entry = entries.get(id);
      if (entry !== undefined) entry.refusal = null;
      return entry === undefined ? null : toFrame(entry);
    },
    abandon() {
      const waiting = [...entries.values()];
      entries.clear();
      for (const entry of waiting) entry.resolve({ type: 'lost', payload: { code: 'SERVER_CLOSING' } });
    },
    get size() {
      return entries.size;
    },
  };
}

/** What a request tells the state of; null for one that does something. */
const subjectOf = (request: DeviceRequest): string | null =>
  request.type === 'update_media' || request.type === 'report_media'
    ? `${request.type} ${request.callId}`
    : request.type === 'pause_track'
      ? `${request.type} ${request.payload.trackId}`
      : null;

import type { TalkLine, TalkMemory } from '@visavis/client';

/** Followed by the id of a call. */
const KEY = 'visavis.chat.';
/** Of one call, the newest. More: what a window may keep is soon used up by one call. */
const MOST_LINES = 100;

type WindowStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

/** GRP7: the chat of this window's group calls, kept over a reload of the window. */
export function createTalkMemory(storage: WindowStorage): TalkMemory {
  const kept = (): readonly string[] =>
    Array.from({ length: storage.length }, (_, index) => storage.key(index))
      .filter((key) => key?.startsWith(KEY) === true)
      .map((key) => (key ?? '').slice(KEY.length));
  return {
    read: (callId) => parse(storage.getItem(KEY + callId)),
    write(callId, lines) {
      if (lines.length === 0) return storage.removeItem(KEY + callId);
      try {
        storage.setItem(KEY + callId, JSON.stringify(lines.slice(-MOST_LINES)));
      } catch {
        // No room, or none at all: it is gone with the page then.
      }
    },
    keep(callIds) {
      for (const callId of kept()) if (!callIds.has(callId)) storage.removeItem(KEY + callId);
    },
  };
}

function parse(text: string | null): readonly TalkLine[] {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '[]');
  } catch {
    return [];
  }
  return Array.isArray(value) ? value.flatMap(toLine) : [];
}

function toLine(value: unknown): readonly TalkLine[] {
  if (typeof value !== 'object' || value === null) return [];
  const { id, userId, name, text, at, state, missedBy }: Record<string, unknown> = { ...value };
  if (typeof id !== 'string' || typeof name !== 'string' || typeof text !== 'string') return [];
  if (typeof at !== 'number' || !(userId === null || typeof userId === 'string')) return [];
  const missed = Array.isArray(missedBy) ? missedBy.filter((each) => typeof each === 'string') : [];
  // What was on its way when the page went may have arrived or not: its person says it again, or does not.
  return [{ id, userId, name, text, at, state: state === 'sent' ? 'sent' : 'failed', missedBy: missed }];
}

import type { SessionEvent } from '../../ports.ts';

/** What the message of an event begins with; then come session, number and text, each after a space. */
export const EVENT_MARK = 'event ';

/**
 * Reads the message that a script publishes for an event. The text stays as it is: whoever wrote it is one of the nodes.
 *
 * @returns null when this is no event
 */
export function readEventMessage(message: string): SessionEvent | null {
  if (!message.startsWith(EVENT_MARK)) return null;
  const afterId = message.indexOf(' ', EVENT_MARK.length);
  const afterSeq = message.indexOf(' ', afterId + 1);
  if (afterId === -1 || afterSeq === -1) return null;
  const seq = Number(message.slice(afterId + 1, afterSeq));
  if (!Number.isSafeInteger(seq)) return null;
  return { sessionId: message.slice(EVENT_MARK.length, afterId), seq, text: message.slice(afterSeq + 1) };
}

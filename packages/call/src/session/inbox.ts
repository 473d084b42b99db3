/** What a device has handled of its session's events (SES2). */
export interface Inbox {
  readonly sessionId: string;
  readonly lastSeq: number;
}

/**
 * Takes an event in order and once.
 *
 * @returns `handle` for the next one, `repeat` for one that was handled, `gap` when one in between is missing: the device
 * then has to reconnect and resume
 */
export function receiveEvent(
  inbox: Inbox,
  seq: number,
): { readonly verdict: 'handle' | 'repeat' | 'gap'; readonly inbox: Inbox } {
  if (seq <= inbox.lastSeq) return { verdict: 'repeat', inbox };
  if (seq > inbox.lastSeq + 1) return { verdict: 'gap', inbox };
  return { verdict: 'handle', inbox: { ...inbox, lastSeq: seq } };
}

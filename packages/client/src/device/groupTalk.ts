import type { Reaction } from '@visavis/protocol';
import type { Timers } from '../timers.ts';

/** Lines kept of one call. More: memory in a call of days; fewer: what was said first is gone. */
const MAX_LINES = 500;
/** How long a reaction is shown. */
const REACTION_MS = 4_000;

/** One line of the chat of a call. `userId` null: this person's own, written on this device. */
export interface TalkLine {
  readonly id: string;
  readonly userId: string | null;
  readonly name: string;
  readonly text: string;
  /** In the server's time. */
  readonly at: number;
  readonly state: 'sent' | 'sending' | 'failed';
  /** Ids of users who were in the call when it was sent, and may have missed it: it could not be said to them again. */
  readonly missedBy: readonly string[];
}

export interface TalkReaction {
  readonly id: string;
  readonly userId: string | null;
  readonly reaction: Reaction;
}

export interface Talk {
  readonly chat: readonly TalkLine[];
  /** Those of the last few seconds. */
  readonly reactions: readonly TalkReaction[];
}

const NO_TALK: Talk = { chat: [], reactions: [] };

/** A line that somebody else wrote, opened. */
export interface HeardLine {
  /** Once each. */
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  readonly text: string;
  readonly at: number;
  /** Said again: it belongs between others. */
  readonly isLate: boolean;
}

/** GRP7: what is said in the group calls of this device, kept here alone and as long as the call is shown. */
export interface GroupTalk {
  hear(key: string, line: HeardLine): void;
  /**
   * @param send - told whom to tell of users who may have missed it
   * @returns once the server has passed it on, or has not
   */
  write(
    key: string,
    text: string,
    send: (onMissed: (userId: string) => void) => Promise<boolean>,
  ): Promise<'sent' | 'failed'>;
  react(key: string, userId: string | null, reaction: Reaction): void;
  read(key: string): Talk;
  /** Forgets what was said in calls that are not shown any more. */
  keep(keys: ReadonlySet<string>): void;
  close(): void;
}

/** @param serverNow - in the server's time */
export function createGroupTalk(timers: Timers, serverNow: () => number, onChange: () => void): GroupTalk {
  const talks = new Map<string, Talk>();
  const cancels = new Set<() => void>();
  let count = 0;

  const read = (key: string): Talk => talks.get(key) ?? NO_TALK;
  const change = (key: string, next: Partial<Talk>): void => {
    talks.set(key, { ...read(key), ...next });
    onChange();
  };
  const addLine = (key: string, line: TalkLine): void =>
    change(key, { chat: [...read(key).chat, line].slice(-MAX_LINES) });
  const changeLine = (key: string, id: string, to: (line: TalkLine) => TalkLine): void => {
    if (talks.has(key))
      change(key, { chat: read(key).chat.map((line) => (line.id === id ? to(line) : line)) });
  };
  const nextId = (): string => `own-${(count += 1)}`;

  return {
    hear(key, { isLate, ...heard }) {
      const { chat } = read(key);
      if (chat.some(({ id }) => id === heard.id)) return;
      const line: TalkLine = { ...heard, state: 'sent', missedBy: [] };
      if (!isLate) return addLine(key, line);
      const at = chat.findLastIndex((other) => other.at <= line.at) + 1;
      change(key, { chat: [...chat.slice(0, at), line, ...chat.slice(at)].slice(-MAX_LINES) });
    },
    async write(key, text, send) {
      const id = nextId();
      addLine(key, { id, userId: null, name: '', text, at: serverNow(), state: 'sending', missedBy: [] });
      const sending = send((userId) =>
        changeLine(key, id, (line) =>
          line.missedBy.includes(userId) ? line : { ...line, missedBy: [...line.missedBy, userId] },
        ),
      );
      const state = (await sending) ? 'sent' : 'failed';
      changeLine(key, id, (line) => ({ ...line, state }));
      return state;
    },
    react(key, userId, reaction) {
      const id = nextId();
      change(key, { reactions: [...read(key).reactions, { id, userId, reaction }] });
      const cancel = timers.after(REACTION_MS, () => {
        cancels.delete(cancel);
        if (!talks.has(key)) return;
        change(key, { reactions: read(key).reactions.filter((other) => other.id !== id) });
      });
      cancels.add(cancel);
    },
    read,
    keep(keys) {
      for (const key of talks.keys()) if (!keys.has(key)) talks.delete(key);
    },
    close() {
      for (const cancel of cancels) cancel();
      talks.clear();
    },
  };
}

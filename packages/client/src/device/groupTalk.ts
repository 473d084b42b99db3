import { callIdOf, type ClientCall } from '@visavis/call';
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
  /** From before a reload of the window: it is no news. */
  readonly isKept?: boolean;
}

/** What was said in the group calls of a window, over a reload of it and no longer. */
export interface TalkMemory {
  /** Oldest first; none where nothing is kept. */
  readonly read: (callId: string) => readonly TalkLine[];
  /** Empty: nothing is kept any more. */
  readonly write: (callId: string, lines: readonly TalkLine[]) => void;
  /** Forgets all other calls. */
  readonly keep: (callIds: ReadonlySet<string>) => void;
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

/** GRP7: what is said in the group calls of this device, kept here alone and as long as the call is shown; over a reload, as long as it goes on. */
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
  /** Finds what was said before a reload, and forgets what was said in calls that are over, or not shown any more. */
  follow(calls: readonly ClientCall[]): void;
  close(): void;
}

/** @param serverNow - in the server's time */
export function createGroupTalk(
  timers: Timers,
  serverNow: () => number,
  memory: TalkMemory,
  onChange: () => void,
): GroupTalk {
  const talks = new Map<string, Talk>();
  /** Ids of the calls that this device is in, by key. */
  const joined = new Map<string, string>();
  const cancels = new Set<() => void>();
  let count = 0;

  const read = (key: string): Talk => talks.get(key) ?? NO_TALK;
  const change = (key: string, next: Partial<Talk>): void => {
    talks.set(key, { ...read(key), ...next });
    const callId = joined.get(key);
    if (callId !== undefined && next.chat !== undefined) memory.write(callId, next.chat);
    onChange();
  };
  const addLine = (key: string, line: TalkLine): void =>
    change(key, { chat: [...read(key).chat, line].slice(-MAX_LINES) });
  const changeLine = (key: string, id: string, to: (line: TalkLine) => TalkLine): void => {
    if (talks.has(key))
      change(key, { chat: read(key).chat.map((line) => (line.id === id ? to(line) : line)) });
  };
  /** Never one of before a reload. */
  function nextId(key: string): string {
    const { chat } = read(key);
    do count += 1;
    while (chat.some(({ id }) => id === `own-${count}`));
    return `own-${count}`;
  }

  function find(key: string, callId: string): void {
    joined.set(key, callId);
    const { chat } = read(key);
    const kept = memory.read(callId).filter(({ id }) => !chat.some((line) => line.id === id));
    if (kept.length > 0) change(key, { chat: [...kept.map((line) => ({ ...line, isKept: true })), ...chat] });
  }

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
      const id = nextId(key);
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
      const id = nextId(key);
      change(key, { reactions: [...read(key).reactions, { id, userId, reaction }] });
      const cancel = timers.after(REACTION_MS, () => {
        cancels.delete(cancel);
        if (!talks.has(key)) return;
        change(key, { reactions: read(key).reactions.filter((other) => other.id !== id) });
      });
      cancels.add(cancel);
    },
    read,
    follow(calls) {
      const phases = new Map(calls.map(({ key, phase }) => [key, phase]));
      for (const key of talks.keys()) if (!phases.has(key)) talks.delete(key);
      for (const [key, callId] of joined) {
        if ((phases.get(key) ?? 'ended') !== 'ended') continue;
        joined.delete(key);
        memory.write(callId, []);
      }
      for (const call of calls) {
        const callId = call.group !== null && call.phase === 'joined' ? callIdOf(call) : null;
        if (callId !== null && !joined.has(call.key)) find(call.key, callId);
      }
    },
    close() {
      for (const cancel of cancels) cancel();
      talks.clear();
    },
  };
}

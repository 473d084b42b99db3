import { callIdOf, findByKey, type DeviceCalls } from '@visavis/call';
import type { Bytes } from '@visavis/encryption';
import type { CallData } from '@visavis/protocol';
import { readBase64 } from '../base64.ts';
import type { GuestKeys } from '../guests/guestKeys.ts';
import type { Timers } from '../timers.ts';
import { type CallContent, MOST_GUEST_KEYS, readContent, writeContent } from './callContent.ts';
import type { GroupTalk } from './groupTalk.ts';
import type { CallSeal } from './seal.ts';

/** How long a line waits for keys and for the server. Longer: nobody knows any more what became of it; shorter: it fails while others come. */
const WAIT_MS = 5_000;
const LOOK_AGAIN_MS = 100;
/** A reaction is of the moment: one that comes later, after a break, is not shown. */
const REACTION_LATE_MS = 10_000;
/** How often somebody asks whose guest it is, and at most how many times while nothing changes. */
const ASK_AGAIN_MS = 3_000;
const MOST_ASKS = 5;
/** Who made a link answers at once, the others one after the other, unless somebody has by then. */
const ANSWER_STEP_MS = 200;

export interface GroupDataOptions {
  readonly timers: Timers;
  readonly deviceId: string;
  readonly getState: () => DeviceCalls;
  /** In the server's time. */
  readonly now: () => number;
  readonly isOnline: () => boolean;
  readonly sealOf: (key: string) => CallSeal | null;
  /** @returns whether the server has passed it on */
  readonly send: (key: string, sealed: Bytes) => Promise<boolean>;
  readonly talk: GroupTalk;
  readonly guests: GuestKeys;
}

/** What the group calls of one device say to their members, and hear of them, sealed. */
export interface GroupData {
  /** @returns whether it was passed on. False after 5 s without keys or without the server. */
  say(key: string, content: CallContent): Promise<boolean>;
  hear(key: string, data: CallData): void;
  /** GRP6: asks for what it takes to read the names of guests, where that is not known. */
  follow(): void;
  close(): void;
}

export function createGroupData(options: GroupDataOptions): GroupData {
  const { timers, guests } = options;
  const sealing = new Map<string, Promise<unknown>>();
  const asked = new Map<string, { count: number; at: number; readonly what: string }>();
  const answers = new Map<string, () => void>();
  const pauses = new Set<() => void>();
  let isClosed = false;

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const cancel = timers.after(ms, () => {
        pauses.delete(end);
        resolve();
      });
      const end = (): void => {
        cancel();
        resolve();
      };
      pauses.add(end);
    });

  const callIdAt = (key: string): string | null => {
    const call = findByKey(options.getState(), key);
    return call === undefined || call.group === null ? null : callIdOf(call);
  };

  /** Sealed only when it can go at once: what waits for the server meanwhile is of an epoch that others forget. */
  async function seal(key: string, content: Bytes, until: number): Promise<Bytes | null> {
    for (;;) {
      if (isClosed || callIdAt(key) === null) return null;
      const sealed = options.isOnline() ? ((await options.sealOf(key)?.sealData(content)) ?? null) : null;
      if (sealed !== null) return sealed;
      if (timers.now() >= until) return null;
      await pause(LOOK_AGAIN_MS);
    }
  }

  async function say(key: string, content: CallContent): Promise<boolean> {
    const until = timers.now() + WAIT_MS;
    const sealed = (sealing.get(key) ?? Promise.resolve()).then(async () =>
      seal(key, writeContent(content), until),
    );
    sealing.set(key, sealed);
    const bytes = await sealed;
    return bytes !== null && options.send(key, bytes);
  }

  const nameOf = (key: string, userId: string): string => {
    const call = findByKey(options.getState(), key);
    if (call === undefined || call.group === null) return '';
    const group = guests.nameAll(callIdOf(call) ?? '', call.group);
    return group.people.find(({ user }) => user.userId === userId)?.user.name ?? '';
  };

  function answer(key: string, callId: string): void {
    const keys = guests.list(callId).slice(0, MOST_GUEST_KEYS);
    if (keys.length === 0 || answers.has(key)) return;
    const devices = options.sealOf(key)?.getState().devices ?? [];
    const place = devices.findIndex(({ deviceId }) => deviceId === options.deviceId);
    const delayMs = guests.hasOwn(callId) ? 0 : ANSWER_STEP_MS * (place + 2);
    const cancel = timers.after(delayMs, () => {
      answers.delete(key);
      void say(key, { type: 'guest_keys', keys });
    });
    answers.set(key, cancel);
  }

  function take(key: string, callId: string, data: CallData, content: CallContent): void {
    const { messageId, userId, deviceId, at } = data;
    switch (content.type) {
      case 'chat':
        return options.talk.hear(key, {
          messageId,
          userId,
          at,
          name: nameOf(key, userId),
          text: content.text,
        });
      case 'reaction':
        if (options.now() - at < REACTION_LATE_MS) options.talk.react(key, userId, content.reaction);
        return;
      case 'guest_keys': {
        guests.hear(callId, deviceId, content.keys);
        const told = new Set(content.keys.map(String));
        if (!guests.list(callId).every((known) => told.has(String(known)))) return;
        answers.get(key)?.();
        answers.delete(key);
        return;
      }
      case 'ask_guest_keys':
        return answer(key, callId);
    }
  }

  function ask(key: string, callId: string, what: string): void {
    const last = asked.get(key);
    const count = last?.what === what ? last.count : 0;
    if (count >= MOST_ASKS || (last !== undefined && timers.now() - last.at < ASK_AGAIN_MS)) return;
    asked.set(key, { what, count: count + 1, at: timers.now() });
    void say(key, { type: 'ask_guest_keys' });
    void pause(ASK_AGAIN_MS).then(() => {
      if (callIdAt(key) === callId) follow();
    });
  }

  function follow(): void {
    if (isClosed) return;
    const { calls } = options.getState();
    for (const call of calls) {
      const callId = callIdOf(call);
      if (call.group === null || call.phase !== 'joined' || callId === null) continue;
      const seal = options.sealOf(call.key)?.getState();
      if (seal?.phase !== 'sealed' || seal.devices.length < 2) continue;
      const unread = call.group.people.flatMap(({ sealedName, status }) =>
        sealedName !== undefined &&
        (status === 'joined' || status === 'waiting') &&
        guests.nameOf(callId, sealedName) === null
          ? [sealedName]
          : [],
      );
      if (unread.length > 0) ask(call.key, callId, unread.join());
    }
    for (const key of asked.keys()) if (!calls.some((call) => call.key === key)) asked.delete(key);
  }

  return {
    say,
    hear(key, data) {
      const sealed = readBase64(data.sealed);
      const callId = callIdAt(key);
      if (sealed === null || callId === null) return;
      void options
        .sealOf(key)
        ?.openData(data.userId, data.deviceId, sealed)
        .then((opened) => {
          const content = opened === null || isClosed ? null : readContent(opened);
          if (content !== null && callIdAt(key) === callId) take(key, callId, data, content);
        });
    },
    follow,
    close() {
      isClosed = true;
      for (const cancel of answers.values()) cancel();
      for (const end of pauses) end();
      pauses.clear();
    },
  };
}

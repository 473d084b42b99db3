import { callIdOf, findByKey, type DeviceCalls } from '@visavis/call';
import type { Bytes } from '@visavis/encryption';
import type { CallData } from '@visavis/protocol';
import { readBase64, toBase64 } from '../base64.ts';
import type { GuestKeys } from '../guests/guestKeys.ts';
import type { Timers } from '../timers.ts';
import {
  type CallContent,
  type KeptContent,
  MOST_GUEST_KEYS,
  readContent,
  TAG_BYTES,
} from './callContent.ts';
import { createGroupSaying, REACTION_LATE_MS, WAIT_MS } from './groupSaying.ts';
import type { GroupTalk } from './groupTalk.ts';
import { createHeard } from './heard.ts';
import { createPauses } from './pauses.ts';
import { AGAIN_MS } from './saidLately.ts';
import type { CallSeal } from './seal.ts';

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
  /**
   * @param onMissed - told of a user who was in the call and may have missed it, where it could not be said again
   * @returns whether it was passed on. False after 5 s without keys or without the server.
   */
  say(key: string, content: CallContent, onMissed?: (userId: string) => void): Promise<boolean>;
  hear(key: string, data: CallData): void;
  /**
   * GRP6: asks for what it takes to read the names of guests, where that is not known. GRP7: says again what somebody missed who is back
   * in the keys.
   */
  follow(): void;
  close(): void;
}

export function createGroupData(options: GroupDataOptions): GroupData {
  const { timers, guests } = options;
  const asked = new Map<string, { count: number; at: number; readonly what: string }>();
  const answers = new Map<string, () => void>();
  const heard = createHeard();
  const pauses = createPauses(timers);
  const saying = createGroupSaying({ ...options, pause: (ms) => pauses.pause(ms) });
  let isClosed = false;

  const callIdAt = (key: string): string | null => {
    const call = findByKey(options.getState(), key);
    return call === undefined || call.group === null ? null : callIdOf(call);
  };

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
      void saying.say(key, { type: 'guest_keys', keys });
    });
    answers.set(key, cancel);
  }

  /** @param tag - of the frame that brought it first: it is shown once, however often it is said */
  function show(
    key: string,
    { userId, deviceId }: CallData,
    { content, tag, at, isLate }: { content: KeptContent; tag: Bytes; at: number; isLate: boolean },
  ): void {
    const id = `${deviceId} ${toBase64(tag)}`;
    if (!heard.add(key, id)) return;
    if (content.type === 'chat')
      return options.talk.hear(key, {
        id,
        userId,
        at,
        isLate,
        name: nameOf(key, userId),
        text: content.text,
      });
    if (options.now() - at < REACTION_LATE_MS) options.talk.react(key, userId, content.reaction);
  }

  function take(key: string, callId: string, data: CallData, tag: Bytes, content: CallContent): void {
    const { deviceId, at } = data;
    switch (content.type) {
      case 'chat':
      case 'reaction':
        return show(key, data, { content, tag, at, isLate: false });
      case 'again': {
        // What its device says of the time is bounded by the server's.
        const saidAt = Math.min(at, Math.max(at - AGAIN_MS - WAIT_MS, content.at));
        return show(key, data, { ...content, at: saidAt, isLate: true });
      }
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
    void saying.say(key, { type: 'ask_guest_keys' });
    void pauses.pause(ASK_AGAIN_MS).then(() => {
      if (callIdAt(key) === callId) follow();
    });
  }

  function follow(): void {
    if (isClosed) return;
    const { calls } = options.getState();
    for (const call of calls) {
      const callId = callIdOf(call);
      if (call.group === null || call.phase !== 'joined' || callId === null) continue;
      const by = options.sealOf(call.key);
      const seal = by?.getState();
      if (by === null || seal?.phase !== 'sealed' || seal.devices.length < 2) continue;
      saying.follow(call.key, by);
      const unread = call.group.people.flatMap(({ sealedName, status }) =>
        sealedName !== undefined &&
        (status === 'joined' || status === 'waiting') &&
        guests.nameOf(callId, sealedName) === null
          ? [sealedName]
          : [],
      );
      if (unread.length > 0) ask(call.key, callId, unread.join());
    }
    const keys = new Set(calls.map(({ key }) => key));
    for (const key of asked.keys()) if (!keys.has(key)) asked.delete(key);
    saying.keep(keys);
    heard.keep(keys);
  }

  return {
    say: (key, content, onMissed) => saying.say(key, content, onMissed),
    hear(key, data) {
      const sealed = readBase64(data.sealed);
      const callId = callIdAt(key);
      if (sealed === null || callId === null) return;
      void options
        .sealOf(key)
        ?.openData(data.userId, data.deviceId, sealed)
        .then((opened) => {
          const content = opened === null || isClosed ? null : readContent(opened);
          const tag = sealed.slice(-TAG_BYTES);
          if (content !== null && callIdAt(key) === callId) take(key, callId, data, tag, content);
        });
    },
    follow,
    close() {
      isClosed = true;
      for (const cancel of answers.values()) cancel();
      saying.close();
      pauses.end();
    },
  };
}

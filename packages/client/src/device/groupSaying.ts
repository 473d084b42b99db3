import { findByKey, type DeviceCalls } from '@visavis/call';
import type { Bytes } from '@visavis/encryption';
import type { Timers } from '../timers.ts';
import { type CallContent, type KeptContent, TAG_BYTES, writeContent } from './callContent.ts';
import type { Pauses } from './pauses.ts';
import { createSaidLately, mayHear, type Missing, type Said, type SaidLately } from './saidLately.ts';
import type { CallSeal, SealedDevice } from './seal.ts';

/** How long a line waits for keys and for the server. Longer: nobody knows any more what became of it; shorter: it fails while others come. */
export const WAIT_MS = 5_000;
const LOOK_AGAIN_MS = 100;
/** A reaction is of the moment: one that comes later, after a break, is not shown. */
export const REACTION_LATE_MS = 10_000;

export interface GroupSayingOptions {
  readonly timers: Timers;
  readonly deviceId: string;
  readonly getState: () => DeviceCalls;
  /** In the server's time. */
  readonly now: () => number;
  readonly isOnline: () => boolean;
  readonly sealOf: (key: string) => CallSeal | null;
  /** @returns whether the server has passed it on */
  readonly send: (key: string, sealed: Bytes) => Promise<boolean>;
  readonly pause: Pauses['pause'];
}

/** What the group calls of one device say to their members, sealed, and say again to those who missed it. */
export interface GroupSaying {
  /**
   * @param onMissed - told of a user who was in the call and may have missed it, where it could not be said again
   * @returns whether it was passed on. False after 5 s without keys or without the server.
   */
  say(key: string, content: CallContent, onMissed?: (userId: string) => void): Promise<boolean>;
  /** GRP7: who is back in the keys by now is told what they missed. */
  follow(key: string, by: CallSeal): void;
  /** Forgets what was said in other calls. */
  keep(keys: ReadonlySet<string>): void;
  close(): void;
}

export function createGroupSaying(options: GroupSayingOptions): GroupSaying {
  const { timers, pause } = options;
  const sealing = new Map<string, Promise<unknown>>();
  const said = new Map<string, SaidLately>();
  let isClosed = false;

  /**
   * Sealed only when it can go at once: what waits for the server meanwhile is of an epoch that others forget.
   *
   * @param attempt - seals; `given_up`: it never can be
   */
  async function seal(
    key: string,
    attempt: (seal: CallSeal) => Promise<Bytes | null | 'given_up'>,
    until: number,
  ): Promise<Bytes | null> {
    for (;;) {
      if (isClosed || (findByKey(options.getState(), key)?.group ?? null) === null) return null;
      const by = options.isOnline() ? options.sealOf(key) : null;
      const sealed = by === null ? null : await attempt(by);
      if (sealed !== null) return sealed === 'given_up' ? null : sealed;
      if (timers.now() >= until) return null;
      await pause(LOOK_AGAIN_MS);
    }
  }

  /** One after the other, in the order of the calls. */
  function sealNext(key: string, attempt: Parameters<typeof seal>[1]): Promise<Bytes | null> {
    const until = timers.now() + WAIT_MS;
    const sealed = (sealing.get(key) ?? Promise.resolve()).then(async () => seal(key, attempt, until));
    sealing.set(key, sealed);
    return sealed;
  }

  const othersOf = (by: CallSeal): readonly SealedDevice[] =>
    by.getState().devices.filter(({ deviceId }) => deviceId !== options.deviceId);

  async function say(key: string, content: CallContent, onMissed = nothing): Promise<boolean> {
    if (content.type !== 'chat' && content.type !== 'reaction') {
      const sealed = await sealNext(key, async (by) => by.sealData(writeContent(content)));
      return sealed !== null && options.send(key, sealed);
    }
    const kept = keep(content, onMissed);
    const sealed = sealNext(key, async (by) => {
      const lately = follow(key, by);
      kept.arrivals = lately.arrivals;
      kept.at = options.now();
      // Before it is sealed: who comes back meanwhile has missed it.
      lately.add(kept);
      return by.sealData(writeContent(content));
    });
    kept.sent = sealed.then(async (bytes) => {
      kept.tag = bytes?.slice(-TAG_BYTES) ?? null;
      return bytes !== null && options.send(key, bytes);
    });
    return kept.sent;
  }

  /** GRP7: never for somebody who came after it was said, as everybody can open it who has the keys. */
  async function sealAgain(key: string, lately: SaidLately, line: Said): Promise<Bytes | null> {
    const { tag, at, content } = line;
    if (tag === null) return null;
    const bytes = writeContent({ type: 'again', tag, at, content });
    return sealNext(key, async (by) => {
      if (by.getState().phase !== 'sealed') return null;
      if (follow(key, by) !== lately || !mayHear(othersOf(by), line)) return 'given_up';
      const sealed = await by.sealData(bytes);
      // Somebody may have come while it was sealed, and is here before anything is sealed for them.
      return mayHear(othersOf(by), line) ? sealed : 'given_up';
    });
  }

  async function sayAgain(key: string, lately: SaidLately, missing: readonly Missing[]): Promise<void> {
    for (const { said: line, again, userIds } of missing) {
      if (!(await line.sent)) continue;
      if (line.content.type === 'reaction' && options.now() - line.at >= REACTION_LATE_MS) continue;
      const tell = (): void => userIds.forEach((userId) => line.onMissed(userId));
      const sealed = again ? await sealAgain(key, lately, line) : null;
      if (sealed === null) tell();
      else void options.send(key, sealed).then((isSent) => (isSent ? undefined : tell()));
    }
  }

  /** Who is back in the keys by now is told what they missed. */
  function follow(key: string, by: CallSeal): SaidLately {
    const known = said.get(key);
    const lately = known?.seal === by ? known : createSaidLately(by);
    said.set(key, lately);
    const participants = findByKey(options.getState(), key)?.group?.participants ?? [];
    const present = new Set(participants.map(({ deviceId }) => deviceId));
    const missing = lately.follow(othersOf(by), present, options.now());
    if (missing.length > 0) void sayAgain(key, lately, missing);
    return lately;
  }

  return {
    say,
    follow: (key, by) => void follow(key, by),
    keep(keys) {
      for (const key of said.keys()) if (!keys.has(key)) said.delete(key);
    },
    close() {
      isClosed = true;
    },
  };
}

const nothing: (userId: string) => void = () => {};

const keep = (content: KeptContent, onMissed: (userId: string) => void): Said => ({
  content,
  onMissed,
  sent: Promise.resolve(false),
  tag: null,
  at: 0,
  arrivals: 0,
  times: 0,
});

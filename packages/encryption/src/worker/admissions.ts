import type { Bytes } from '../bytes.ts';
import type { ReceivingEpoch } from '../frames/receiver.ts';
import type { SendingEpoch } from '../frames/sender.ts';
import type { CallKeys } from './cryptoWorker.ts';
import type { DeviceLeaf, MemberLeaf } from './tracks.ts';

/** What the page says of a member, once it has looked whose it is. */
export interface JudgedMember {
  readonly credential: Bytes;
  readonly leafKey: Bytes;
  /** False: nothing may be sent to it or played of it. */
  readonly admitted: boolean;
}

/** The keys of a call behind the page's judgement of who has them. */
export interface Admissions extends CallKeys {
  /** Said again of the same member, it holds from then on. */
  judge(judged: readonly JudgedMember[]): void;
}

/** Where the keys go that may be used. */
export interface AdmittedKeys extends Omit<CallKeys, 'knowMembers'> {
  knowMembers(members: readonly DeviceLeaf[]): void;
  /** While it is so, nothing leaves under any key. */
  holdSending(isHeld: boolean): void;
}

/** Epochs that wait for their judgement. More: keys of long ago stay in memory; fewer: frames are lost when members come fast. */
const MOST_WAITING = 4;
/** Judgements that are remembered: twice as many as a group has members. */
const MOST_JUDGED = 1_024;

interface Entry {
  readonly epoch: bigint;
  readonly members: readonly MemberLeaf[];
  readonly open: ReceivingEpoch;
  /** Somebody was removed: what is sent under the epoch before could be opened by them. */
  readonly hasRemoval: boolean;
  send: SendingEpoch | null;
  /** What is said besides media, which waits for the same judgement; null: nothing yet, or it has been passed on. */
  talk: SendingEpoch | null;
}

/**
 * Lets keys through as far as their members are admitted. An epoch is neither opened nor sent under before each of its members was
 * judged; nothing is sent under one in which somebody is not admitted, and nothing that such a member sends is opened. Where the page
 * says nothing, nothing passes. This device's own leaf needs no judgement.
 *
 * @param handleFault - the keys of an epoch could not be used
 */
export function createAdmissions(keys: AdmittedKeys, handleFault: () => void): Admissions {
  const verdicts = new Map<string, boolean>();
  let members: readonly MemberLeaf[] = [];
  /** Oldest first. */
  let waiting: Entry[] = [];
  /** The newest that frames can be opened with, the one that is sent with, and the one that is about to be. */
  let opened: Entry | null = null;
  let used: Entry | null = null;
  let coming: Entry | null = null;
  /** The one that is talked with, which may be newer than the one that is sent with. */
  let talked: Entry | null = null;
  let working: Promise<void> = Promise.resolve();

  const isAdmitted = (member: MemberLeaf): boolean => member.isOwn || verdicts.get(nameOf(member)) === true;
  const isJudged = (member: MemberLeaf): boolean => member.isOwn || verdicts.has(nameOf(member));
  const entryOf = ({ epoch }: SendingEpoch): Entry | null =>
    [...waiting, opened].find((other) => other?.epoch === epoch) ?? null;
  const mayUse = (entry: Entry | null): boolean => entry?.members.every(isAdmitted) ?? true;

  function follow(): void {
    const unused = opened === used || opened === null ? waiting : [opened, ...waiting];
    const isOvertaken = unused.some(({ hasRemoval }) => hasRemoval);
    keys.holdSending(isOvertaken || !mayUse(used) || !mayUse(coming) || !mayUse(talked));
  }

  /** It may have been, while its key was made ready. */
  const wasStopped = (entry: Entry): boolean => entry.send === null;

  async function send(entry: Entry): Promise<void> {
    if (entry.send === null || (used !== null && used.epoch >= entry.epoch)) return;
    // Before the key is there: not one frame may leave in between.
    coming = entry;
    follow();
    try {
      await keys.sendWith(entry.send);
      used = entry;
      if (wasStopped(entry)) keys.stopSending();
    } finally {
      coming = null;
      follow();
    }
  }

  async function talk(entry: Entry): Promise<void> {
    const epoch = entry.talk;
    entry.talk = null;
    if (epoch === null) return;
    // As with frames: before the key is there.
    talked = entry;
    follow();
    await keys.talkWith(epoch);
  }

  async function step(): Promise<void> {
    for (let next = waiting[0]; next?.members.every(isJudged) === true; next = waiting[0]) {
      opened = next;
      keys.knowMembers(next.members.filter(isAdmitted));
      try {
        await keys.openWith(next.open);
        await talk(next);
        await send(next);
      } finally {
        waiting = waiting.filter((entry) => entry !== next);
        follow();
      }
    }
    if (opened === null) return;
    await talk(opened);
    await send(opened);
  }

  /** One at a time, in order. */
  function run(): Promise<void> {
    const done = working.then(step);
    working = done.catch(() => {});
    return done;
  }

  return {
    knowMembers(next) {
      members = next;
    },
    openWith(open) {
      const before = waiting.at(-1) ?? opened;
      if (before !== null && open.epoch <= before.epoch)
        return Promise.reject(new RangeError('not a newer epoch'));
      const names = new Set(members.map(nameOf));
      const hasRemoval = before?.members.some((member) => !names.has(nameOf(member))) ?? false;
      waiting = [...waiting, { epoch: open.epoch, members, open, hasRemoval, send: null, talk: null }].slice(
        -MOST_WAITING,
      );
      follow();
      return run();
    },
    sendWith(epoch) {
      const entry = entryOf(epoch);
      if (entry === null) return Promise.reject(new RangeError('not a newer epoch'));
      entry.send = epoch;
      return run();
    },
    talkWith(epoch) {
      const entry = entryOf(epoch);
      if (entry === null) return Promise.reject(new RangeError('not a newer epoch'));
      entry.talk = epoch;
      return run();
    },
    stopSending() {
      for (const entry of waiting) entry.send = null;
      if (opened !== null) opened.send = null;
      keys.stopSending();
    },
    judge(judged) {
      for (const { admitted, ...member } of judged) {
        verdicts.delete(nameOf(member));
        verdicts.set(nameOf(member), admitted);
      }
      for (const name of [...verdicts.keys()].slice(0, -MOST_JUDGED)) verdicts.delete(name);
      follow();
      if (opened !== null) keys.knowMembers(opened.members.filter(isAdmitted));
      run().catch(handleFault);
    },
  };
}

/** The key of a leaf alone does not say whose it is. */
const nameOf = ({ leafKey, credential }: { readonly leafKey: Bytes; readonly credential: Bytes }): string =>
  `${leafKey.join()} ${credential.join()}`;

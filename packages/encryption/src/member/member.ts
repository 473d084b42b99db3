import { type Bytes, equalBytes } from '../bytes.ts';
import { createMlsEngine } from '../mls/engine.ts';
import type { Candidate, ExternalSenderKey, MlsGroup, OwnCommit } from '../mls/types.ts';
import { createGiving, findRemoved, frameEpochOf } from './giving.ts';
import { PAUSES, createPauses } from './pauses.ts';
import { type EpochProposals, createEpochProposals } from './proposals.ts';
import { turnDelay } from './turn.ts';
import type { HeardKeys, MemberOptions, Member, SaidKeys } from './types.ts';

/*
 *                    ┌──────────── something cannot be processed, removed, reset, stale ───────────┐
 *                    ▼                                                                             │
 *     pausing ──▶ asking ──(wait)──▶ waiting ──(welcome)──▶ in ──(proposed, committed)──▶ in, an epoch later
 *        ▲          │ └───────────(create)───────────────▲  │
 *        └─ refused ┘                                       └──▶ asking
 */
type State =
  | { readonly name: 'pausing'; readonly cancel: () => void }
  /** `join_keys` is not answered. What comes before the answer is kept for after it. */
  | {
      readonly name: 'asking';
      readonly request: number;
      readonly candidate: Candidate;
      readonly held: HeardKeys[];
    }
  | {
      readonly name: 'waiting';
      readonly candidate: Candidate;
      readonly generation: number;
      readonly sender: ExternalSenderKey;
      readonly cancel: () => void;
    }
  | In
  | { readonly name: 'closed' };

/** One epoch, from when it began until the commit that ends it. */
interface In {
  readonly name: 'in';
  readonly generation: number;
  group: MlsGroup;
  readonly proposals: EpochProposals;
  /** When the first proposal came. */
  firstAt: number | null;
  own: (Extract<OwnCommit, { type: 'commit' }> & { readonly request: number }) | null;
  refresh: number | null;
  cancelTurn: () => void;
}

/** What the server calls itself in a group: its key says who it is. */
const SERVER_NAME = new TextEncoder().encode('server');
const SENDER_KEY_BYTES = 32;
/** More, while an answer is out, is no event of the server. */
const MOST_HELD = 1_024;

/** The member of a call's group that this device is. It asks to join at once, and again whenever it cannot follow. */
export function createMember({
  callId,
  identity,
  keys,
  timers,
  say,
  report,
  ignored,
}: MemberOptions): Member {
  const scope = new TextEncoder().encode(callId);
  const engine = createMlsEngine((credential, leafKey) => identity.verify(credential, leafKey, scope));
  const giving = createGiving(keys, timers);
  const pauses = createPauses();
  let state: State = { name: 'pausing', cancel: () => {} };
  let requests = 0;
  /** The newest epoch that this device was in, as frames count them, and its generation. */
  let newest = -1n;
  let newestGeneration = -1;
  let queue: Promise<void> = Promise.resolve();

  const groupIdOf = (generation: number): Bytes => new TextEncoder().encode(`${callId} ${generation}`);
  const tell = (said: SaidKeys): number => {
    requests += 1;
    say(requests, said);
    return requests;
  };

  /** Steps follow each other: none sees what another has half done. */
  function enqueue(step: () => Promise<void> | void): void {
    queue = queue.then(async () => {
      if (state.name === 'closed') return;
      try {
        await step();
      } catch {
        ignored('failed');
        joinAnew('failure');
      }
    });
  }

  function leaveState(): void {
    switch (state.name) {
      case 'pausing':
      case 'waiting':
        return state.cancel();
      case 'in':
        return state.cancelTurn();
      case 'asking':
      case 'closed':
        return;
    }
  }

  /** `expected`: the server said so, which it does seldom. Anything else that happens often waits longer each time. */
  function joinAnew(why: 'expected' | 'failure'): void {
    if (state.name === 'closed') return;
    leaveState();
    if (state.name === 'in') report(null);
    giving.leave();
    const pauseMs = why === 'expected' ? 0 : pauses.next(timers.now());
    state = { name: 'pausing', cancel: timers.after(pauseMs, () => enqueue(ask)) };
  }

  async function ask(): Promise<void> {
    const key = await engine.createLeafKey();
    const candidate = await engine.createCandidate(key, await identity.certify(key.publicKey, scope));
    if (isClosed()) return;
    const request = tell({ type: 'join_keys', keyPackage: candidate.keyPackage });
    state = { name: 'asking', request, candidate, held: [] };
  }

  const isClosed = (): boolean => state.name === 'closed';

  async function enter(group: MlsGroup, generation: number, before: MlsGroup | null): Promise<void> {
    if (isClosed()) return;
    leaveState();
    for (const leafKey of before === null ? [] : findRemoved(before, group)) engine.retire(leafKey);
    newest = frameEpochOf(generation, group.epoch);
    newestGeneration = generation;
    const entered: In = {
      name: 'in',
      generation,
      group,
      proposals: createEpochProposals(),
      firstAt: null,
      own: null,
      refresh: null,
      cancelTurn: () => {},
    };
    state = entered;
    if (before === null) pauses.entered(timers.now());
    await giving.enter(group, generation, before);
    if (isClosed()) return;
    report({
      generation,
      epoch: Number(group.epoch),
      members: group.members.map(({ userId, device, leaf, identity, leafKey }) => ({
        userId,
        deviceId: device,
        leaf,
        credential: identity,
        leafKey,
      })),
      authenticator: group.epochAuthenticator,
    });
  }

  async function step(heard: HeardKeys): Promise<void> {
    switch (state.name) {
      case 'asking':
        return stepAsking(state, heard);
      case 'waiting':
        return stepWaiting(state, heard);
      case 'in':
        return stepIn(state, heard);
      case 'pausing':
      case 'closed':
        return;
    }
  }

  async function stepAsking(asking: Extract<State, { name: 'asking' }>, heard: HeardKeys): Promise<void> {
    switch (heard.type) {
      case 'joined': {
        if (heard.request !== asking.request) return;
        await handleJoined(asking.candidate, heard);
        for (const each of asking.held) await step(each);
        return;
      }
      case 'refused':
        if (heard.request === asking.request) joinAnew('failure');
        return;
      case 'accepted':
      // The request is repeated until it is answered (SES5).
      case 'fresh_session':
        return;
      case 'proposed':
      case 'committed':
      case 'welcome':
      case 'reset':
        if (asking.held.length < MOST_HELD) asking.held.push(heard);
        return;
    }
  }

  async function handleJoined(
    candidate: Candidate,
    { generation, role, senderKey }: Extract<HeardKeys, { type: 'joined' }>,
  ): Promise<void> {
    // A group of its own that it had before would bring the epochs of then again.
    const isOld = role === 'create' ? generation <= newestGeneration : generation < newestGeneration;
    if (isOld || senderKey.length !== SENDER_KEY_BYTES) {
      ignored(isOld ? 'old_generation' : 'bad_sender_key');
      return joinAnew('failure');
    }
    const sender: ExternalSenderKey = { signatureKey: senderKey, identity: SERVER_NAME };
    if (role === 'create') {
      return enter(await engine.createGroup(candidate, groupIdOf(generation), sender), generation, null);
    }
    const cancel = timers.after(PAUSES.welcomeMs, () =>
      enqueue(() => {
        if (state === waiting) joinAnew('failure');
      }),
    );
    const waiting: State = { name: 'waiting', candidate, generation, sender, cancel };
    state = waiting;
  }

  async function stepWaiting(waiting: Extract<State, { name: 'waiting' }>, heard: HeardKeys): Promise<void> {
    const { candidate, generation, sender } = waiting;
    switch (heard.type) {
      case 'welcome': {
        if (heard.generation !== generation) return ignored('other_generation');
        const result = await engine.join(candidate, heard.welcome, groupIdOf(generation), sender);
        if (result.type === 'refused') {
          ignored(result.reason);
          // One for a key package of before may still be on its way.
          return result.reason === 'not_for_us' ? undefined : joinAnew('failure');
        }
        const { group } = result;
        if (group.epoch !== BigInt(heard.epoch) || frameEpochOf(generation, group.epoch) <= newest) {
          ignored('old_epoch');
          return joinAnew('failure');
        }
        return enter(group, generation, null);
      }
      case 'reset':
        return heard.generation > generation ? joinAnew('expected') : ignored('out_of_date');
      case 'fresh_session':
        // The welcome may have been among what was lost.
        return joinAnew('failure');
      case 'proposed':
      case 'committed':
      case 'joined':
      case 'accepted':
      case 'refused':
        return;
    }
  }

  async function stepIn(now: In, heard: HeardKeys): Promise<void> {
    switch (heard.type) {
      case 'proposed':
        return isHere(now, heard) ? handleProposed(now, heard.from, heard.proposals) : undefined;
      case 'committed':
        return isHere(now, heard) ? handleCommitted(now, heard.commit) : undefined;
      case 'reset':
        return heard.generation > now.generation ? joinAnew('expected') : ignored('out_of_date');
      case 'fresh_session':
        return refresh(now);
      case 'refused':
        return handleRefused(now, heard);
      case 'welcome':
        return ignored('not_waiting');
      case 'accepted':
        if (heard.request === now.refresh) now.refresh = null;
        return;
      case 'joined':
        return;
    }
  }

  /** What is of an earlier epoch was seen before; what is of a later one cannot be followed. */
  function isHere({ generation, group }: In, heard: { generation: number; epoch: number }): boolean {
    const place = frameEpochOf(heard.generation, BigInt(heard.epoch));
    const here = frameEpochOf(generation, group.epoch);
    if (place === here) return true;
    ignored(place < here ? 'out_of_date' : 'ahead');
    if (place > here) joinAnew('failure');
    return false;
  }

  function refresh(now: In): void {
    const { generation, group } = now;
    now.refresh = tell({ type: 'refresh_keys', generation, epoch: Number(group.epoch) });
  }

  async function handleProposed(now: In, from: number, proposals: readonly Bytes[]): Promise<void> {
    for (const [offset, bytes] of proposals.entries()) {
      const place = now.proposals.place(from + offset, bytes);
      if (place === 'missing' && now.refresh === null) refresh(now);
      if (place !== 'take' && place !== 'known') ignored(place);
      if (place !== 'take') continue;
      const result = await now.group.handleProposal(bytes);
      now.proposals.set(from + offset, bytes, result.type === 'proposed');
      if (result.type === 'refused') {
        ignored(result.reason);
        continue;
      }
      now.group = result.group;
      now.firstAt ??= timers.now();
    }
    await takeTurn(now);
  }

  /** Commits, or sees to it that it does when it is its turn. */
  async function takeTurn(now: In): Promise<void> {
    const { group, proposals, firstAt, own } = now;
    now.cancelTurn();
    if (state !== now || firstAt === null || own !== null || proposals.isBroken) return;
    const delay = turnDelay(
      group.members.map(({ leaf }) => leaf),
      group.leaving,
      group.leaf,
    );
    if (delay === null) return;
    const leftMs = firstAt + delay - timers.now();
    if (leftMs > 0) {
      now.cancelTurn = timers.after(leftMs, () => enqueue(() => takeTurn(now)));
      return;
    }
    const made = await group.commit();
    if (isClosed()) return;
    if (made.type === 'refused') return ignored(made.reason);
    const { generation } = now;
    const { message: commit, welcome } = made;
    const request = tell({ type: 'commit_keys', generation, epoch: Number(group.epoch), commit, welcome });
    now.own = { ...made, request };
  }

  async function handleCommitted(now: In, commit: Bytes): Promise<void> {
    const { generation, group, own } = now;
    if (own !== null && equalBytes(own.message, commit)) return enter(own.group, generation, group);
    const result = await group.handleCommit(commit);
    switch (result.type) {
      case 'committed':
        return enter(result.group, generation, group);
      case 'removed':
        return joinAnew('failure');
      case 'refused':
        ignored(result.reason);
        return joinAnew('failure');
    }
  }

  function handleRefused(now: In, { request, reason }: Extract<HeardKeys, { type: 'refused' }>): void {
    if (request === now.refresh) return joinAnew('failure');
    // The commit of who was faster is there or will come; anything else than that is a fault of this device.
    if (request === now.own?.request && reason === 'failed') joinAnew('failure');
  }

  enqueue(ask);
  return {
    hear: (heard) => enqueue(() => step(heard)),
    close() {
      leaveState();
      giving.leave();
      state = { name: 'closed' };
    },
    settled: () => queue,
  };
}

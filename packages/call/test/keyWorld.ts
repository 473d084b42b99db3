import { createRandom, type Random } from '../src/simulation/random.ts';
import {
  keysDeadline,
  leaveKeys,
  passKeysDeadline,
  stepKeys,
  type KeyEvent,
  type KeyGroup,
  type KeyMessage,
  type KeyProposal,
  type KeyScene,
  type KeyStep,
} from '../src/index.ts';

/** What a commit is to members that have no cryptography: the tree after it. */
interface ModelCommit {
  readonly covered: readonly KeyProposal[];
  readonly tree: readonly (string | null)[];
}
interface Answer {
  readonly type: 'joined';
  readonly role: 'create' | 'wait';
  readonly generation: number;
  /** What it answers. */
  readonly keyPackage: string;
}
type Heard = KeyMessage | Answer;

interface Member {
  readonly name: string;
  isIn: boolean;
  /** Its page was reloaded, or it waits to be added. */
  state: 'out' | 'waiting' | 'member';
  generation: number;
  epoch: number;
  /** By leaf, as the tree of MLS. */
  tree: (string | null)[];
  pending: KeyProposal[];
  keyPackage: string;
  /** In the order in which it arrives. */
  inbox: Heard[];
  outbox: KeyEvent[];
  /** Does nothing, as a phone in a pocket. */
  isFrozen: boolean;
  /** The epoch that it has committed. */
  committed: string;
}

/** A call's keys: the server as it is, and devices that follow the rules for clients. */
export class KeyWorld {
  readonly random: Random;
  keys: KeyGroup | null = null;
  now = 0;
  readonly members: Member[];
  readonly counts = { commits: 0, stale: 0, resets: 0, lost: 0 };
  readonly #commits = new Map<string, ModelCommit>();
  #made = 0;

  constructor(seed: number, people: number) {
    this.random = createRandom(seed);
    this.members = Array.from({ length: people }, (_, n): Member => ({
      name: `d${String(n)}`,
      isIn: false,
      state: 'out',
      generation: 0,
      epoch: 0,
      tree: [],
      pending: [],
      keyPackage: '',
      inbox: [],
      outbox: [],
      isFrozen: false,
      committed: '',
    }));
  }

  #scene(): KeyScene {
    const present = this.members.filter(({ isIn }) => isIn).map(({ name }) => name);
    return { callId: 'call', present, now: this.now };
  }

  #take({ keys, effects }: KeyStep): void {
    this.keys = keys;
    for (const { deviceIds, message } of effects) {
      if (message.type === 'keys_reset') this.counts.resets += 1;
      for (const name of deviceIds) this.#member(name).inbox.push(message);
    }
  }

  readonly #member = (name: string): Member => {
    const member = this.members.find((each) => each.name === name);
    if (member === undefined) throw new Error(`there is no ${name}`);
    return member;
  };

  #id(kind: string): string {
    this.#made += 1;
    return `${kind}${String(this.#made)}`;
  }

  /** One thing happens, whatever it may be. */
  act(): void {
    const member = this.random.pick(this.members);
    if (member === undefined) return;
    const chance = this.random.next();
    if (!member.isIn) {
      if (chance < 0.3) this.#enter(member);
    } else if (chance < 0.03) this.#leave(member);
    else if (chance < 0.05) this.#askAnew(member);
    else if (chance < 0.07) member.isFrozen = !member.isFrozen;
    else if (chance < 0.3) this.deliverUp(member);
    else if (!member.isFrozen && chance < 0.75) this.hear(member);
    else if (!member.isFrozen) this.commit(member, this.random.chance(0.9) ? 'lowest' : 'any');
    if (this.random.chance(0.3)) this.pass(this.random.between(1, 700));
  }

  pass(ms: number): void {
    this.now += ms;
    this.#take(passKeysDeadline(this.keys, this.#scene()));
  }

  #enter(member: Member): void {
    member.isIn = true;
    member.inbox = [];
    member.outbox = [];
    this.#askAnew(member);
  }

  #leave(member: Member): void {
    Object.assign(member, { isIn: false, state: 'out', inbox: [], outbox: [], isFrozen: false });
    this.#take(leaveKeys(this.keys, this.#scene()));
  }

  #askAnew(member: Member): void {
    member.state = 'out';
    member.keyPackage = this.#id(`${member.name} package `);
    member.outbox.push({ type: 'keys_joined', deviceId: member.name, keyPackage: member.keyPackage });
  }

  /** What a device has said arrives at the server. */
  deliverUp(member: Member): boolean {
    const event = member.outbox.shift();
    if (event === undefined) return false;
    if (event.type === 'keys_committed' && this.random.chance(0.1)) {
      this.counts.lost += 1;
      return true;
    }
    const step = stepKeys(this.keys, event, this.#scene());
    if (step.refusal === 'BAD_MESSAGE') throw new Error(`a good commit of ${member.name} was refused`);
    if (step.refusal !== null) this.counts.stale += 1;
    else if (event.type === 'keys_committed') this.counts.commits += 1;
    this.#take(step);
    if (event.type !== 'keys_joined' || event.keyPackage === null || this.keys === null) return true;
    const { generation, epoch, leaves } = this.keys;
    const isFirst = epoch === 0 && leaves.length === 1 && leaves[0]?.deviceId === member.name;
    member.inbox.push({
      type: 'joined',
      generation,
      role: isFirst ? 'create' : 'wait',
      keyPackage: event.keyPackage,
    });
    return true;
  }

  /** A device takes the next thing that it was told. */
  hear(member: Member): boolean {
    const heard = member.inbox.shift();
    if (heard === undefined) return false;
    const isAsking = member.outbox.some(({ type }) => type === 'keys_joined');
    switch (heard.type) {
      case 'joined':
        // The answer to an earlier one of two.
        if (heard.keyPackage !== member.keyPackage) break;
        member.generation = heard.generation;
        member.state = heard.role === 'create' ? 'member' : 'waiting';
        if (heard.role === 'create') Object.assign(member, { epoch: 0, tree: [member.name], pending: [] });
        break;
      case 'keys_reset':
        if (!isAsking && heard.payload.generation > member.generation) this.#askAnew(member);
        break;
      case 'keys_proposed':
        this.#hearProposed(member, heard);
        break;
      case 'keys_committed':
        this.#hearCommitted(member, heard);
        break;
      case 'keys_welcome':
        this.#hearWelcome(member, heard);
        break;
    }
    return true;
  }

  #hearProposed(member: Member, { payload }: Extract<KeyMessage, { type: 'keys_proposed' }>): void {
    if (!this.#follows(member, payload)) return;
    if (payload.from !== member.pending.length) throw new Error(`${member.name} misses a proposal`);
    member.pending.push(...payload.proposals);
  }

  #hearCommitted(member: Member, { payload }: Extract<KeyMessage, { type: 'keys_committed' }>): void {
    if (!this.#follows(member, payload)) return;
    const commit = this.#commits.get(payload.commit);
    if (commit === undefined) throw new Error('an unknown commit');
    const own = member.pending.slice(0, commit.covered.length);
    if (JSON.stringify(own) !== JSON.stringify(commit.covered))
      throw new Error(`${member.name} knows other proposals than who committed`);
    member.epoch += 1;
    member.tree = [...commit.tree];
    member.pending = [];
    if (own.some((each) => each.type === 'remove' && each.deviceId === member.name)) member.state = 'waiting';
  }

  #hearWelcome(member: Member, { payload }: Extract<KeyMessage, { type: 'keys_welcome' }>): void {
    if (member.state !== 'waiting' || payload.generation !== member.generation) return;
    const commit = this.#commits.get(payload.welcome);
    const added = commit?.covered.find((each) => each.type === 'add' && each.deviceId === member.name);
    if (added?.type !== 'add' || commit === undefined) throw new Error('a welcome for others');
    // It cannot follow what was meant for an earlier key package.
    if (added.keyPackage !== member.keyPackage) return this.#askAnew(member);
    Object.assign(member, { state: 'member', epoch: payload.epoch, tree: [...commit.tree], pending: [] });
  }

  readonly #follows = (member: Member, at: { generation: number; epoch: number }): boolean =>
    member.state === 'member' && member.generation === at.generation && member.epoch === at.epoch;

  /** The lowest leaf that is not to be removed commits; any other one does where that takes too long. */
  commit(member: Member, who: 'lowest' | 'any'): boolean {
    const { pending, tree, name, generation, epoch } = member;
    if (member.state !== 'member' || pending.length === 0) return false;
    const isLive = (leaf: number): boolean =>
      tree[leaf] !== null && !pending.some((each) => each.type === 'remove' && each.leaf === leaf);
    const own = tree.indexOf(name);
    const place = `${String(generation)} ${String(epoch)}`;
    if (!isLive(own) || member.committed === place) return false;
    if (who === 'lowest' && tree.findIndex((_, leaf) => isLive(leaf)) !== own) return false;
    member.committed = place;
    const covered = [...pending];
    const after = [...tree];
    for (const each of covered) if (each.type === 'remove') after[each.leaf] = null;
    for (const each of covered) {
      if (each.type !== 'add') continue;
      const free = after.indexOf(null);
      after[free === -1 ? after.length : free] = each.deviceId;
    }
    const commit = this.#id('commit ');
    this.#commits.set(commit, { covered, tree: after });
    const isWelcoming = covered.some(({ type }) => type === 'add');
    member.outbox.push({
      type: 'keys_committed',
      deviceId: name,
      commit: { generation, epoch, commit },
      welcome: isWelcoming ? commit : null,
      read: { leaf: own, covered: covered.length, hasPath: true },
    });
    return true;
  }

  /** Nothing more goes wrong: everything arrives, whoever is awake commits, and what is stuck is given up. */
  comeToRest(): void {
    for (let rounds = 0; rounds < 400; rounds += 1) {
      let isBusy = false;
      for (const member of this.members) {
        member.isFrozen = false;
        if (!member.isIn) continue;
        while (this.deliverUp(member) || this.hear(member)) isBusy = true;
        if (this.commit(member, 'lowest') || this.commit(member, 'any')) isBusy = true;
      }
      const at = keysDeadline(this.keys);
      if (!isBusy && at === null) return;
      if (!isBusy) this.pass(Math.max(0, (at ?? this.now) - this.now));
    }
    throw new Error('it does not come to rest');
  }
}

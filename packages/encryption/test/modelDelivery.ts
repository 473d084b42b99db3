import type { Bytes } from './memberBench.ts';
import { type TestSigner, createTestSigner } from './testSigner.ts';
import type { HeardKeys, SaidKeys } from '../src/member/index.ts';
import { groupIdOf } from './memberBench.ts';
import { readMessage } from './mlsAttacks.ts';
import { text } from './mlsFixtures.ts';
import type { VirtualClock } from './virtualClock.ts';

type Logical =
  | { readonly add: string; readonly keyPackage: Bytes }
  | { readonly remove: number; readonly device: string };

interface Group {
  readonly generation: number;
  epoch: number;
  /** The device at each leaf; null where nobody is. */
  leaves: (string | null)[];
  pending: { readonly logical: Logical; readonly message: Bytes }[];
  /** When the group is given up unless somebody commits. */
  deadline: (() => void) | null;
}

/** What happened, for the checks. */
export interface Change {
  readonly at: number;
  readonly generation: number;
  readonly epoch: number;
  /** Devices that this brought in, or out. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

const STUCK_MS = 3_000;

/** The server's half of the rules in docs/protocol.md, as a model in memory: it orders, signs and hands on. */
export class ModelDelivery {
  readonly changes: Change[] = [];
  readonly counts = { commits: 0, stale: 0, resets: 0, reproposed: 0 };
  readonly signer: TestSigner;
  readonly #clock: VirtualClock;
  readonly #tell: (device: string, event: HeardKeys) => void;
  readonly #joined = new Set<string>();
  /** Asked again, or left, while their Add waited. */
  readonly #afterwards = new Map<string, Bytes | null>();
  #group: Group | null = null;
  #generation = 0;
  #queue: Promise<void> = Promise.resolve();

  private constructor(
    clock: VirtualClock,
    signer: TestSigner,
    tell: (device: string, event: HeardKeys) => void,
  ) {
    this.#clock = clock;
    this.signer = signer;
    this.#tell = tell;
  }

  static async start(
    clock: VirtualClock,
    tell: (device: string, event: HeardKeys) => void,
  ): Promise<ModelDelivery> {
    return new ModelDelivery(clock, createTestSigner(text('server')), tell);
  }

  settled = (): Promise<void> => this.#queue;
  get joined(): ReadonlySet<string> {
    return this.#joined;
  }

  enter(device: string): void {
    this.#joined.add(device);
  }

  leave(device: string): void {
    this.#enqueue(() => this.#leave(device));
  }

  /** Answers by `answer`, in the order in which it is asked. */
  ask(device: string, said: SaidKeys, request: number, answer: (heard: HeardKeys) => void): void {
    this.#enqueue(async () => {
      if (!this.#joined.has(device)) return answer({ type: 'refused', request, reason: 'failed' });
      switch (said.type) {
        case 'join_keys':
          return answer(await this.#join(device, said.keyPackage, request));
        case 'commit_keys':
          return answer(await this.#commit(device, said, request));
        case 'refresh_keys':
          return this.#refresh(device, said, request, answer);
      }
    });
  }

  #enqueue(step: () => Promise<void> | void): void {
    this.#queue = this.#queue.then(step);
  }

  #found(device: string): void {
    this.#group = {
      generation: this.#generation,
      epoch: 0,
      leaves: [device],
      pending: [],
      deadline: null,
    };
    this.#generation += 1;
  }

  async #join(device: string, keyPackage: Bytes, request: number): Promise<HeardKeys> {
    const joined = (role: 'create' | 'wait'): HeardKeys => ({
      type: 'joined',
      request,
      generation: this.#group?.generation ?? 0,
      role,
      senderKey: this.signer.key.signatureKey,
    });
    const group = this.#group;
    if (group === null) {
      this.#found(device);
      return joined('create');
    }
    const leaf = group.leaves.indexOf(device);
    const isAlone = group.leaves.filter((each) => each !== null).length === 1;
    if (leaf >= 0 && isAlone) {
      group.deadline?.();
      this.#afterwards.clear();
      this.#found(device);
      this.#record([], [device]);
      for (const other of this.#joined)
        if (other !== device) this.#tell(other, { type: 'reset', generation: this.#group?.generation ?? 0 });
      return joined('create');
    }
    if (this.#isWaiting(device)) {
      this.#afterwards.set(device, keyPackage);
      return joined('wait');
    }
    const remove: Logical[] = leaf >= 0 && !this.#isLeaving(leaf) ? [{ remove: leaf, device }] : [];
    await this.#propose([...remove, { add: device, keyPackage }]);
    return joined('wait');
  }

  #isWaiting = (device: string): boolean =>
    this.#group?.pending.some(({ logical }) => 'add' in logical && logical.add === device) ?? false;
  #isLeaving = (leaf: number): boolean =>
    this.#group?.pending.some(({ logical }) => 'remove' in logical && logical.remove === leaf) ?? false;

  async #leave(device: string): Promise<void> {
    this.#joined.delete(device);
    const group = this.#group;
    if (group === null) return;
    if (this.#isWaiting(device)) this.#afterwards.set(device, null);
    const leaf = group.leaves.indexOf(device);
    if (leaf < 0) return;
    const isAnybodyLeft = group.leaves.some(
      (each, at) => each !== null && at !== leaf && !this.#isLeaving(at),
    );
    if (!isAnybodyLeft) return this.#giveUp();
    if (!this.#isLeaving(leaf)) await this.#propose([{ remove: leaf, device }]);
  }

  /** Nobody is left who could commit: whoever waits begins anew. */
  #giveUp(): void {
    this.#group?.deadline?.();
    this.#record([], this.#group?.leaves.flatMap((each) => each ?? []) ?? []);
    this.#group = null;
    this.#afterwards.clear();
    for (const each of this.#joined) this.#tell(each, { type: 'reset', generation: this.#generation });
  }

  async #propose(all: readonly Logical[]): Promise<void> {
    const group = this.#group;
    if (group === null || all.length === 0) return;
    const place = { groupId: groupIdOf(group.generation), epoch: BigInt(group.epoch) };
    const from = group.pending.length;
    for (const logical of all) {
      const message =
        'add' in logical
          ? this.signer.proposeAdd(place, logical.keyPackage)
          : this.signer.proposeRemove(place, logical.remove);
      group.pending.push({ logical, message });
    }
    const proposals = group.pending.slice(from).map(({ message }) => message);
    const { generation, epoch } = group;
    for (const device of this.#members(group))
      this.#tell(device, { type: 'proposed', generation, epoch, from, proposals });
    group.deadline ??= this.#clock.after(STUCK_MS, () =>
      this.#enqueue(() => {
        if (this.#group !== group || group.epoch !== epoch) return;
        this.counts.resets += 1;
        this.#giveUp();
      }),
    );
  }

  #members = (group: Group): string[] => [
    ...new Set(group.leaves.flatMap((each) => (each !== null && this.#joined.has(each) ? [each] : []))),
  ];

  async #commit(
    device: string,
    said: Extract<SaidKeys, { type: 'commit_keys' }>,
    request: number,
  ): Promise<HeardKeys> {
    const group = this.#group;
    const { generation, epoch, commit, welcome } = said;
    if (group === null || group.generation !== generation || group.epoch !== epoch) {
      this.counts.stale += 1;
      return { type: 'refused', request, reason: 'stale' };
    }
    const message = readMessage(commit);
    if (message.wireformat !== 'mls_public_message') return { type: 'refused', request, reason: 'failed' };
    const { content } = message.publicMessage;
    const leaf = content.sender.senderType === 'member' ? content.sender.leafIndex : -1;
    const count = content.contentType === 'commit' ? content.commit.proposals.length : 0;
    if (group.leaves[leaf] !== device || count === 0 || count > group.pending.length)
      return { type: 'refused', request, reason: 'failed' };

    this.counts.commits += 1;
    const before = this.#members(group);
    const covered = group.pending.slice(0, count).map(({ logical }) => logical);
    const rest = group.pending.slice(count).map(({ logical }) => logical);
    const removed = covered.flatMap((each) => ('remove' in each ? [each] : []));
    const added = covered.flatMap((each) => ('add' in each ? [each.add] : []));
    for (const each of removed) group.leaves[each.remove] = null;
    for (const each of added) {
      const free = group.leaves.indexOf(null);
      if (free >= 0) group.leaves[free] = each;
      else group.leaves.push(each);
    }
    group.deadline?.();
    group.deadline = null;
    group.epoch += 1;
    group.pending = [];
    this.#record(
      added,
      removed.map((each) => each.device),
    );
    for (const each of before)
      if (this.#joined.has(each)) this.#tell(each, { type: 'committed', generation, epoch, commit });
    for (const each of added)
      if (this.#joined.has(each) && welcome !== null)
        this.#tell(each, { type: 'welcome', generation, epoch: epoch + 1, welcome });
    this.counts.reproposed += rest.length;
    await this.#propose([...rest, ...this.#takeAfterwards(group, added)]);
    return { type: 'accepted', request };
  }

  /** What those whose Add could not be taken back want now. */
  #takeAfterwards(group: Group, added: readonly string[]): Logical[] {
    return added.flatMap((device): Logical[] => {
      const next = this.#afterwards.get(device);
      if (next === undefined) return [];
      this.#afterwards.delete(device);
      const remove: Logical = { remove: group.leaves.indexOf(device), device };
      return next === null ? [remove] : [remove, { add: device, keyPackage: next }];
    });
  }

  #refresh(
    device: string,
    { generation, epoch }: Extract<SaidKeys, { type: 'refresh_keys' }>,
    request: number,
    answer: (heard: HeardKeys) => void,
  ): void {
    const group = this.#group;
    const isHere = group?.generation === generation && group.epoch === epoch && group.leaves.includes(device);
    if (!isHere) return answer({ type: 'refused', request, reason: 'stale' });
    answer({ type: 'accepted', request });
    const proposals = group.pending.map(({ message }) => message);
    if (proposals.length > 0) this.#tell(device, { type: 'proposed', generation, epoch, from: 0, proposals });
  }

  #record(added: readonly string[], removed: readonly string[]): void {
    const { generation = 0, epoch = 0 } = this.#group ?? {};
    this.changes.push({ at: this.#clock.now(), generation, epoch, added, removed });
  }
}

import type { ClientState, HPKECiphertext } from 'ts-mls';
import { decryptWithLabel } from 'ts-mls/crypto/hpke.js';
import { groupContextEncoder } from 'ts-mls/groupContext.js';
import { encode } from 'ts-mls/codec/tlsEncoder.js';
import type { Candidate, MlsGroup } from '../src/index.ts';
import { decodeMessage } from '../src/mls/codec.ts';
import { unsafeStateOf } from '../src/mls/group.ts';
import { loadSuite } from '../src/mls/suite.ts';
import { createRandom } from './frameFixtures.ts';
import { type CallWorld, commit, createCallWorld, propose } from './mlsFixtures.ts';
import { toHex } from './vectors.ts';

/** What one run has seen, so that a test can ask whether everything happened. */
export interface ChurnCounts {
  epochs: number;
  adds: number;
  removes: number;
  rejoins: number;
  lostRaces: number;
  attacks: number;
  mostMembers: number;
}

interface Past {
  readonly state: ClientState;
  readonly device: string;
}

/** One call in which people come and go at random. Every promise of MLS that calls rest on is checked in each epoch. */
export class Churn {
  readonly counts: ChurnCounts = {
    epochs: 0,
    adds: 0,
    removes: 0,
    rejoins: 0,
    lostRaces: 0,
    attacks: 0,
    mostMembers: 1,
  };
  readonly #world: CallWorld;
  readonly #random: (below: number) => number;
  readonly #most: number;
  readonly #keys = new Set<string>();
  /** Commits with a path, with the context that their secrets are bound to. */
  readonly #paths: { readonly message: Uint8Array; readonly context: Uint8Array }[] = [];
  #members = new Map<string, MlsGroup>();
  #gone: Past[] = [];
  #nextName = 0;

  private constructor(world: CallWorld, seed: number, most: number) {
    this.#world = world;
    this.#random = createRandom(seed);
    this.#most = most;
  }

  static async start(seed: number, most: number, initial = 1): Promise<Churn> {
    const churn = new Churn(await createCallWorld(), seed, most);
    const name = churn.#newName();
    const { engine, groupId, signer } = churn.#world;
    const group = await engine.createGroup(await churn.#world.createCandidate(name), groupId, signer.key);
    churn.#members.set(name, group);
    if (initial > 1) {
      const names = Array.from({ length: initial - 1 }, () => churn.#newName());
      await churn.#change(new Set(), await churn.#candidatesFor(names));
    }
    return churn;
  }

  /** One epoch: proposals, a commit of a random member, and then what must hold. */
  async step(): Promise<void> {
    const leaving = this.#chooseLeaving();
    const coming = await this.#chooseComing(leaving);
    if (leaving.size + coming.size > 0) await this.#change(leaving, coming);
  }

  async #change(leaving: ReadonlySet<string>, coming: ReadonlyMap<string, Candidate>): Promise<void> {
    await this.#propose(leaving, coming);

    const stayers = [...this.#members.keys()].filter((name) => !leaving.has(name));
    const committer = this.#pick(stayers);
    const own = await commit(this.#groupOf(committer));
    // Somebody else was as fast, and the server took the other commit: what it made is thrown away.
    if (this.#random(4) === 0) {
      await commit(this.#groupOf(this.#pick(stayers)));
      this.counts.lostRaces += 1;
    }
    const before = new Map(this.#members);
    await this.#apply(committer, own, leaving);
    await this.#join(coming, own.welcome);
    await this.#check(own.message, before, committer, coming);
  }

  #newName(): string {
    this.#nextName += 1;
    return `device ${this.#nextName}`;
  }

  #pick<T>(list: readonly T[]): T {
    const item = list[this.#random(list.length)];
    if (item === undefined) throw new Error('nothing to choose from');
    return item;
  }

  #groupOf(name: string): MlsGroup {
    const group = this.#members.get(name);
    if (group === undefined) throw new Error(`${name} is no member`);
    return group;
  }

  #chooseLeaving(): Set<string> {
    const leaving = new Set<string>();
    const most = this.#members.size - 1;
    if (most < 1 || this.#random(2) === 0) return leaving;
    for (let left = 1 + this.#random(Math.min(3, most)); left > 0; left -= 1) {
      leaving.add(this.#pick([...this.#members.keys()]));
    }
    return leaving;
  }

  /** New devices, devices that were there before, and some that are removed and added in one commit. */
  async #chooseComing(leaving: ReadonlySet<string>): Promise<Map<string, Candidate>> {
    const names = new Set<string>();
    const room = this.#most - this.#members.size + leaving.size;
    const isGrowing = this.#members.size < this.#most * 0.8;
    for (let left = this.#random(isGrowing ? 5 : 3); left > 0 && names.size < room; left -= 1) {
      const before = this.#gone
        .filter(({ device }) => !this.#members.has(device))
        .map(({ device }) => device);
      const returning = [...before, ...leaving];
      const isReturning = returning.length > 0 && this.#random(3) === 0;
      names.add(isReturning ? this.#pick(returning) : this.#newName());
      if (isReturning) this.counts.rejoins += 1;
    }
    return this.#candidatesFor(names);
  }

  async #candidatesFor(names: Iterable<string>): Promise<Map<string, Candidate>> {
    const candidates = new Map<string, Candidate>();
    for (const name of names) candidates.set(name, await this.#world.createCandidate(name));
    return candidates;
  }

  async #propose(leaving: ReadonlySet<string>, coming: ReadonlyMap<string, Candidate>): Promise<void> {
    const { signer } = this.#world;
    const [some] = this.#members.values();
    if (some === undefined) throw new Error('nobody is left');
    const messages: Uint8Array[] = [];
    for (const name of leaving) messages.push(signer.proposeRemove(some, this.#groupOf(name).leaf));
    for (const { keyPackage } of coming.values()) messages.push(signer.proposeAdd(some, keyPackage));
    this.counts.removes += leaving.size;
    this.counts.adds += coming.size;
    for (const [name, group] of this.#members) {
      let current = group;
      for (const message of messages) current = await propose(current, message);
      this.#members.set(name, current);
    }
  }

  async #apply(
    committer: string,
    own: Awaited<ReturnType<typeof commit>>,
    leaving: ReadonlySet<string>,
  ): Promise<void> {
    for (const [name, group] of this.#members) {
      if (name === committer) {
        this.#members.set(name, own.group);
        continue;
      }
      const result = await group.handleCommit(own.message);
      if (leaving.has(name)) {
        if (result.type !== 'removed') throw new Error(`${name} was removed and says ${result.type}`);
        this.#gone.push({ device: name, state: stateOf(group) });
        this.#members.delete(name);
      } else {
        if (result.type !== 'committed') throw new Error(`${name} says ${JSON.stringify(result)}`);
        this.#members.set(name, result.group);
      }
    }
  }

  async #join(coming: ReadonlyMap<string, Candidate>, welcome: Uint8Array | null): Promise<void> {
    for (const [name, candidate] of coming) {
      if (welcome === null) throw new Error('no welcome');
      const { engine, groupId, signer } = this.#world;
      const joined = await engine.join(candidate, welcome, groupId, signer.key);
      if (joined.type === 'refused') throw new Error(`${name} cannot join: ${joined.reason}`);
      this.#members.set(name, joined.group);
    }
  }

  async #check(
    message: Uint8Array,
    before: ReadonlyMap<string, MlsGroup>,
    committer: string,
    coming: ReadonlyMap<string, Candidate>,
  ): Promise<void> {
    this.counts.epochs += 1;
    this.counts.mostMembers = Math.max(this.counts.mostMembers, this.#members.size);
    await this.#checkAgreement();
    const context = pathContext(this.#groupOf(committer), before);
    const stayed = [...before].filter(
      ([name]) => this.#members.has(name) && !coming.has(name) && name !== committer,
    );
    const hasPath = ciphertextsOf(message).length > 0;
    if (hasPath) {
      this.#paths.push({ message, context });
      await this.#attack(message, context);
      for (const [name, group] of stayed.slice(0, 2)) {
        // The attack is a real one: it works with the keys of those who may read the path.
        if (!(await opensAny(stateOf(group), message, context)))
          throw new Error(`${name} cannot read the path`);
      }
    }
    for (const name of coming.keys()) await this.#attackThePast(stateOf(this.#groupOf(name)), hasPath);
  }

  async #checkAgreement(): Promise<void> {
    const groups = [...this.#members.values()];
    const keys = new Set(await Promise.all(groups.map(async (group) => toHex(await group.exportBaseKey()))));
    const views = new Set(
      groups.map((group) => JSON.stringify(group.members.map(({ leaf, device }) => [leaf, device]))),
    );
    const expected = [...this.#members].map(([device, { leaf }]) => [leaf, device] as const);
    views.add(JSON.stringify(expected.sort(([a], [b]) => a - b)));
    if (keys.size !== 1) throw new Error('members have different keys');
    if (views.size !== 1) throw new Error('members see different members');
    const [key = ''] = keys;
    if (this.#keys.has(key)) throw new Error('a key came again');
    this.#keys.add(key);
  }

  /** The last eight who were removed try every private key that they had at their end. */
  async #attack(message: Uint8Array, context: Uint8Array): Promise<void> {
    for (const { state, device } of this.#gone.slice(-8)) {
      this.counts.attacks += 1;
      if (await opensAny(state, message, context)) throw new Error(`${device} reads on after its removal`);
    }
  }

  /** A newcomer tries its keys on the last three paths from before it came. */
  async #attackThePast(state: ClientState, hasPath: boolean): Promise<void> {
    for (const { message, context } of hasPath ? this.#paths.slice(-4, -1) : this.#paths.slice(-3)) {
      this.counts.attacks += 1;
      if (await opensAny(state, message, context)) throw new Error('a newcomer reads what was before it');
    }
  }
}

function stateOf(group: MlsGroup): ClientState {
  const state = unsafeStateOf(group);
  if (state === undefined) throw new Error('a group without a state');
  return state;
}

/** What the secrets of the path to this epoch are bound to (RFC 9420 §7.6): the new tree, over the old transcript. */
function pathContext(after: MlsGroup, before: ReadonlyMap<string, MlsGroup>): Uint8Array {
  const [old] = before.values();
  if (old === undefined) throw new Error('nobody was there');
  const { epoch, treeHash } = stateOf(after).groupContext;
  return encode(groupContextEncoder)({ ...stateOf(old).groupContext, epoch, treeHash });
}

function ciphertextsOf(message: Uint8Array): readonly HPKECiphertext[] {
  const decoded = decodeMessage(message);
  if (decoded.type !== 'message' || decoded.message.wireformat !== 'mls_public_message') {
    throw new Error('not a message');
  }
  const { content } = decoded.message.publicMessage;
  if (content.contentType !== 'commit') throw new Error('not a commit');
  return content.commit.path?.nodes.flatMap(({ encryptedPathSecret }) => encryptedPathSecret) ?? [];
}

/** Whether any of the private keys opens any of the secrets of a commit's path. */
async function opensAny(state: ClientState, message: Uint8Array, context: Uint8Array): Promise<boolean> {
  const { hpke } = await loadSuite();
  for (const key of Object.values(state.privatePath.privateKeys)) {
    const imported = await hpke.importPrivateKey(key);
    for (const { kemOutput, ciphertext } of ciphertextsOf(message)) {
      const opened = decryptWithLabel(imported, 'UpdatePathNode', context, kemOutput, ciphertext, hpke);
      const isOpened = await opened.then(
        () => true,
        () => false,
      );
      if (isOpened) return true;
    }
  }
  return false;
}

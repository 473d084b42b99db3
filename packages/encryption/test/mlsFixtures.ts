import {
  type Candidate,
  type MlsEngine,
  type MlsGroup,
  type VerifyLeaf,
  createMlsEngine,
} from '../src/index.ts';
import { toHex } from './vectors.ts';
import { type TestSigner, createTestSigner } from './testSigner.ts';

export const text = (value: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(new TextEncoder().encode(value));

/** A roster that knows a device by what its leaf says, once its leaf key was entered. */
export class Roster {
  readonly #entries = new Map<string, string>();

  enter(device: string, leafKey: Uint8Array): void {
    this.#entries.set(toHex(leafKey), device);
  }

  readonly verify: VerifyLeaf = (identity, leafKey) => {
    const device = this.#entries.get(toHex(leafKey));
    const isIt = device !== undefined && device === new TextDecoder().decode(identity);
    return Promise.resolve(isIt ? { userId: `user of ${device}`, deviceId: device } : null);
  };
}

export interface CallWorld {
  readonly roster: Roster;
  readonly engine: MlsEngine;
  readonly signer: TestSigner;
  readonly groupId: Uint8Array<ArrayBuffer>;
  /** A device with a fresh leaf key that is on the roster. */
  readonly createCandidate: (device: string) => Promise<Candidate>;
}

export async function createCallWorld(): Promise<CallWorld> {
  const roster = new Roster();
  const engine = createMlsEngine(roster.verify);
  return {
    roster,
    engine,
    signer: createTestSigner(text('server')),
    groupId: text('call'),
    createCandidate: async (device) => {
      const key = await engine.createLeafKey();
      roster.enter(device, key.publicKey);
      return engine.createCandidate(key, text(device));
    },
  };
}

/** The group after a proposal, or an error with the reason. */
export async function propose(group: MlsGroup, message: Uint8Array): Promise<MlsGroup> {
  const result = await group.handleProposal(message);
  if (result.type === 'refused') throw new Error(result.reason);
  return result.group;
}

/** What is committed of what was proposed, or an error with the reason. */
export async function commit(group: MlsGroup) {
  const result = await group.commit();
  if (result.type === 'refused') throw new Error(result.reason);
  return result;
}

/** A group of these devices, by their names, each as it sees it. */
export async function createCall(world: CallWorld, names: readonly string[]): Promise<Map<string, MlsGroup>> {
  const [first = '', ...others] = names;
  const { engine, signer, groupId } = world;
  let own = await engine.createGroup(await world.createCandidate(first), groupId, signer.key);
  const groups = new Map<string, MlsGroup>();
  if (others.length > 0) {
    const candidates = await Promise.all(others.map((name) => world.createCandidate(name)));
    for (const { keyPackage } of candidates) own = await propose(own, signer.proposeAdd(own, keyPackage));
    const { welcome, group } = await commit(own);
    own = group;
    for (const [index, name] of others.entries()) {
      const candidate = candidates[index];
      if (candidate === undefined || welcome === null) throw new Error('nobody is welcome');
      const joined = await engine.join(candidate, welcome, groupId, signer.key);
      if (joined.type === 'refused') throw new Error(joined.reason);
      groups.set(name, joined.group);
    }
  }
  return new Map([[first, own], ...groups]);
}

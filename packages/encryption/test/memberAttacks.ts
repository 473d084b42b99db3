import { type Candidate, createMlsEngine } from '../src/index.ts';
import type { HeardKeys } from '../src/member/index.ts';
import { type Bench, createOther, groupIdOf } from './memberBench.ts';

/* What attacks on a member are made of: see memberHostile.test.ts. */

export const at = (epoch: number) => ({ generation: 0, epoch });
export const proposed = (proposals: readonly Uint8Array[], from = 0, epoch = 1): HeardKeys => ({
  type: 'proposed',
  ...at(epoch),
  from,
  proposals: proposals.map((bytes) => new Uint8Array(bytes)),
});
export const committed = (bytes: Uint8Array, epoch = 1): HeardKeys => ({
  type: 'committed',
  ...at(epoch),
  commit: new Uint8Array(bytes),
});
export const place = { groupId: groupIdOf(0), epoch: 1n };

export const addOf = async (bench: Bench, candidate: Candidate) =>
  bench.signer.proposeAdd(place, candidate.keyPackage);
export const newcomer = async (name = 'd') => (await createOther(name)).candidate();

/** A key package whose credential was made for something else than it is used for. */
export async function candidateWith(
  credentialFor: (leafKey: Uint8Array<ArrayBuffer>) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<Candidate> {
  const engine = createMlsEngine(() => Promise.resolve({ userId: 'x', deviceId: 'x' }));
  const key = await engine.createLeafKey();
  return engine.createCandidate(key, await credentialFor(key.publicKey));
}

/** Takes everybody, each as a device of their own. */
export function createCarelessEngine() {
  let count = 0;
  return createMlsEngine(() => {
    count += 1;
    return Promise.resolve({ userId: 'x', deviceId: `x ${count}` });
  });
}

export interface Attack {
  readonly name: string;
  readonly reason: string;
  /** What is heard before it, all of it good. */
  readonly before?: (bench: Bench) => Promise<readonly HeardKeys[]>;
  readonly make: (bench: Bench) => Promise<readonly HeardKeys[]>;
}

export const removeC = (bench: Bench) => bench.signer.proposeRemove(bench.a, 2);
export const goodRemoval = async (bench: Bench) => [await bench.proposed([removeC(bench)])];

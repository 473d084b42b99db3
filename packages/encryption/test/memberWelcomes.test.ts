import { describe, expect, test } from 'vitest';
import { createTestSigner } from './testSigner.ts';
import type { HeardKeys } from '../src/member/index.ts';
import { type Bench, CALL, createBench, createOther, groupIdOf, identityOf } from './memberBench.ts';
import { commit, propose, text } from './mlsFixtures.ts';
import { createCarelessEngine, newcomer } from './memberAttacks.ts';

/* The same delivery service, while b waits to be let in again. */

/** b has been removed and asks to be let in again, into the group at epoch 2. */
async function startWaiting() {
  const bench = await createBench();
  const atOne = bench.a;
  await bench.hearAll(await bench.proposed([bench.signer.proposeRemove(bench.a, 1)]));
  await bench.hearAll((await bench.committed()).event);
  const { request, said } = bench.last('join_keys');
  const { signatureKey: senderKey } = bench.signer.key;
  const answer = { type: 'joined', request, generation: 0, role: 'wait', senderKey } as const;
  return { bench, atOne, keyPackage: said.keyPackage, answer };
}

type Waiting = Awaited<ReturnType<typeof startWaiting>>;
type Group = Waiting['atOne'];

async function welcomeFrom(
  group: Group,
  keyPackage: Uint8Array,
  signer: Bench['signer'],
): Promise<Uint8Array<ArrayBuffer>> {
  const { welcome } = await commit(await propose(group, signer.proposeAdd(group, keyPackage)));
  return welcome ?? expect.fail('nobody is welcome');
}
const welcome = (bytes: Uint8Array, epoch = 3, generation = 0): HeardKeys => ({
  type: 'welcome',
  generation,
  epoch,
  welcome: new Uint8Array(bytes),
});

/** A group that somebody made who is not what they say, to which b is welcomed. */
async function foreignWelcome(
  { keyPackage }: Waiting,
  signer: Bench['signer'],
  groupId: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const x = await createOther('x');
  const group = await x.engine.createGroup(await x.candidate(), groupId, signer.key);
  return welcomeFrom(group, keyPackage, signer);
}

const WELCOMES: readonly {
  readonly name: string;
  readonly reason: string;
  readonly isWaiting?: true;
  readonly make: (waiting: Waiting) => Promise<HeardKeys>;
}[] = [
  {
    name: 'the welcome of somebody else',
    reason: 'not_for_us',
    isWaiting: true,
    make: async ({ bench }) =>
      welcome(await welcomeFrom(bench.a, (await newcomer()).keyPackage, bench.signer)),
  },
  {
    name: 'a welcome to the key package of before',
    reason: 'not_for_us',
    isWaiting: true,
    make: async ({ bench, atOne }) => {
      const first = bench.said[0]?.said;
      if (first?.type !== 'join_keys') return expect.fail();
      const x = await createOther('x');
      const alone = await x.engine.createGroup(await x.candidate(), atOne.groupId, bench.signer.key);
      return welcome(await welcomeFrom(alone, first.keyPackage, bench.signer));
    },
  },
  {
    name: 'a welcome of another generation',
    reason: 'other_generation',
    isWaiting: true,
    make: async ({ bench, keyPackage }) =>
      welcome(await welcomeFrom(bench.a, keyPackage, bench.signer), 3, 1),
  },
  {
    name: 'a welcome into another generation, under the name of this one',
    reason: 'other_group',
    make: async (waiting) => welcome(await foreignWelcome(waiting, waiting.bench.signer, groupIdOf(1)), 1),
  },
  {
    name: 'a welcome into another call',
    reason: 'other_group',
    make: async (waiting) => welcome(await foreignWelcome(waiting, waiting.bench.signer, text('other 0')), 1),
  },
  {
    name: 'a welcome into a group of another server',
    reason: 'foreign_sender',
    make: async (waiting) =>
      welcome(await foreignWelcome(waiting, createTestSigner(text('server')), groupIdOf(0)), 1),
  },
  {
    name: 'a welcome into an epoch that it has been in',
    reason: 'old_epoch',
    make: async (waiting) => welcome(await foreignWelcome(waiting, waiting.bench.signer, groupIdOf(0)), 1),
  },
  {
    name: 'a welcome said to be of another epoch than it is',
    reason: 'old_epoch',
    make: async ({ bench, keyPackage }) => welcome(await welcomeFrom(bench.a, keyPackage, bench.signer), 4),
  },
  {
    name: 'a welcome into a group with somebody in it who has no credential',
    reason: 'bad_leaf',
    make: async ({ bench, keyPackage }) => {
      const engine = createCarelessEngine();
      const candidate = await engine.createCandidate(await engine.createLeafKey(), text('x'));
      const group = await engine.createGroup(candidate, groupIdOf(0), bench.signer.key);
      return welcome(await welcomeFrom(group, keyPackage, bench.signer), 1);
    },
  },
  {
    name: 'a welcome into a group with a device in it twice',
    reason: 'duplicate_device',
    make: async ({ bench, keyPackage }) => {
      const identity = await identityOf('x');
      const engine = createCarelessEngine();
      const twin = async () => {
        const key = await engine.createLeafKey();
        return engine.createCandidate(key, await identity.certify(key.publicKey, text(CALL)));
      };
      const group = await engine.createGroup(await twin(), groupIdOf(0), bench.signer.key);
      const second = bench.signer.proposeAdd(group, (await twin()).keyPackage);
      return welcome(await welcomeFrom(await propose(group, second), keyPackage, bench.signer), 1);
    },
  },
  {
    name: 'a welcome that is cut off',
    reason: 'malformed',
    make: async ({ bench, keyPackage }) =>
      welcome((await welcomeFrom(bench.a, keyPackage, bench.signer)).slice(0, -1)),
  },
  {
    name: 'a commit for a welcome',
    reason: 'not_a_welcome',
    make: async ({ bench }) => welcome(bench.signer.proposeRemove(bench.a, 2)),
  },
];

describe('on the way in', () => {
  test.each(WELCOMES)('$name: $reason', async ({ reason, isWaiting, make }) => {
    const waiting = await startWaiting();
    const { bench, answer, keyPackage } = waiting;
    const keys = bench.keysNow();
    await bench.hearAll(answer, await make(waiting));
    expect(bench.ignored).toEqual([reason]);
    expect([bench.keysNow(), bench.given.at(-1)?.what]).toEqual([keys, 'stop']);
    if (isWaiting === undefined) {
      await bench.pass(250);
      expect(bench.said).toHaveLength(3);
    } else {
      await bench.hearAll(welcome(await welcomeFrom(bench.a, keyPackage, bench.signer)));
      expect(bench.reports.at(-1)).toMatchObject({ epoch: 3 });
    }
  });

  test('a rollback: b is let into what became of the group without the last epochs: old_epoch', async () => {
    const bench = await createBench();
    const { keyPackage: first } = await newcomer();
    const old = await propose(bench.a, bench.signer.proposeRemove(bench.a, 1));
    for (const name of ['e', 'f']) {
      await bench.hearAll(
        await bench.proposed([
          bench.signer.proposeAdd(bench.a, name === 'e' ? first : (await newcomer(name)).keyPackage),
        ]),
      );
      await bench.hearAll((await bench.committed()).event);
    }
    expect(bench.reports.at(-1)).toMatchObject({ epoch: 3 });
    await bench.hearAll(await bench.proposed([bench.signer.proposeRemove(bench.a, 1)]));
    await bench.hearAll((await bench.committed()).event);
    const keys = bench.keysNow();
    const { request, said } = bench.last('join_keys');
    const { signatureKey: senderKey } = bench.signer.key;
    await bench.hearAll(
      { type: 'joined', request, generation: 0, role: 'wait', senderKey },
      welcome(await welcomeFrom(old, said.keyPackage, bench.signer), 2),
    );
    expect([bench.ignored, bench.keysNow()]).toEqual([['old_epoch'], keys]);
  });

  test.each([
    ['create', 0, 'old_generation'],
    ['wait', -1, 'old_generation'],
  ] as const)(
    'an answer that makes it %s in a generation that it has had: %s',
    async (role, distance, reason) => {
      const bench = await createBench(['c'], { generation: 5 });
      await bench.hearAll({ type: 'reset', generation: 6 });
      const keys = bench.keysNow();
      const { request } = bench.last('join_keys');
      const { signatureKey: senderKey } = bench.signer.key;
      await bench.hearAll({ type: 'joined', request, generation: 5 + distance, role, senderKey });
      expect([bench.ignored, bench.keysNow()]).toEqual([[reason], keys]);
    },
  );

  test('a key of the server that is none: bad_sender_key', async () => {
    const { bench, answer } = await startWaiting();
    await bench.hearAll({ ...answer, senderKey: new Uint8Array(31) });
    expect(bench.ignored).toEqual(['bad_sender_key']);
  });

  test('answers to what was not asked are nothing', async () => {
    const { bench, answer } = await startWaiting();
    const keys = bench.keysNow();
    await bench.hearAll(
      { ...answer, request: 1 },
      { ...answer, request: 99, role: 'create' },
      { type: 'refused', request: 1, reason: 'failed' },
      { type: 'accepted', request: answer.request },
    );
    expect([bench.keysNow(), bench.said.length]).toEqual([keys, 2]);
  });
});

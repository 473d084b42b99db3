import { describe, expect, test } from 'vitest';
import { turnDelay } from '../src/member/turn.ts';
import { createBench, createOther, groupIdOf, identityOf, playMember } from './memberBench.ts';
import { createTestSigner } from './testSigner.ts';
import { propose, text } from './mlsFixtures.ts';
import { createVirtualClock } from './virtualClock.ts';
import { toHex } from './vectors.ts';

const names = (report: { readonly members: readonly { readonly deviceId: string }[] } | null | undefined) =>
  report?.members.map(({ deviceId }) => deviceId);

describe('joining', () => {
  test('it asks at once, and makes a group of itself where it is told to', async () => {
    const clock = createVirtualClock();
    const member = playMember(clock, await identityOf('b'));
    await clock.run(0, () => member.settled());
    expect(member.said.map(({ said }) => said.type)).toEqual(['join_keys']);
    const signer = createTestSigner(text('server'));
    const senderKey = signer.key.signatureKey;
    member.hear({ type: 'joined', request: 1, generation: 3, role: 'create', senderKey });
    await member.settled();
    expect(member.reports).toMatchObject([
      { generation: 3, epoch: 0, members: [{ userId: 'user of b', deviceId: 'b', leaf: 0 }] },
    ]);
    const epoch = 3n << 32n;
    expect(member.given).toMatchObject([
      { what: 'know', members: [`b 0 ${epoch}`] },
      { what: 'open', epoch },
      { what: 'send', epoch, leaf: 0 },
    ]);
  });

  test('it joins by its welcome, agrees with the others, and sends at once', async () => {
    const bench = await createBench();
    const key = toHex(await bench.a.exportBaseKey());
    expect(bench.reports).toHaveLength(1);
    expect(bench.reports[0]).toMatchObject({ generation: 0, epoch: 1 });
    expect(bench.reports[0]?.authenticator).toEqual(bench.a.epochAuthenticator);
    expect(names(bench.reports[0])).toEqual(['a', 'b', 'c']);
    expect(bench.given.filter(({ what }) => what !== 'know')).toMatchObject([
      { what: 'open', epoch: 1n, key },
      { what: 'send', epoch: 1n, key, leaf: 1 },
    ]);
  });

  test('a welcome that comes before the answer waits for it', async () => {
    const clock = createVirtualClock();
    const member = playMember(clock, await identityOf('b'));
    await clock.run(0, () => member.settled());
    const [first] = member.said;
    if (first?.said.type !== 'join_keys') return expect.fail();
    const signer = createTestSigner(text('server'));
    const a = await createOther('a');
    const group = await a.engine.createGroup(await a.candidate(), groupIdOf(0), signer.key);
    const made = await (await propose(group, signer.proposeAdd(group, first.said.keyPackage))).commit();
    if (made.type !== 'commit' || made.welcome === null) return expect.fail();
    member.hear({ type: 'welcome', generation: 0, epoch: 1, welcome: made.welcome });
    await member.settled();
    expect(member.reports).toEqual([]);
    const senderKey = signer.key.signatureKey;
    member.hear({ type: 'joined', request: first.request, generation: 0, role: 'wait', senderKey });
    await member.settled();
    expect(names(member.reports[0])).toEqual(['a', 'b']);
  });

  test('with a fresh session it asks again, because its welcome may have been lost', async () => {
    const clock = createVirtualClock();
    const member = playMember(clock, await identityOf('b'));
    await clock.run(0, () => member.settled());
    const { signatureKey: senderKey } = createTestSigner(text('server')).key;
    member.hear({ type: 'fresh_session' });
    await clock.run(0, () => member.settled());
    // The link repeats what has no answer yet.
    expect(member.said).toHaveLength(1);
    member.hear({ type: 'joined', request: 1, generation: 0, role: 'wait', senderKey });
    member.hear({ type: 'fresh_session' });
    await clock.run(0, () => member.settled());
    expect(member.said.map(({ said }) => said.type)).toEqual(['join_keys', 'join_keys']);
  });

  test('a refused request is made again, later each time', async () => {
    const clock = createVirtualClock();
    const member = playMember(clock, await identityOf('b'));
    await clock.run(0, () => member.settled());
    const times: number[] = [];
    for (let request = 1; request <= 5; request += 1) {
      expect(member.said.at(-1)?.request).toBe(request);
      times.push(clock.now());
      member.hear({ type: 'refused', request, reason: 'failed' });
      await member.settled();
      for (let waited = 0; member.said.length === request && waited < 80; waited += 1)
        await clock.run(50, () => member.settled());
    }
    expect(times).toEqual([0, 50, 300, 800, 1_800]);
  });

  test('without a welcome it asks again after 10 s', async () => {
    const clock = createVirtualClock();
    const member = playMember(clock, await identityOf('b'));
    await clock.run(0, () => member.settled());
    const { signatureKey: senderKey } = createTestSigner(text('server')).key;
    member.hear({ type: 'joined', request: 1, generation: 0, role: 'wait', senderKey });
    await clock.run(9_999, () => member.settled());
    expect(member.said).toHaveLength(1);
    await clock.run(1, () => member.settled());
    expect(member.said).toHaveLength(2);
    const packages = member.said.map(({ said }) => said.type === 'join_keys' && toHex(said.keyPackage));
    expect(new Set(packages).size).toBe(2);
  });
});

describe('whose turn it is', () => {
  test.each([
    ['the lowest of a few commits at once', [0, 1, 2], [], 0, 0],
    ['the next one 400 ms later', [0, 1, 2], [], 1, 400],
    ['the third 800 ms later', [0, 1, 2], [], 2, 800],
    ['who is being removed is passed over', [0, 1, 2], [0], 1, 0],
    ['who is being removed has no turn', [0, 1, 2], [0], 0, null],
    ['leaves in between may be free', [3, 7, 300], [3], 300, 400],
    ['of 8 the lowest does not wait', [0, 1, 2, 3, 4, 5, 6, 7], [], 0, 0],
    ['of 9 it waits for 100 ms', [0, 1, 2, 3, 4, 5, 6, 7, 8], [], 0, 100],
  ])('%s', (_, leaves, leaving, own, expected) => {
    expect(turnDelay(leaves, new Set(leaving), own)).toBe(expected);
  });

  test('b commits 400 ms after the first proposal where a does not, and not again', async () => {
    const bench = await createBench();
    const remove = await bench.proposed([bench.signer.proposeRemove(bench.a, 2)]);
    await bench.hearAll(remove);
    await bench.pass(300);
    const { keyPackage } = await (await createOther('d')).candidate();
    await bench.hearAll(await bench.proposed([bench.signer.proposeAdd(bench.a, keyPackage)]));
    await bench.pass(99);
    expect(bench.said.map(({ said }) => said.type)).toEqual(['join_keys']);
    await bench.pass(1);
    const { said } = bench.last('commit_keys');
    expect(said).toMatchObject({ generation: 0, epoch: 1 });
    expect(said.welcome).not.toBeNull();
    await bench.pass(10_000);
    expect(bench.said).toHaveLength(2);
  });

  test('b commits at once where a is removed', async () => {
    const bench = await createBench();
    await bench.hearAll(await bench.proposed([bench.signer.proposeRemove(bench.a, 0)]));
    expect(bench.last('commit_keys').said.epoch).toBe(1);
  });
});

/** b has committed, and has no answer yet. */
async function startCommitting() {
  const bench = await createBench(['c']);
  await bench.hearAll(await bench.proposed([bench.signer.proposeRemove(bench.a, 2)]));
  await bench.pass(400);
  return { bench, own: bench.last('commit_keys') };
}

describe('its own commit', () => {
  test('is applied only when it comes back, whatever the answer was', async () => {
    for (const answer of ['accepted', 'stale', 'none'] as const) {
      const { bench, own } = await startCommitting();
      const { request } = own;
      if (answer === 'accepted') await bench.hearAll({ type: 'accepted', request });
      if (answer === 'stale') await bench.hearAll({ type: 'refused', request, reason: 'stale' });
      expect(bench.reports).toHaveLength(1);
      await bench.hearAll({ type: 'committed', generation: 0, epoch: 1, commit: own.said.commit });
      expect(bench.reports.at(-1)).toMatchObject({ epoch: 2 });
      const result = await bench.a.handleCommit(own.said.commit);
      if (result.type !== 'committed') return expect.fail(JSON.stringify(result));
      expect(bench.reports.at(-1)?.authenticator).toEqual(result.group.epochAuthenticator);
    }
  });

  test('is thrown away where another one was faster, before its answer and after', async () => {
    for (const isAnswerFirst of [true, false]) {
      const { bench, own } = await startCommitting();
      const { event } = await bench.committed();
      const answer = { type: 'refused', request: own.request, reason: 'stale' } as const;
      await bench.hearAll(...(isAnswerFirst ? [answer, event] : [event, answer]));
      expect(bench.reports.at(-1)?.authenticator).toEqual(bench.a.epochAuthenticator);
      await bench.hearAll({ type: 'committed', generation: 0, epoch: 1, commit: own.said.commit });
      expect([bench.reports.length, bench.ignored]).toEqual([2, ['out_of_date']]);
    }
  });

  test('is refused for another reason: it joins anew', async () => {
    const { bench, own } = await startCommitting();
    await bench.hearAll({ type: 'refused', request: own.request, reason: 'failed' });
    expect(bench.said.at(-1)?.said.type).toBe('join_keys');
    expect([bench.reports.at(-1), bench.given.at(-1)?.what]).toEqual([null, 'stop']);
  });

  test('a reset while it commits: it joins anew, and the commit that comes back is nothing any more', async () => {
    const { bench, own } = await startCommitting();
    await bench.hearAll({ type: 'reset', generation: 1 });
    await bench.hearAll(
      { type: 'accepted', request: own.request },
      { type: 'committed', generation: 0, epoch: 1, commit: own.said.commit },
    );
    const { request } = bench.last('join_keys');
    const { signatureKey: senderKey } = bench.signer.key;
    await bench.hearAll({ type: 'joined', request, generation: 1, role: 'create', senderKey });
    expect(bench.reports.at(-1)).toMatchObject({ generation: 1, epoch: 0 });
    expect(bench.given.at(-1)).toMatchObject({ what: 'send', epoch: 1n << 32n });
  });
});

describe('when keys are used', () => {
  test('after a removal at once; where somebody came 100 ms later', async () => {
    const bench = await createBench(['c', 'd']);
    const { keyPackage } = await (await createOther('e')).candidate();
    await bench.hearAll(await bench.proposed([bench.signer.proposeAdd(bench.a, keyPackage)]));
    await bench.hearAll((await bench.committed()).event);
    expect(bench.given.at(-1)).toMatchObject({ what: 'open', epoch: 2n });
    await bench.pass(99);
    expect(bench.given.at(-1)).toMatchObject({ what: 'open' });
    await bench.pass(1);
    expect(bench.given.at(-1)).toMatchObject({ what: 'send', epoch: 2n });
    await bench.hearAll(await bench.proposed([bench.signer.proposeRemove(bench.a, 2)]));
    await bench.hearAll((await bench.committed()).event);
    expect(bench.given.at(-1)).toMatchObject({ what: 'send', epoch: 3n });
  });

  test('an epoch that is waited for is passed over where a removal comes meanwhile', async () => {
    const bench = await createBench(['c', 'd']);
    const { keyPackage } = await (await createOther('e')).candidate();
    await bench.hearAll(await bench.proposed([bench.signer.proposeAdd(bench.a, keyPackage)]));
    await bench.hearAll((await bench.committed()).event);
    await bench.hearAll(await bench.proposed([bench.signer.proposeRemove(bench.a, 2)]));
    await bench.hearAll((await bench.committed()).event);
    await bench.pass(1_000);
    const sent = bench.given.flatMap((each) => (each.what === 'send' ? [each.epoch] : []));
    expect(sent).toEqual([1n, 3n]);
  });

  test('a leaf has the epoch in which it appeared, and a leaf given away its own', async () => {
    const bench = await createBench(['c']);
    const { keyPackage } = await (await createOther('d')).candidate();
    const remove = bench.signer.proposeRemove(bench.a, 2);
    const add = bench.signer.proposeAdd(bench.a, keyPackage);
    await bench.hearAll(await bench.proposed([remove, add]));
    await bench.hearAll((await bench.committed()).event);
    const known = bench.given.filter(({ what }) => what === 'know').at(-1);
    expect(known).toMatchObject({ members: ['a 0 1', 'b 1 1', 'd 2 2'] });
  });
});

describe('it joins anew', () => {
  test('removed, and still in the call: at once, and sends nothing meanwhile', async () => {
    const bench = await createBench();
    await bench.hearAll(await bench.proposed([bench.signer.proposeRemove(bench.a, 1)]));
    await bench.hearAll((await bench.committed()).event);
    expect(bench.said.map(({ said }) => said.type)).toEqual(['join_keys', 'join_keys']);
    expect([bench.reports.at(-1), bench.given.at(-1)?.what]).toEqual([null, 'stop']);
  });

  test('with a fresh session, where it is asked of and the server is further', async () => {
    const bench = await createBench();
    await bench.hearAll({ type: 'fresh_session' });
    const { request, said } = bench.last('refresh_keys');
    expect(said).toMatchObject({ generation: 0, epoch: 1 });
    await bench.hearAll({ type: 'accepted', request });
    expect(bench.said).toHaveLength(2);
    await bench.hearAll({ type: 'fresh_session' });
    const again = bench.last('refresh_keys');
    await bench.hearAll({ type: 'refused', request: again.request, reason: 'stale' });
    expect(bench.said.map(({ said: { type } }) => type)).toEqual([
      'join_keys',
      'refresh_keys',
      'refresh_keys',
      'join_keys',
    ]);
  });

  test('not where the commit came before the answer that it is late', async () => {
    const bench = await createBench();
    await bench.hearAll(await bench.proposed([bench.signer.proposeRemove(bench.a, 2)]));
    await bench.hearAll({ type: 'fresh_session' });
    const { request } = bench.last('refresh_keys');
    await bench.hearAll((await bench.committed()).event, { type: 'refused', request, reason: 'stale' });
    expect(bench.reports.at(-1)).toMatchObject({ epoch: 2 });
    expect(bench.said.map(({ said }) => said.type)).toEqual(['join_keys', 'refresh_keys']);
  });

  test('proposals that it missed it asks for, once, and takes them', async () => {
    const bench = await createBench();
    const first = await bench.proposed([bench.signer.proposeRemove(bench.a, 2)]);
    const { keyPackage } = await (await createOther('d')).candidate();
    const second = await bench.proposed([bench.signer.proposeAdd(bench.a, keyPackage)]);
    await bench.hearAll(second, second);
    expect(bench.ignored).toEqual(['missing', 'missing']);
    const { request } = bench.last('refresh_keys');
    if (first.type !== 'proposed' || second.type !== 'proposed') return expect.fail();
    const all = [...first.proposals, ...second.proposals];
    await bench.hearAll({ type: 'accepted', request }, { ...first, proposals: all }, first, second);
    await bench.hearAll((await bench.committed()).event);
    expect(names(bench.reports.at(-1))).toEqual(['a', 'b', 'd']);
  });
});

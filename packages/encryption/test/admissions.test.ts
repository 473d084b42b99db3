import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AdmittedKeys, createAdmissions } from '../src/worker/admissions.ts';
import { plainFrame } from './frameFixtures.ts';
import { text } from './mlsFixtures.ts';
import { encodedFrame } from './workerBench.ts';
import { type Device, copyOf, createCall, droppedOf, listen, speak, until } from './workerCall.ts';
import { soon } from './soon.ts';

function judge({ bench, keys }: Device, admits: (device: string) => boolean): void {
  const members = (keys()?.members ?? []).map(({ deviceId, credential, leafKey }) => ({
    credential,
    leafKey,
    admitted: admits(deviceId),
  }));
  bench.say({ type: 'admit_members', members });
}
const all = (): boolean => true;

/** What a frame that does not leave was counted as. */
async function refusalOf({ bench, microphone }: Device): Promise<unknown> {
  const before = JSON.stringify(bench.counters().sent);
  await microphone.put(encodedFrame('held', plainFrame('opus', 'delta', 60)));
  await soon(() => expect(JSON.stringify(bench.counters().sent)).not.toEqual(before));
  expect(microphone.out.map(({ name }) => name)).not.toContain('held');
  return bench.counters().sent[0]?.refused;
}

describe('frames of members that the page has not admitted', () => {
  test('none is sent to them and none of theirs is opened while the page says nothing', async () => {
    const { start } = await createCall();
    const a = await start('a', null, false);
    await until(a, ['a']);
    const b = await start('b');
    await Promise.all([until(a, ['a', 'b']), until(b, ['a', 'b'])]);
    const [atA, atB] = [listen(a, 'b'), listen(b, 'a')];
    await atA.put(copyOf(await speak(b, 'from b')));
    a.bench.pass(60_000);
    // Under the key of a group of one, which b never had.
    await atB.put(copyOf(await speak(a, 'to nobody')));
    await soon(() => expect(droppedOf(b)).toEqual({ epoch_gone: 1 }));
    expect([atA.out, atB.out]).toEqual([[], []]);
  });

  test('those of others are opened while one is held, nothing is sent, and both end when it is admitted', async () => {
    const { start } = await createCall();
    const a = await start('a', null, false);
    await until(a, ['a']);
    const b = await start('b');
    await until(a, ['a', 'b']);
    const c = await start('c');
    await Promise.all([a, b, c].map((each) => until(each, ['a', 'b', 'c'])));
    [b, c].forEach(({ bench }) => bench.pass(200));
    judge(a, (device) => device !== 'c');
    const atA = listen(a, 'b');
    await soon(async () => {
      await atA.put(copyOf(await speak(b, 'from b')));
      expect(atA.out.length).toBeGreaterThan(0);
    });
    a.bench.pass(200);
    await soon(async () => expect(await refusalOf(a)).toHaveProperty('held'));
    const atC = listen(a, 'c');
    await atC.put(copyOf(await speak(c, 'from c')));
    await soon(() => expect(droppedOf(a)).toHaveProperty('no_track'));
    expect(atC.out).toEqual([]);
    judge(a, all);
    await speak(a, 'again');
    await soon(async () => {
      await atC.put(copyOf(await speak(c, 'later from c')));
      expect(atC.out.length).toBeGreaterThan(0);
    });
  });

  test('one that was admitted can be held again, in the middle of an epoch', async () => {
    const { start } = await createCall();
    const a = await start('a');
    await until(a, ['a']);
    const b = await start('b');
    await Promise.all([until(a, ['a', 'b']), until(b, ['a', 'b'])]);
    const atA = listen(a, 'b');
    // Of what comes before the keys are in use, some is lost.
    await soon(async () => {
      await atA.put(copyOf(await speak(b, 'before')));
      expect(atA.out.length).toBeGreaterThan(0);
    });
    await speak(a, 'before');
    judge(a, (device) => device === 'a');
    expect(await refusalOf(a)).toHaveProperty('held');
    const closed = droppedOf(a)?.no_track ?? 0;
    await atA.put(copyOf(await speak(b, 'after')));
    await soon(() => expect(droppedOf(a)?.no_track).toBe(closed + 1));
    expect(atA.out.map(({ name }) => name)).not.toContain('after');
  });

  test('who comes back with a new leaf is judged anew', async () => {
    const { start, delivery } = await createCall();
    const a = await start('a', null, false);
    await until(a, ['a']);
    const first = await start('b');
    await Promise.all([until(a, ['a', 'b']), until(first, ['a', 'b'])]);
    judge(a, all);
    const atFirst = listen(first, 'a');
    await soon(async () => {
      await atFirst.put(copyOf(await speak(a, 'to the first b')));
      expect(atFirst.out.length).toBeGreaterThan(0);
    });
    delivery.leave('b');
    await until(a, ['a']);
    const second = await start('b');
    await Promise.all([until(a, ['a', 'b']), until(second, ['a', 'b'])]);
    const atSecond = listen(second, 'a');
    await atSecond.put(copyOf(await speak(a, 'to nobody')));
    await soon(() => expect(droppedOf(second)).toEqual({ epoch_gone: 1 }));
    judge(a, all);
    await soon(async () => {
      await atSecond.put(copyOf(await speak(a, 'to the second b')));
      expect(atSecond.out.length).toBeGreaterThan(0);
    });
  });

  test('nothing goes to who was removed while a newcomer of the same epoch is being looked at', async () => {
    const { start, delivery } = await createCall();
    const a = await start('a', null, false);
    await until(a, ['a']);
    const b = await start('b');
    await Promise.all([until(a, ['a', 'b']), until(b, ['a', 'b'])]);
    judge(a, all);
    await speak(a, 'to b');
    // Both are proposed before anybody can commit.
    delivery.leave('b');
    const c = await start('c');
    await Promise.all([until(a, ['a', 'c']), until(c, ['a', 'c'])]);
    expect(Object.keys(a.bench.counters().sent[0]?.refused ?? {})).toEqual([]);
    const atC = listen(c, 'a');
    await atC.put(copyOf(await speak(a, 'to nobody')));
    await soon(() => expect(droppedOf(c)).toEqual({ epoch_gone: 1 }));
    judge(a, all);
    await speak(a, 'to c');
  });
});

const leafOf = (name: string, leaf: number) => ({
  device: name,
  leaf,
  firstEpoch: 0n,
  credential: text(`credential of ${name}`),
  leafKey: text(name),
  isOwn: name === 'a',
});

test('whatever comes in whatever order: no key is used with a member that is not admitted', async () => {
  const device = fc.constantFrom('a', 'b', 'c', 'd');
  const step = fc.oneof(
    fc.record({ type: fc.constant('epoch' as const), members: fc.uniqueArray(device), sends: fc.boolean() }),
    fc.record({
      type: fc.constant('judge' as const),
      device,
      admitted: fc.constantFrom(true, true, true, false),
    }),
    fc.record({ type: fc.constant('send' as const) }),
    fc.record({ type: fc.constant('stop' as const) }),
  );
  let opened = 0;
  let sent = 0;
  const property = fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
    const admitted = new Set(['a']);
    const judged = new Set(['a']);
    const membersOf = new Map<bigint, readonly string[]>();
    let using: bigint | null = null;
    let talking: bigint | null = null;
    let isHeld = false;
    let known: readonly string[] = [];
    const check = (): void => {
      for (const epoch of [using, talking])
        if (epoch !== null && !isHeld)
          for (const name of membersOf.get(epoch) ?? []) expect(admitted).toContain(name);
      for (const name of known) expect(admitted).toContain(name);
    };
    const keys: AdmittedKeys = {
      openWith: async ({ epoch }) => {
        await Promise.resolve();
        for (const name of membersOf.get(epoch) ?? []) expect(judged).toContain(name);
        opened += 1;
      },
      sendWith: async ({ epoch }) => {
        await Promise.resolve();
        using = epoch;
        sent += 1;
        check();
      },
      talkWith: async ({ epoch }) => {
        for (const name of membersOf.get(epoch) ?? []) expect(judged).toContain(name);
        await Promise.resolve();
        talking = epoch;
        check();
      },
      stopSending: () => {
        using = null;
        talking = null;
      },
      knowMembers: (members) => {
        known = members.map(({ device: name }) => name);
        check();
      },
      holdSending: (next) => {
        isHeld = next;
      },
    };
    const admissions = createAdmissions(keys, () => expect.fail());
    let epoch = 0n;
    const baseKey = text('key');
    for (const each of steps) {
      if (each.type === 'epoch') {
        epoch += 1n;
        const members = [...new Set(['a', ...each.members])];
        membersOf.set(epoch, members);
        admissions.knowMembers(members.map(leafOf));
        await admissions.openWith({ epoch, baseKey });
        await admissions.talkWith({ epoch, leaf: 0, baseKey });
        if (each.sends) await admissions.sendWith({ epoch, leaf: 0, baseKey });
      } else if (each.type === 'judge') {
        judged.add(each.device);
        if (each.device !== 'a') admitted[each.admitted ? 'add' : 'delete'](each.device);
        const { credential, leafKey } = leafOf(each.device, 0);
        admissions.judge([{ credential, leafKey, admitted: each.admitted }]);
      } else if (each.type === 'send') {
        if (epoch > 0n) await admissions.sendWith({ epoch, leaf: 0, baseKey }).catch(() => {});
      } else admissions.stopSending();
      check();
      await Promise.resolve();
      check();
    }
  });
  await fc.assert(property, { numRuns: 500 });
  expect(opened).toBeGreaterThan(100);
  expect(sent).toBeGreaterThan(100);
});

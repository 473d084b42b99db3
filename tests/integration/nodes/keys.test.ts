import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { TestDevice } from '../support/device.ts';
import { gather } from '../support/groups.ts';
import { agree, KeyMember } from '../support/keyMember.ts';
import { startNodePair, type NodePair } from '../support/pair.ts';

/** Two nodes; from some time on the first one stores changes and tells nobody, as one that dies in between. */
let pair: NodePair;
let isSilent = false;
let release: () => void = () => {};
beforeAll(async () => {
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  pair = await startNodePair(inject('postgresUrl'), ({ sessions }) => ({
    sessions: {
      ...sessions,
      push: async (...given) => {
        if (isSilent) await released;
        return sessions.push(...given);
      },
    },
  }));
});
afterAll(async () => {
  release();
  await pair.dispose();
});

/** Signed in at the first node, and connected to the other one. */
async function atOther(handle: string): Promise<TestDevice> {
  const { device, cookie } = await pair.one.signIn(handle);
  const moved = new TestDevice(pair.other.app, device, cookie);
  await moved.register();
  return moved;
}

test('KEY2 KEY3 members at two nodes race, one wins, and what a dead node has stored is signed by another one', async () => {
  const devices = [await atOther('ana'), await atOther('ben'), await pair.one.online('chidi')];
  const [first, second, third] = devices;
  if (first === undefined || second === undefined || third === undefined) throw new Error('nobody');
  const { callId } = await gather(first, second, third);
  const [ana, ben, chidi] = [
    new KeyMember(first, callId),
    new KeyMember(second, callId),
    new KeyMember(third, callId),
  ];
  for (const member of [ana, ben, chidi]) await member.join();
  await agree(ana, ben, chidi);
  expect(chidi.senderKey).toBe(ana.senderKey);

  // Of two commits at two nodes one is taken.
  await ben.join();
  for (const member of [ana, chidi]) {
    await member.device.event('keys_proposed', callId);
    await member.hear();
  }
  const both = await Promise.all([ana.commit(), chidi.commit()]);
  expect(both.filter((code) => code === 'ok').length).toBe(1);
  await agree(ana, ben, chidi);

  // Chidi asks anew; their node writes that down, and says nothing any more.
  isSilent = true;
  const told = ana.device.events('keys_proposed', callId).length;
  expect(await chidi.join()).toBe('wait');
  expect(ana.device.events('keys_proposed', callId)).toHaveLength(told);
  // They come back at the other node, which says first what was left unsaid.
  const { device, cookie } = chidi.device;
  const moved = new TestDevice(pair.other.app, device, cookie);
  // Its requests have names of their own (SES5).
  for (let n = 0; n < 20; n += 1) moved.nextId();
  await moved.register();
  const back = new KeyMember(moved, callId);
  await back.join();
  await agree(ana, ben, back);
  expect(ana.device.events('keys_proposed', callId).length).toBeGreaterThan(told);
});

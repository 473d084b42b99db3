import { demoUserId } from '@visavis/server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestDevice } from './support/device.ts';
import { createSeededRandom } from './support/random.ts';
import { makeFrame } from './support/rubbish.ts';
import { startTestServer, type TestServer } from './support/server.ts';
import { candidate } from './support/signals.ts';

const MESSAGES = 100_000;
/** How many frames go in before time passes and the bystanders are looked at. */
const BATCH = 250;
/** How much time passes then: enough for most of the patience with nonsense to come back. */
const PAUSE_MS = 5_000;

const seed = Number(process.env['VISAVIS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

let server: TestServer;
const unhandled: unknown[] = [];
const remember = (reason: unknown): void => {
  unhandled.push(reason);
};
beforeAll(async () => {
  server = await startTestServer();
  process.on('unhandledRejection', remember);
  process.on('uncaughtException', remember);
});
afterAll(async () => {
  process.off('unhandledRejection', remember);
  process.off('uncaughtException', remember);
  await server.stop();
});

test(`${String(MESSAGES)} messages of rubbish do no harm (seed ${String(seed)}, repeat with VISAVIS_SEED)`, async () => {
  const random = createSeededRandom(seed);
  const [ana, ben] = [await server.online('ana'), await server.online('ben')];
  const { callId } = await ana.dial(ben);
  await ben.request('answer_call', { callId, payload: { media: 'video' } });
  const attackers: TestDevice[] = [];
  for (const handle of ['chidi', 'dilnoza', 'elio', 'elio']) attackers.push(await server.online(handle));
  // They know everything but the cookies.
  const userIds = ['ben', 'chidi', 'dilnoza', 'elio'].map((handle) => demoUserId(handle));
  const seen = { codes: new Map<string, number>(), calls: new Set<string>() };
  let sent = 0;
  let relayed = 0;
  while (sent < MESSAGES) {
    for (let n = 0; n < BATCH; n += 1) {
      const open = attackers.filter((attacker) => attacker.closedWith === null);
      if (open.length === 0) break;
      const attacker = random.pick(open);
      const names = {
        userIds,
        callIds: [callId, ...[...seen.calls].slice(-5)],
        deviceIds: [ana, ben, ...attackers].map((device) => device.deviceId),
        sessionIds: [ana, ben, ...attackers].map((device) => device.sessionId ?? ''),
      };
      attacker.sayText(makeFrame(random, names));
      sent += 1;
    }
    await server.app.settle();
    await server.pass(PAUSE_MS);
    for (const attacker of attackers) if (attacker.closedWith !== null) await attacker.register();
    for (const attacker of attackers) {
      for (const message of attacker.heard.splice(0)) {
        if (message.type === 'error') {
          seen.codes.set(message.payload.code, (seen.codes.get(message.payload.code) ?? 0) + 1);
        }
        if ('callId' in message) seen.calls.add(message.callId);
      }
    }
    // The bystanders' call works all the while, and they heard nothing of what went on.
    relayed += 1;
    expect(await ana.request('ice_candidate', { callId, payload: candidate(relayed) })).toMatchObject({
      type: 'ok',
    });
    expect((await ben.event('ice_candidate', callId)).payload).toEqual(candidate(relayed));
    for (const bystander of [ana, ben]) {
      expect(bystander.closedWith).toBeNull();
      expect(bystander.events('call_ended', callId)).toEqual([]);
      expect(bystander.heard.filter((message) => message.type === 'error')).toEqual([]);
      bystander.heard.splice(0);
      bystander.say({ type: 'ack', payload: { seq: 1_000_000_000 } });
    }
  }
  await server.app.settle();
  expect(unhandled).toEqual([]);
  expect(server.errors).toEqual([]);
  // It was no walk past a closed door: calls were made, and every kind of refusal was met.
  expect(seen.calls.size).toBeGreaterThan(10);
  expect([...seen.codes.keys()]).toEqual(
    expect.arrayContaining([
      'BAD_MESSAGE',
      'FORBIDDEN',
      'ALREADY_REGISTERED',
      'CALL_UNAVAILABLE',
      'KEY_REUSED',
    ]),
  );
  expect(seen.codes.has('INTERNAL')).toBe(false);
  // Ben is called by the attackers and may be rung, but nobody but Ana and Ben is in their call.
  const [row] = await server.sql.query(
    "select count(*)::int as joined from call_participants where call_id = $1 and state = 'joined'",
    [callId],
  );
  expect(row).toEqual({ joined: 2 });
});

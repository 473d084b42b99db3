import { ClientMessage, type ErrorCode } from '@visavis/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf, type TestDevice } from './support/device.ts';
import { GROUP_PAYLOADS, KEY_PAYLOADS, MEDIA_PAYLOADS } from './support/groupPayloads.ts';
import { startTestServer, type TestServer } from './support/server.ts';
import { candidate, offer } from './support/signals.ts';

/** Who asks, and what they are to the call they ask about. */
const ACTORS = [
  'stranger',
  'blocked',
  'former participant',
  'invited, not joined',
  'other device of the user',
  'in another call',
  'no such call',
] as const;
type Actor = (typeof ACTORS)[number];

const media = { muted: true, camera: false, screen: false, hand: false, held: false };
const PAYLOADS = {
  report_ringing: { silent: false },
  answer_call: { media: 'video' },
  decline_call: {},
  cancel_call: {},
  end_call: { reason: 'hangup' },
  update_media: media,
  report_media: { flow: 'flowing' },
  offer,
  answer: offer,
  ice_candidate: candidate(1),
  ...KEY_PAYLOADS,
} as const;
type CallMessage = keyof typeof PAYLOADS;
const isCallMessage = (type: string): type is CallMessage => type in PAYLOADS;
/** Messages that are about no call, tried in their own ways below, and those of group calls, which have a matrix of their own. */
const OTHERS = new Set([
  'register',
  'initiate_call',
  'ack',
  'ping',
  'start_group',
  'join_by_link',
  'send_approval',
  'drop_move',
  ...Object.keys({ ...GROUP_PAYLOADS, ...MEDIA_PAYLOADS }).filter((type) => !isCallMessage(type)),
]);
const TYPES = Object.keys(PAYLOADS).filter((type) => isCallMessage(type));

let server: TestServer;
/** Everybody who was ever online in this file, to see that nobody heard anything. */
const everybody: TestDevice[] = [];
const online = async (handle: string): Promise<TestDevice> => {
  const device = await server.online(handle);
  everybody.push(device);
  return device;
};

beforeAll(async () => {
  server = await startTestServer();
  await server.addUser('stranger');
});
afterAll(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

interface Situation {
  readonly actor: TestDevice;
  readonly callId: string;
}

async function prepare(actor: Actor, state: 'ringing' | 'connected'): Promise<Situation> {
  await server.reset();
  everybody.splice(0);
  const caller = await online('ana');
  const callee = await online('ben');
  const other = await online('ben');
  const { callId } = await caller.dial(callee);
  if (state === 'connected') await callee.request('answer_call', { callId, payload: { media: 'video' } });
  switch (actor) {
    case 'stranger':
      return { actor: await online('stranger'), callId };
    case 'blocked': {
      const blocked = await online('chidi');
      await server.http(caller, 'PUT', `/api/blocks/${blocked.userId}`);
      await server.http(callee, 'PUT', `/api/blocks/${blocked.userId}`);
      return { actor: blocked, callId };
    }
    case 'former participant': {
      if (state === 'ringing') await caller.request('cancel_call', { callId });
      else await caller.request('end_call', { callId, payload: { reason: 'hangup' } });
      return { actor: caller, callId };
    }
    case 'invited, not joined':
      return { actor: state === 'ringing' ? callee : other, callId };
    case 'other device of the user': {
      // One that was no part of it: it came when the call did not ring any more, or it is the caller's second one.
      return { actor: await online('ana'), callId };
    }
    case 'in another call': {
      const dilnoza = await online('dilnoza');
      const elio = await online('elio');
      const second = await dilnoza.dial(elio);
      await elio.request('answer_call', { callId: second.callId, payload: { media: 'audio' } });
      return { actor: elio, callId };
    }
    case 'no such call':
      return { actor: caller, callId: crypto.randomUUID() };
  }
}

/** What must not change: the database, and what each device has heard. */
async function dump(except: TestDevice) {
  await server.app.settle();
  const tables = ['calls', 'call_participants', 'call_history', 'idempotency'];
  const rows = await Promise.all(
    tables.map(async (table) => server.sql.query(`select * from ${table} order by 1, 2`)),
  );
  const heard = everybody.filter((device) => device !== except).map((device) => device.heard.length);
  const live = everybody.flatMap(({ userId, deviceId }) => server.app.calls.listFor(userId, deviceId));
  return { rows, heard, live: JSON.stringify(live) };
}

/** What an invited device may do with a ringing call; everything else is refused. */
const ALLOWED_TO_INVITED = new Set(['report_ringing', 'answer_call', 'decline_call']);

function expectedCodes(
  actor: Actor,
  type: CallMessage,
  state: 'ringing' | 'connected',
): readonly ErrorCode[] {
  switch (actor) {
    case 'stranger':
    case 'blocked':
    case 'in another call':
    case 'no such call':
    case 'other device of the user':
      return ['FORBIDDEN'];
    case 'former participant':
      return ['CALL_UNAVAILABLE'];
    case 'invited, not joined':
      // Its call was taken by another device: what it could have done comes too late, the rest was never its to do.
      return state === 'connected' && ALLOWED_TO_INVITED.has(type) ? ['CALL_UNAVAILABLE'] : ['FORBIDDEN'];
  }
}

describe.each(['ringing', 'connected'] as const)('a %s call', (state) => {
  describe.each(ACTORS)('%s', (actor) => {
    const types = TYPES.filter(
      (type) => !(actor === 'invited, not joined' && state === 'ringing' && ALLOWED_TO_INVITED.has(type)),
    );
    test(`CALL1 ${actor}, ${state} call: every message is refused by code and changes nothing`, async () => {
      const situation = await prepare(actor, state);
      const before = await dump(situation.actor);
      for (const type of types) {
        const { callId } = situation;
        const heardBefore = situation.actor.heard.length;
        const answer = await situation.actor.request(type, { callId, payload: PAYLOADS[type] });
        expect(expectedCodes(actor, type, state), `${type} → ${JSON.stringify(answer)}`).toContain(
          codeOf(answer),
        );
        expect(situation.actor.heard.length).toBe(heardBefore + 1);
        expect(await dump(situation.actor), type).toEqual(before);
        server.clock.advance(100);
      }
    });
  });
});

test('CALL1 the matrix has every message of the protocol', () => {
  const all = ClientMessage.def.options.map((option) => String([...option.def.shape.type.def.values][0]));
  expect([...TYPES, ...OTHERS].toSorted()).toEqual(all.toSorted());
});

test.each(['stranger', 'chidi'])(
  'SES1 %s cannot register as a device of somebody else, nor repeat to have it',
  async (handle) => {
    await server.reset();
    const victim = await online('ana');
    const device = await server.signIn(handle);
    device.open();
    const before = await dump(device);
    const payload = {
      protocol: 1,
      deviceId: victim.deviceId,
      resume: { sessionId: victim.sessionId, lastSeq: 0 },
    };
    expect(codeOf(await device.request('register', { payload }))).toBe('FORBIDDEN');
    expect(await dump(device)).toEqual(before);
    expect(victim.closedWith).toBeNull();
  },
);

test('CALL1 initiate_call to nobody, to oneself, and with a stolen key', async () => {
  await server.reset();
  everybody.splice(0);
  const ana = await online('ana');
  const stranger = await online('stranger');
  const ben = await online('ben');
  await ana.dial(ben, 'video', 'known-key');
  const before = await dump(stranger);
  const dial = async (calleeId: string, idempotencyKey: string) =>
    codeOf(
      await stranger.request('initiate_call', { payload: { calleeId, callType: 'video', idempotencyKey } }),
    );
  expect(await dial(crypto.randomUUID(), 'a')).toBe('NOT_FOUND');
  expect(await dial(stranger.userId, 'b')).toBe('CANNOT_CALL_SELF');
  expect(await dump(stranger)).toEqual(before);
});

test("SES2 an acknowledgement of somebody else's events, of none and from the future changes nothing", async () => {
  await server.reset();
  everybody.splice(0);
  const ana = await online('ana');
  const ben = await online('ben');
  const { callId } = await ana.dial(ben);
  await ben.event('ring', callId);
  const stranger = await online('stranger');
  const before = await dump(stranger);
  for (const seq of [0, 1, 2, 1_000_000]) stranger.say({ type: 'ack', payload: { seq } });
  ben.say({ type: 'ack', payload: { seq: 1_000_000 } });
  stranger.say({ type: 'ping', payload: {} });
  expect(await dump(stranger)).toEqual(before);
  ben.cut();
  const { payload } = await ben.register({ sessionId: ben.sessionId ?? '', lastSeq: 0 });
  expect(payload.resumed).toBe(true);
  expect(ben.events('ring', callId).length).toBe(2);
});

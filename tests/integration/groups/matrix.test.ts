import { ClientMessage, toGroupCallId } from '@visavis/protocol';
import { systemRandom } from '@visavis/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf, type TestDevice } from '../support/device.ts';
import { GROUP_PAYLOADS, KEY_PAYLOADS, MEDIA_PAYLOADS } from '../support/groupPayloads.ts';
import { gather, seen, statusOf } from '../support/groups.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { makeLink } from '../support/guests.ts';

const ACTORS = [
  'stranger',
  'no such call',
  'rung',
  'in it, not its host',
  'left',
  'removed',
  'waiting',
  'former participant',
] as const;
type Actor = (typeof ACTORS)[number];
const PAYLOADS = { ...GROUP_PAYLOADS, ...KEY_PAYLOADS, ...MEDIA_PAYLOADS };
type Message = keyof typeof PAYLOADS;
const isMessage = (type: string): type is Message => type in PAYLOADS;
const TYPES = Object.keys(PAYLOADS).filter((type) => isMessage(type));
/** Messages that are about no call, or name it by a link. */
const OTHERS = [
  'register',
  'initiate_call',
  'start_group',
  'join_by_link',
  'send_approval',
  'drop_move',
  'ack',
  'ping',
];

const HOSTS = new Set<Message>(['remove_person', 'admit_person', 'lock_call', 'ask_media']);
const ANSWERS = new Set<Message>(['report_ringing', 'answer_call', 'decline_call']);
const SIGNALS = new Set<Message>(['offer', 'answer', 'ice_candidate']);

/** The code that this is refused with; null where it is allowed. */
function refusalOf(actor: Actor, type: Message): string | null {
  switch (actor) {
    case 'stranger':
    case 'no such call':
      return 'FORBIDDEN';
    case 'rung':
      return ANSWERS.has(type) || type === 'join_call' ? null : 'FORBIDDEN';
    case 'in it, not its host':
      if (HOSTS.has(type)) return 'FORBIDDEN';
      if (SIGNALS.has(type) || type === 'report_ringing' || type === 'decline_call') return 'WRONG_STATE';
      if (type === 'commit_keys' || type === 'refresh_keys') return 'KEYS_STALE';
      if (type === 'join_keys') return 'BAD_KEYS';
      if (type === 'move_call') return 'WRONG_STATE';
      return type === 'add_people' || type === 'offer_move' ? 'NOT_FOUND' : null;
    case 'left':
      return type === 'join_call' ? null : 'CALL_UNAVAILABLE';
    case 'removed':
      return type === 'join_call' ? 'FORBIDDEN' : 'CALL_UNAVAILABLE';
    case 'waiting':
      if (type === 'join_call') return 'WRONG_STATE';
      return type === 'cancel_call' || type === 'end_call' ? null : 'FORBIDDEN';
    case 'former participant':
      return 'CALL_UNAVAILABLE';
  }
}

describe('who may say what about a group call', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(async () => {
    await server.stop();
    expect(server.errors).toEqual([]);
  });

  interface Situation {
    readonly actor: TestDevice;
    readonly host: TestDevice;
    readonly callId: string;
  }
  async function prepare(actor: Actor): Promise<Situation> {
    await server.reset();
    const [host, ben, chidi] = [
      await server.online('ana'),
      await server.online('ben'),
      await server.online('chidi'),
    ];
    const { callId } = await gather(host, ben);
    const leave = { callId, payload: { reason: 'hangup' } };
    switch (actor) {
      case 'stranger':
        return { actor: chidi, host, callId };
      case 'no such call':
        return { actor: ben, host, callId: toGroupCallId(systemRandom.id()) };
      case 'rung':
        await host.request('add_people', { callId, payload: { userIds: [chidi.userId] } });
        await chidi.event('ring', callId);
        return { actor: chidi, host, callId };
      case 'in it, not its host':
        return { actor: ben, host, callId };
      case 'left':
        await ben.request('end_call', leave);
        return { actor: ben, host, callId };
      case 'removed':
        await host.request('remove_person', { callId, payload: { userId: ben.userId } });
        return { actor: ben, host, callId };
      case 'waiting': {
        const { token } = await makeLink(server, host, callId);
        await chidi.request('join_by_link', { payload: { token, media: 'video' } });
        await seen(host, callId, (call) => statusOf(call, chidi) === 'waiting');
        return { actor: chidi, host, callId };
      }
      case 'former participant':
        await host.request('end_call', leave);
        await ben.request('end_call', leave);
        return { actor: ben, host, callId };
    }
  }
  const dump = async (host: TestDevice): Promise<unknown> => {
    await server.app.settle();
    const tables = ['group_calls', 'group_call_people', 'call_history', 'calls'];
    return {
      rows: await Promise.all(
        tables.map(async (table) => server.sql.query(`select * from ${table} order by 1, 2`)),
      ),
      heard: host.heard.length,
    };
  };

  test.each(ACTORS)(
    'CALL1 GRP5 %s: what is not theirs to say is refused by code and changes nothing',
    async (who) => {
      const { actor, host, callId } = await prepare(who);
      const before = await dump(host);
      for (const type of TYPES) {
        const code = refusalOf(who, type);
        if (code === null) continue;
        const answer = await actor.request(type, { callId, payload: PAYLOADS[type] });
        expect(codeOf(answer), `${who} ${type}`).toBe(code);
        expect(await dump(host), `${who} ${type}`).toEqual(before);
        await server.pass(500);
      }
    },
  );

  test('CALL1 nothing of group calls is heard about a call between two, but that it is to grow', async () => {
    await server.reset();
    const [ana, ben] = [await server.online('ana'), await server.online('ben')];
    const { callId } = await ana.dial(ben);
    for (const type of TYPES) {
      if (ANSWERS.has(type) || SIGNALS.has(type) || type.endsWith('_call') || type.endsWith('e_media'))
        continue;
      if (type === 'report_media' || type.endsWith('_keys')) continue;
      const code = codeOf(await ana.request(type, { callId, payload: PAYLOADS[type] }));
      expect(code, type).toBe(type === 'add_people' || type === 'offer_move' ? 'WRONG_STATE' : 'FORBIDDEN');
      await server.pass(500);
    }
  });

  test('CALL1 the matrix has every message of the protocol', () => {
    const all = ClientMessage.def.options.map((option) => String([...option.def.shape.type.def.values][0]));
    expect([...TYPES, ...OTHERS].toSorted()).toEqual(all.toSorted());
  });
});

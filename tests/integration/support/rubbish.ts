import { GROUP_PAYLOADS, MEDIA_PAYLOADS } from './groupPayloads.ts';
import type { SeededRandom } from './random.ts';
import { candidate, offer } from './signals.ts';

export interface Names {
  readonly userIds: readonly string[];
  readonly callIds: readonly string[];
  readonly deviceIds: readonly string[];
  readonly sessionIds: readonly string[];
}

const GROUP_REQUESTS: readonly (readonly [string, Json])[] = Object.entries({
  ...GROUP_PAYLOADS,
  ...MEDIA_PAYLOADS,
});

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** One frame: valid, nearly valid, random JSON or random characters. */
export function makeFrame(random: SeededRandom, names: Names): string {
  const kind = random.int(10);
  if (kind < 2) return JSON.stringify(makeMessage(random, names));
  if (kind < 6) return JSON.stringify(mutate(random, makeMessage(random, names), names));
  if (kind < 8) return JSON.stringify(makeJson(random, 4));
  if (kind === 8) return damage(random, JSON.stringify(makeMessage(random, names)));
  return makeText(random, random.int(300));
}

function makeMessage(random: SeededRandom, names: Names): { readonly [key: string]: Json } {
  const id = random.pick(['a', 'b', 'c', `r${String(random.int(1_000_000))}`]);
  const callId = random.pick([...names.callIds, random.pick(names.userIds), makeUuid(random)]);
  const request = (type: string, payload: Json) => ({ type, id, callId, payload });
  const media = { muted: true, camera: random.int(2) === 0, screen: false, hand: false, held: false };
  return random.pick([
    () => ({
      type: 'register',
      id,
      payload: {
        protocol: random.pick([1, 0, 2]),
        deviceId: random.pick(names.deviceIds),
        resume: random.pick([null, { sessionId: random.pick(names.sessionIds), lastSeq: random.int(10) }]),
      },
    }),
    () => ({
      type: 'initiate_call',
      id,
      payload: {
        idempotencyKey: random.pick(['k', `k${String(random.int(1_000))}`]),
        calleeId: random.pick(names.userIds),
        callType: random.pick(['video', 'audio']),
      },
    }),
    () => request('report_ringing', { silent: random.int(2) === 0 }),
    () => request('answer_call', { media: random.pick(['video', 'audio']) }),
    () => request('decline_call', {}),
    () => request('cancel_call', {}),
    () => request('end_call', { reason: random.pick(['hangup', 'media_failed']) }),
    () => request('update_media', media),
    () => request('report_media', { flow: random.pick(['connecting', 'flowing', 'lost']) }),
    () => request('offer', { ...offer }),
    () => request('answer', { ...offer }),
    () => request('ice_candidate', { ...candidate(random.int(1_000)) }),
    () => request(...random.pick(GROUP_REQUESTS)),
    () => ({
      type: 'start_group',
      id,
      payload: {
        idempotencyKey: random.pick(['k', `k${String(random.int(1_000))}`]),
        userIds: [random.pick(names.userIds), random.pick(names.userIds)],
        callType: random.pick(['video', 'audio']),
        savedGroupId: null,
      },
    }),
    () => ({ type: 'ack', payload: { seq: random.int(1_000) } }),
    () => ({ type: 'ping', payload: {} }),
  ])();
}

const isArray = (value: Json): value is readonly Json[] => Array.isArray(value);

/** Changes, removes or adds something somewhere. */
function mutate(random: SeededRandom, value: Json, names: Names): Json {
  if (typeof value !== 'object' || value === null || random.int(8) === 0) return makeOdd(random, names);
  if (isArray(value)) return [...value, makeOdd(random, names)];
  const entries = Object.entries(value);
  const [key] = entries.length === 0 ? ['x'] : random.pick(entries);
  switch (random.int(4)) {
    case 0:
      return Object.fromEntries(entries.filter(([name]) => name !== key));
    case 1:
      return { ...Object.fromEntries(entries), [random.pick(ODD_KEYS)]: makeOdd(random, names) };
    default:
      return Object.fromEntries(
        entries.map(([name, each]) => [name, name === key ? mutate(random, each, names) : each]),
      );
  }
}

const ODD_KEYS = [
  '__proto__',
  'constructor',
  'type',
  'id',
  'callId',
  'payload',
  'seq',
  'toString',
  '',
] as const;
const ODD_TEXTS = [
  '',
  '\0',
  '\uD800',
  "'; drop table calls; --",
  'register',
  'x'.repeat(2_000),
  '../../etc',
] as const;

function makeOdd(random: SeededRandom, names: Names): Json {
  return random.pick([
    () => null,
    () => true,
    () => random.pick([0, -1, 1.5, 1e308, -0, 2 ** 53, random.int(10_000)]),
    () => random.pick(ODD_TEXTS),
    () => random.pick(names.userIds),
    () => random.pick([...names.callIds, '']),
    () => makeJson(random, 2),
  ])();
}

function makeJson(random: SeededRandom, depth: number): Json {
  const kind = random.int(depth > 0 ? 7 : 5);
  if (kind === 5) return Array.from({ length: random.int(5) }, () => makeJson(random, depth - 1));
  if (kind === 6) {
    return Object.fromEntries(
      Array.from({ length: random.int(5) }, () => [
        random.pick([...ODD_KEYS, makeText(random, 5)]),
        makeJson(random, depth - 1),
      ]),
    );
  }
  return random.pick([
    null,
    false,
    random.int(100),
    makeText(random, random.int(20)),
    random.pick(ODD_TEXTS),
  ]);
}

function damage(random: SeededRandom, text: string): string {
  const at = random.int(text.length);
  return random.pick([
    text.slice(0, at),
    text.slice(0, at) + makeText(random, 3) + text.slice(at),
    text.slice(0, at) + text.slice(at + 1),
    text.repeat(2),
  ]);
}

const makeText = (random: SeededRandom, length: number): string =>
  Array.from({ length }, () => String.fromCharCode(random.int(random.pick([128, 128, 65_536])))).join('');

const makeUuid = (random: SeededRandom): string => {
  const hex = Array.from({ length: 32 }, () => random.int(16).toString(16)).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
};

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  blameOf,
  ClientMessage,
  CLOSE,
  decodeClientMessage,
  decodeServerMessage,
  describeError,
  ErrorCode,
  LIMITS,
  ServerMessage,
} from '../src/index.ts';
import { CLIENT_MESSAGES, LONG, SERVER_MESSAGES } from './arbitraries.ts';

const RUNS = { numRuns: 60 };
const clientCases = Object.entries(CLIENT_MESSAGES);
const serverCases = Object.entries(SERVER_MESSAGES);

/** Values that belong nowhere, or nowhere as they are. */
const WRONG: readonly unknown[] = [
  undefined,
  null,
  0,
  -1,
  1.5,
  Infinity,
  '',
  LONG,
  true,
  [],
  {},
  [{}],
  { a: 1 },
  '\u0000',
];

interface Variation {
  readonly what: string;
  readonly value: unknown;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The same value with one thing missing, one too many, or one replaced, at every depth. */
function* vary(value: unknown, path = ''): Generator<Variation> {
  if (!isObject(value)) return;
  yield { what: `${path} with one more`, value: { ...value, surplus: 1 } };
  for (const [key, inner] of Object.entries(value)) {
    const { [key]: _left, ...without } = value;
    yield { what: `${path}.${key} missing`, value: without };
    for (const wrong of WRONG)
      yield { what: `${path}.${key} = ${typeof wrong}`, value: { ...value, [key]: wrong } };
    for (const { what, value: changed } of vary(inner, `${path}.${key}`))
      yield { what, value: { ...value, [key]: changed } };
  }
}

describe('what the protocol allows', () => {
  it.each(clientCases)('a client message %s comes through as it is', (_type, messages) => {
    fc.assert(
      fc.property<[unknown]>(messages, (message) => {
        expect(decodeClientMessage(JSON.stringify(message))).toEqual({ ok: true, message });
      }),
      RUNS,
    );
  });

  it.each(serverCases)('a server message %s comes through as it is', (_type, messages) => {
    fc.assert(
      fc.property<[unknown]>(messages, (message) => {
        expect(decodeServerMessage(JSON.stringify(message))).toEqual({ ok: true, message });
      }),
      RUNS,
    );
  });

  it('no type is left out here', () => {
    expect(Object.keys(CLIENT_MESSAGES)).toHaveLength(ClientMessage.def.options.length);
    expect(Object.keys(SERVER_MESSAGES)).toHaveLength(ServerMessage.def.options.length);
  });
});

describe('what it refuses', () => {
  it.each(clientCases)(
    'every malformed variation of %s is refused, or is valid by itself',
    (_type, messages) => {
      const [message] = fc.sample<unknown>(messages, { numRuns: 1, seed: 1 });
      let refused = 0;
      for (const { what, value } of vary(message)) {
        const text = JSON.stringify(value);
        const decoded = decodeClientMessage(text);
        if (decoded.ok) {
          // What was let in is exactly what was said: nothing added, dropped or made to fit.
          expect(decoded.message, what).toEqual(JSON.parse(text));
          continue;
        }
        refused += 1;
        expect(decoded.code, what).toMatch(/^(BAD_MESSAGE|TOO_LARGE)$/);
        expect(decoded.detail.length).toBeLessThanOrEqual(200);
      }
      expect(refused).toBeGreaterThan(10);
    },
  );

  it.each(clientCases)('%s with one more or one fewer at its top is refused', (_type, messages) => {
    const [message] = fc.sample<unknown>(messages, { numRuns: 1, seed: 2 });
    if (!isObject(message)) throw new Error('no message');
    expect(decodeClientMessage(JSON.stringify({ ...message, surplus: 1 })).ok).toBe(false);
    for (const key of Object.keys(message)) {
      const { [key]: _left, ...without } = message;
      expect(decodeClientMessage(JSON.stringify(without)).ok, key).toBe(false);
    }
  });

  it('a refusal says which request it is about, where that can be read', () => {
    expect(decodeClientMessage('{"type":"ring_all","id":"r1","payload":{}}')).toMatchObject({
      ok: false,
      id: 'r1',
    });
    expect(decodeClientMessage(`{"type":"ring_all","id":"${'x'.repeat(65)}"}`)).not.toHaveProperty('id');
    expect(decodeClientMessage('{"type":"ring_all","id":7}')).not.toHaveProperty('id');
  });

  it.each([
    '',
    ' ',
    'null',
    '[]',
    '{',
    '"x"',
    '0',
    'NaN',
    '{"type":"__proto__"}',
    '{"type":"toString"}',
    '\u0000',
  ])('the frame %j is refused', (text) => {
    expect(decodeClientMessage(text)).toMatchObject({ ok: false, code: 'BAD_MESSAGE' });
    expect(decodeServerMessage(text)).toMatchObject({ ok: false, code: 'BAD_MESSAGE' });
  });

  it('a frame is measured before it is read', () => {
    const ping = '{"type":"ping","payload":{}}';
    const padded = ping.padEnd(LIMITS.messageBytes, ' ');
    expect(decodeClientMessage(padded).ok).toBe(true);
    expect(decodeClientMessage(`${padded} `)).toMatchObject({ ok: false, code: 'TOO_LARGE' });
    expect(decodeClientMessage('['.repeat(LIMITS.messageBytes + 1))).toMatchObject({ code: 'TOO_LARGE' });
  });

  it('deep nesting and inherited names do no harm', () => {
    const half = LIMITS.messageBytes / 2;
    expect(decodeClientMessage('['.repeat(half) + ']'.repeat(half)).ok).toBe(false);
    expect(decodeClientMessage('{"a":'.repeat(9_000) + '1' + '}'.repeat(9_000)).ok).toBe(false);
    expect(decodeClientMessage('{"type":"ping","payload":{"__proto__":{"admin":true}}}').ok).toBe(false);
    expect(({} as { readonly admin?: unknown }).admin).toBeUndefined();
  });

  it('10,000 random JSON values are read without an exception', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (text) => {
        expect(typeof decodeClientMessage(text).ok).toBe('boolean');
        expect(typeof decodeServerMessage(text).ok).toBe('boolean');
      }),
      { numRuns: 10_000 },
    );
  });

  it('10,000 random texts, and messages with random bodies, too', () => {
    const types = fc.constantFrom(...Object.keys(CLIENT_MESSAGES));
    const bodies = fc.record({
      type: types,
      id: fc.jsonValue(),
      callId: fc.jsonValue(),
      payload: fc.jsonValue(),
    });
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), bodies, (text, body) => {
        expect(typeof decodeClientMessage(text).ok).toBe('boolean');
        expect(typeof decodeClientMessage(JSON.stringify(body)).ok).toBe('boolean');
      }),
      { numRuns: 10_000 },
    );
  });
});

describe('errors', () => {
  it.each(ErrorCode.options)('%s says in plain words what is wrong, and whose business it is', (code) => {
    expect(describeError(code)).toMatch(/^[A-Z].{10,}\.$/);
    expect(['sender', 'state', 'server']).toContain(blameOf(code));
  });

  it('close codes are all different', () => {
    const codes = Object.values(CLOSE);
    expect(new Set(codes).size).toBe(codes.length);
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { ClientMessage } from '../src/clientMessages.ts';
import { compile } from '../src/compile.ts';
import { CLIENT_MESSAGES } from './arbitraries.ts';

const accepts = compile(ClientMessage);
const anyMessage = fc.oneof(...Object.values(CLIENT_MESSAGES));

/** Somewhere inside, something is missing, added or of another kind. */
const damaged = fc
  .tuple(anyMessage, fc.nat(), fc.constantFrom('remove', 'add', 'replace'), fc.jsonValue())
  .map(([message, place, how, value]) => {
    const copy: unknown = JSON.parse(JSON.stringify(message));
    const objects = collectObjects(copy);
    const target = objects[place % objects.length];
    if (target === undefined) return copy;
    const keys = Object.keys(target);
    const key = keys[place % Math.max(1, keys.length)] ?? 'type';
    if (how === 'remove') Reflect.deleteProperty(target, key);
    else if (how === 'add') target[place % 2 === 0 ? 'extra' : '__proto__x'] = value;
    else target[key] = value;
    return copy;
  });

function collectObjects(value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return [];
  const record = value as Record<string, unknown>;
  return [record, ...Object.values(record).flatMap(collectObjects)];
}

/** They hold lists, or texts that are trimmed, and come seldom. */
const LEFT_TO_THE_SCHEMA = new Set([
  'start_group',
  'add_people',
  'send_chat',
  'open_media',
  'connect_media',
  'publish_track',
  'receive_tracks',
  'prefer_tracks',
]);
const QUICK = Object.entries(CLIENT_MESSAGES).filter(([type]) => !LEFT_TO_THE_SCHEMA.has(type));

describe('the quick check of messages', () => {
  it.each(QUICK)('accepts every valid %s itself', (_type, arbitrary) => {
    fc.assert(
      fc.property(arbitrary as fc.Arbitrary<unknown>, (message) => {
        expect(accepts(message)).toBe(true);
      }),
    );
  });

  it('accepts nothing that the schema refuses or changes', () => {
    fc.assert(
      fc.property(fc.oneof(damaged, fc.jsonValue()), (value) => {
        if (!accepts(value)) return;
        expect(ClientMessage.safeParse(value)).toEqual({ success: true, data: value });
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ['an own __proto__', '{"type":"ping","payload":{"__proto__":1}}'],
    ['an own __proto__ instead of a field', '{"type":"ack","payload":{"__proto__":{"seq":1}}}'],
    ['a number that is no integer', '{"type":"ack","payload":{"seq":1.5}}'],
    ['a negative number', '{"type":"ack","payload":{"seq":-1}}'],
    ['a number beyond the integers', '{"type":"ack","payload":{"seq":9007199254740993}}'],
    ['an array', '["ping"]'],
    ['a type of every object', '{"type":"toString","payload":{}}'],
  ])('does not accept %s', (_what, text) => {
    const value: unknown = JSON.parse(text);
    expect(accepts(value)).toBe(false);
    expect(ClientMessage.safeParse(value).success).toBe(false);
  });

  it('leaves what it does not know to the schema', () => {
    expect(compile(z.strictObject({ a: z.array(z.string()) }))({ a: ['x'] })).toBe(false);
    expect(compile(z.object({ a: z.string() }))({ a: 'x' })).toBe(false);
    expect(compile(z.string().check(z.trim()))('x')).toBe(false);
    expect(compile(z.number())(1)).toBe(false);
  });
});

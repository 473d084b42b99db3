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
    // A list has no names and no gaps once it has come as JSON.
    return JSON.parse(JSON.stringify(copy)) as unknown;
  });

function collectObjects(value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return [];
  const record = value as Record<string, unknown>;
  return [record, ...Object.values(record).flatMap(collectObjects)];
}

/** They hold names and values of any codec, and come seldom. */
const LEFT_TO_THE_SCHEMA = new Set(['open_media', 'publish_track']);
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
    ['an array instead of nothing', '{"type":"ping","payload":[]}'],
    ['a type of every object', '{"type":"toString","payload":{}}'],
  ])('does not accept %s', (_what, text) => {
    const value: unknown = JSON.parse(text);
    expect(accepts(value)).toBe(false);
    expect(ClientMessage.safeParse(value).success).toBe(false);
  });

  describe('of arrays', () => {
    const schema = z.strictObject({
      list: z
        .array(z.strictObject({ id: z.string().check(z.minLength(2)) }))
        .check(z.minLength(1), z.maxLength(3)),
    });
    const quick = compile(schema);
    const one = { id: 'ab' };

    it.each([
      ['as many as may be', [one, one, one], true],
      ['as few as may be', [one], true],
      ['none', [], false],
      ['one too many', [one, one, one, one], false],
      ['a bad one at the end', [one, { id: 'a' }], false],
      ['one with more in it', [{ ...one, more: 1 }], false],
      ['one that is an array', [[one]], false],
      ['a missing one', [one, null], false],
      ['a place without one', Array.from<unknown>({ length: 2 }), false],
      ['something that looks like one', { 0: one, length: 1 }, false],
      ['a text', 'ab', false],
      ['nothing', undefined, false],
    ])('accepts %s as the schema does', (_what, list, isAccepted) => {
      expect(quick({ list })).toBe(isAccepted);
      expect(schema.safeParse({ list }).success).toBe(isAccepted);
    });

    it('accepts and refuses the same lists as the schema', () => {
      const element = fc.oneof(
        { weight: 5, arbitrary: fc.record({ id: fc.string({ maxLength: 3 }) }) },
        fc.jsonValue(),
      );
      fc.assert(
        fc.property(fc.array(element, { maxLength: 5 }), (list) => {
          expect(quick({ list })).toBe(schema.safeParse({ list }).success);
        }),
        { numRuns: 2_000 },
      );
    });

    it('takes the limits of the messages', () => {
      const id = '0f8fad5b-d9cb-469f-a165-70867728950e';
      const add = (count: number) => ({
        type: 'add_people',
        id: 'k',
        callId: id,
        payload: { userIds: Array.from({ length: count }, () => id) },
      });
      for (const count of [0, 1, 31, 32, 1_000]) {
        expect(accepts(add(count)), String(count)).toBe(count <= 31);
        expect(ClientMessage.safeParse(add(count)).success, String(count)).toBe(count <= 31);
      }
    });
  });

  it('leaves what it does not know to the schema', () => {
    expect(compile(z.array(z.number()))([1])).toBe(false);
    expect(compile(z.array(z.string()).check(z.refine(() => true)))(['x'])).toBe(false);
    expect(compile(z.array(z.string()).check(z.length(1)))(['x'])).toBe(false);
    expect(compile(z.object({ a: z.string() }))({ a: 'x' })).toBe(false);
    expect(compile(z.string().check(z.trim()))('x')).toBe(false);
    expect(compile(z.number())(1)).toBe(false);
  });
});

import { expect, test } from 'vitest';
import { EVENT_MARK, readEventMessage } from '../src/adapters/redis/eventMessage.ts';

test.each([
  ['a text', 'event s 7 {"type":"ring"}', { sessionId: 's', seq: 7, text: '{"type":"ring"}' }],
  ['a text with spaces', 'event s 7 a b  c ', { sessionId: 's', seq: 7, text: 'a b  c ' }],
  [
    'a text that looks like an event',
    'event s 1 event t 2 x',
    { sessionId: 's', seq: 1, text: 'event t 2 x' },
  ],
  ['no text', 'event s 7 ', { sessionId: 's', seq: 7, text: '' }],
  [
    'the greatest number',
    `event s ${String(Number.MAX_SAFE_INTEGER)} x`,
    { sessionId: 's', seq: Number.MAX_SAFE_INTEGER, text: 'x' },
  ],
])('SES2 the message of an event is read as it was written: %s', (_what, message, event) => {
  expect(readEventMessage(message)).toEqual(event);
});

test.each([
  ['nothing', ''],
  ['a message of another form', '{"kind":"notice","text":"event s 7 x"}'],
  ['the mark alone', EVENT_MARK],
  ['no number and no text', 'event s'],
  ['no text and no space for it', 'event s 7'],
  ['a number that is none', 'event s seven x'],
  ['a broken number', 'event s 7.5 x'],
  ['a number beyond the integers', 'event s 9007199254740993 x'],
  ['an endless number', 'event s Infinity x'],
  ['another mark', 'events s 7 x'],
])('what is no event is none: %s', (_what, message) => {
  expect(readEventMessage(message)).toBeNull();
});

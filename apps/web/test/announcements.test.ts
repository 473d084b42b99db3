import { expect, test } from 'vitest';
import type { CallView } from '../src/model/model.ts';
import { announcementsFor } from '../src/screens/effects/announcements.ts';
import { call, connected, ended, rings } from './calls.ts';

const say = (before: readonly CallView[], after: readonly CallView[]): readonly string[] =>
  announcementsFor(before, after).map(({ text }) => text);

test('a call that comes in is said at once, once', () => {
  const incoming = call('a', rings, { direction: 'incoming' });
  expect(announcementsFor([], [incoming])).toEqual([
    { text: 'Incoming video call from Ben Whitaker', urgent: true },
  ]);
  expect(say([incoming], [{ ...incoming }])).toEqual([]);
});

test('being connected and being back are different news', () => {
  const connecting = call('a', { name: 'connecting', connectedAt: null });
  const lost = call('a', { name: 'reconnecting', connectedAt: 1_000, sinceAt: 2_000 });
  expect(say([connecting], [call('a', connected)])).toEqual(['Connected to Ben Whitaker']);
  expect(say([call('a', connected)], [lost])).toEqual(['Connection lost. Reconnecting…']);
  expect(say([lost], [call('a', connected)])).toEqual(['Connection is back']);
});

test('the other side: muted, camera off, on hold', () => {
  const before = call('a', connected);
  const other = (change: Partial<CallView['remote']>): CallView =>
    call('a', connected, { remote: { ...before.remote, ...change } });
  expect(say([before], [other({ muted: true })])).toEqual(['Ben Whitaker muted']);
  expect(say([other({ muted: true })], [before])).toEqual(['Ben Whitaker unmuted']);
  expect(say([before], [other({ camera: false })])).toEqual(['Ben Whitaker’s camera is off']);
  expect(say([before], [other({ held: true, camera: false, muted: true })])).toEqual([
    'Ben Whitaker put you on hold',
  ]);
});

test('levels, and what the other side sets up before the two are connected, are no news', () => {
  const before = call('a', connected);
  expect(say([before], [{ ...before, levels: { local: 1, remote: 0.5 } }])).toEqual([]);
  const connecting = call('a', { name: 'connecting', connectedAt: null });
  const muted = { ...connecting, remote: { ...connecting.remote, muted: true } };
  expect(say([connecting], [muted])).toEqual([]);
});

test('the end says why and how long', () => {
  expect(say([call('a', connected)], [call('a', ended('hangup', 185_000))])).toEqual([
    'Call ended. You talked for 3 minutes 5 seconds.',
  ]);
  expect(say([call('a', connected)], [call('a', ended('no_answer', null))])).toEqual([
    'No answer. Ben didn’t pick up. You can try again later.',
  ]);
});

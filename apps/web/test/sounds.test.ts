import { expect, test } from 'vitest';
import { soundsOf } from '../src/screens/call/sounds.ts';
import { call, connected } from './calls.ts';
import { stream } from './fakeStream.ts';
import { group, tile } from './groups.ts';

test('the other one of a call between two is as loud as this person wants', () => {
  const view = call('a', connected);
  const remote = { ...view.remote, voice: stream('ben'), volume: 0.3 };
  expect(soundsOf({ ...view, remote })).toMatchObject([
    { stream: { name: 'ben' }, volume: 0.3, muted: false },
  ]);
});

test('CALL5 everybody is heard from all of their devices, each by the volume of the person', () => {
  const ben = tile('ben', {
    voice: stream('phone'),
    otherSounds: [{ deviceId: 'laptop', stream: stream('laptop') }],
    volume: 0.5,
    mutedForMe: true,
  });
  const shared = { id: 'shared', userId: 'ben', name: 'ben', stream: stream('screen'), isMe: false };
  const view = call('a', connected, {
    group: group({ tiles: [ben, tile('cleo', { voice: stream('cleo') })], screens: [shared] }),
  });
  const ofBen = { name: 'ben', volume: 0.5, muted: true };
  expect(soundsOf(view)).toEqual([
    { id: 'ben', stream: { name: 'phone' }, ...ofBen },
    { id: 'cleo', name: 'cleo', stream: { name: 'cleo' }, volume: 1, muted: false },
    { id: 'ben laptop', stream: { name: 'laptop' }, ...ofBen },
    { id: 'shared', stream: { name: 'screen' }, ...ofBen },
  ]);
});

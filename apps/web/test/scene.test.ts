import { expect, test } from 'vitest';
import { sameScene, sceneOf } from '../src/screens/call/scene.ts';
import { call, connected, ended, held, rings } from './calls.ts';

const EMPTY = { stage: null, ringing: null, banners: [], held: [], cards: [] };

test('a call that comes in takes the window', () => {
  expect(sceneOf([call('a', rings)])).toEqual({ ...EMPTY, ringing: 'a' });
});

test('silently it only shows itself', () => {
  expect(sceneOf([call('a', { name: 'incoming', silent: true, waiting: false })])).toEqual({
    ...EMPTY,
    banners: ['a'],
  });
});

test('a second caller leaves the stage to the call that goes on', () => {
  const waiting = call('b', { name: 'incoming', silent: false, waiting: true });
  expect(sceneOf([call('a', connected), waiting])).toEqual({ ...EMPTY, stage: 'a', banners: ['b'] });
});

test('of two calls the one that is not held has the stage, whichever is older', () => {
  const expected = { ...EMPTY, stage: 'b', held: ['a'] };
  expect(sceneOf([call('a', held), call('b', connected)])).toEqual(expected);
  expect(sceneOf([call('b', connected), call('a', held)])).toEqual(expected);
});

test('with all on hold the newest has the stage', () => {
  expect(sceneOf([call('a', held), call('b', held)])).toEqual({ ...EMPTY, stage: 'b', held: ['a'] });
});

test('the summary of a call stays on the stage until something else wants it', () => {
  const over = call('a', ended('hangup', 5_000));
  expect(sceneOf([over])).toEqual({ ...EMPTY, stage: 'a' });
  expect(sceneOf([over, call('b', rings)])).toEqual({ ...EMPTY, ringing: 'b' });
  expect(sceneOf([over, call('b', connected)])).toEqual({ ...EMPTY, stage: 'b' });
});

test('what only rang here becomes a card', () => {
  const missed = call('a', ended('cancelled', null), { direction: 'incoming' });
  expect(sceneOf([missed])).toEqual({ ...EMPTY, cards: ['a'] });
  expect(sceneOf([missed, call('b', connected)])).toEqual({ ...EMPTY, stage: 'b', cards: ['a'] });
});

test('an outgoing call that was not answered has its summary on the stage', () => {
  expect(sceneOf([call('a', ended('no_answer', null))])).toEqual({ ...EMPTY, stage: 'a' });
});

test('scenes with the same keys are the same scene', () => {
  const quiet = call('a', connected);
  const loud = call('a', connected, { levels: { local: 1, remote: 1 } });
  expect(sameScene(sceneOf([quiet]), sceneOf([loud]))).toBe(true);
  expect(sameScene(sceneOf([quiet]), sceneOf([]))).toBe(false);
});

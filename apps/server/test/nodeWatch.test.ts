import { expect, test } from 'vitest';
import { SILENT_MS } from '../src/groups/chooseMediaNode.ts';
import { createNodeWatch } from '../src/groups/nodeWatch.ts';
import type { KnownMediaNode } from '../src/mediaNodes.ts';

const node = (nodeId: string, silentMs = 0): KnownMediaNode => ({
  nodeId,
  region: null,
  load: 0,
  isDraining: false,
  hasPipes: true,
  silentMs,
});
const LONG = 60_000;

test('MED6 a node that shares calls is gone 2 s after it fell silent or said goodbye, and nobody else is', () => {
  const watch = createNodeWatch();
  const shared = ['quiet', 'goes', 'stays'];
  const all = [node('quiet'), node('goes'), node('stays'), node('stranger')];
  expect(watch.look(shared, all, 0, LONG)).toEqual([]);
  const after = (ms: number) => [node('quiet', ms), node('stays'), node('stranger', ms)];
  expect(watch.look(shared, after(SILENT_MS - 1), SILENT_MS - 1, LONG)).toEqual([]);
  expect(watch.look(shared, after(SILENT_MS), SILENT_MS, LONG)).toEqual(['quiet', 'goes']);
});

test('MED6 when the list is emptied for a moment nobody is gone', () => {
  const watch = createNodeWatch();
  expect(watch.look(['one'], [node('one')], 0, LONG)).toEqual([]);
  expect(watch.look(['one'], [], 500, LONG)).toEqual([]);
  expect(watch.look(['one'], [node('one')], 1_500, LONG)).toEqual([]);
  expect(watch.look(['one'], [], 3_000, LONG)).toEqual([]);
  expect(watch.look(['one'], [], 1_500 + SILENT_MS, LONG)).toEqual(['one']);
});

test('MED5 MED6 a node that has stood still itself judges nobody', () => {
  const watch = createNodeWatch();
  expect(watch.look(['one'], [node('one')], 0, LONG)).toEqual([]);
  expect(watch.look(['one'], [node('one', 9_000)], 9_000, 0)).toEqual([]);
  expect(watch.look(['one'], [node('one', 10_000)], 10_000, 1_000)).toEqual([]);
  expect(watch.look(['one'], [node('one', 11_000)], 11_000, 2_000)).toEqual(['one']);
});

import { describe, expect, test } from 'vitest';
import {
  chooseMediaNode,
  choosePart,
  listLost,
  SILENT_MS,
  takesCalls,
} from '../src/groups/chooseMediaNode.ts';
import type { KnownMediaNode } from '../src/mediaNodes.ts';

const node = (nodeId: string, more: Partial<KnownMediaNode> = {}): KnownMediaNode => ({
  nodeId,
  region: null,
  load: 0,
  isDraining: false,
  hasPipes: false,
  silentMs: 0,
  ...more,
});
const choose = (nodes: readonly KnownMediaNode[], region: string | null = null, ownId = 'own') =>
  chooseMediaNode(nodes, { ownId, region });

describe('where the media of a call go', () => {
  test('MED2 nowhere, where there is no node', () => {
    expect(choose([])).toBeNull();
  });

  test('MED2 to the least loaded', () => {
    expect(choose([node('a', { load: 0.5 }), node('b', { load: 0.2 }), node('c', { load: 0.9 })])).toBe('b');
  });

  test('MED2 into the own region before that, as long as there is room', () => {
    const here = (load: number) => node('here', { region: 'eu', load });
    const there = (load: number) => node('there', { region: 'us', load });
    expect(choose([there(0), here(0.9)], 'eu')).toBe('here');
    expect(choose([there(0), here(1)], 'eu')).toBe('there');
    expect(choose([there(1), here(1.2)], 'eu')).toBe('here');
    expect(choose([node('nowhere', { load: 0.3 }), here(0)])).toBe('nowhere');
  });

  test('MED2 elsewhere, where the own region has none', () => {
    expect(
      choose([node('a', { region: 'us', load: 0.5 }), node('b', { region: 'asia', load: 0.4 })], 'eu'),
    ).toBe('b');
  });

  test('MED2 among equals to the node that chooses, and else always to the same', () => {
    const all = [node('c'), node('a'), node('b')];
    expect(choose(all, null, 'b')).toBe('b');
    expect(choose(all)).toBe('a');
    expect(choose([node('b'), node('a'), node('c')])).toBe('a');
    expect(choose([node('own', { load: 0.1 }), node('z')])).toBe('z');
  });

  test('MED2 never to whoever loses them', () => {
    const nodes = [node('a'), node('b', { load: 3 })];
    expect(chooseMediaNode(nodes, { ownId: 'a', region: null, except: 'a' })).toBe('b');
    expect(chooseMediaNode([node('a')], { ownId: 'a', region: null, except: 'a' })).toBeNull();
  });

  test('MED1 never to a node that is silent', () => {
    expect(choose([node('a', { silentMs: SILENT_MS }), node('b', { load: 5 })])).toBe('b');
    expect(takesCalls(node('a', { silentMs: SILENT_MS - 1 }))).toBe(true);
  });

  test('MED4 never to a node that is about to stop', () => {
    expect(choose([node('a', { isDraining: true, region: 'eu' })], 'eu')).toBeNull();
  });
});

describe('which nodes are gone', () => {
  const nodes = [node('a', { silentMs: SILENT_MS }), node('b', { silentMs: SILENT_MS - 1 })];

  test('MED5 those that have been silent', () => {
    expect(listLost(nodes, SILENT_MS).map(({ nodeId }) => nodeId)).toEqual(['a']);
  });

  test('MED5 none, where this node has not looked for as long', () => {
    expect(listLost(nodes, SILENT_MS - 1)).toEqual([]);
  });
});

const shares = (nodeId: string, more: Partial<KnownMediaNode> = {}) =>
  node(nodeId, { hasPipes: true, ...more });
const at = (
  nodes: readonly KnownMediaNode[],
  region: string | null,
  { parts = [], except = [] }: { parts?: readonly string[]; except?: readonly string[] } = {},
) => choosePart(nodes, { homeId: 'home', region, parts: new Set(parts), except: new Set(except) });

describe('at which node the media of one device are', () => {
  const home = shares('home', { region: 'eu' });

  test('MED6 at the home of the call, where it is in the region of the device or nobody says where anything is', () => {
    expect(at([home, shares('idle', { region: 'eu' })], 'eu')).toBe('home');
    expect(at([shares('home', { load: 0.9 }), shares('idle')], null)).toBe('home');
    expect(at([home, shares('there', { region: 'us' })], 'asia')).toBe('home');
  });

  test('MED6 at a node in the region of the device, at that which has a part of the call before one with less load', () => {
    const there = [shares('a', { region: 'us', load: 0.5 }), shares('b', { region: 'us', load: 0.2 })];
    expect(at([home, ...there], 'us')).toBe('b');
    expect(at([home, ...there], 'us', { parts: ['a'] })).toBe('a');
    expect(at([home, ...there], 'us', { parts: ['a'], except: ['a'] })).toBe('b');
  });

  test('MED6 at another node of the region when the home is full, and at the home when all are', () => {
    const full = shares('home', { region: 'eu', load: 1 });
    expect(at([full, shares('next', { region: 'eu' })], 'eu')).toBe('next');
    expect(at([full, shares('next', { region: 'eu', load: 1 })], 'eu')).toBe('home');
    expect(at([full, shares('there', { region: 'us' })], 'eu')).toBe('home');
  });

  test('MED6 not at a node that is silent, about to stop or full, nor one that cannot share, nor beside a home that cannot', () => {
    const bad = [
      shares('silent', { region: 'us', silentMs: SILENT_MS }),
      shares('stopping', { region: 'us', isDraining: true }),
      shares('full', { region: 'us', load: 1 }),
      node('alone', { region: 'us' }),
    ];
    expect(at([home, ...bad], 'us')).toBe('home');
    const good = shares('good', { region: 'us' });
    expect(at([home, good], 'us')).toBe('good');
    expect(at([node('home', { region: 'eu' }), good], 'us')).toBe('home');
    // Nothing is known of it: everybody may have been forgotten.
    expect(at([good], 'us')).toBe('home');
  });
});

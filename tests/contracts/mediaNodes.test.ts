import type { MediaNode, MediaNodes } from '@visavis/server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../harness/until.ts';
import { mediaNodesAdapters } from './adapters.ts';

const ONE: MediaNode = { nodeId: 'one', region: 'eu west', load: 0.25, isDraining: false, hasPipes: true };
const OTHER: MediaNode = { nodeId: 'other', region: null, load: 1.5, isDraining: false, hasPipes: false };

describe.each(mediaNodesAdapters)('media nodes: $name', (adapter) => {
  let opened: Awaited<ReturnType<typeof adapter.open>>;
  let nodes: MediaNodes;
  beforeEach(async () => {
    opened = await adapter.open();
    nodes = opened.port;
  });
  afterEach(async () => {
    await opened.close();
  });

  const list = async () =>
    (await nodes.list())
      .toSorted((a, b) => (a.nodeId < b.nodeId ? -1 : 1))
      .map(({ silentMs: _silentMs, ...node }) => node);

  test('MED1 each is listed as it said last', async () => {
    expect(await nodes.list()).toEqual([]);
    await nodes.announce(OTHER);
    await nodes.announce(ONE);
    expect(await list()).toEqual([ONE, OTHER]);
    const changed = { ...ONE, load: 0.5, isDraining: true };
    await nodes.announce(changed);
    expect(await list()).toEqual([changed, OTHER]);
  });

  test('MED1 a node that says nothing any more grows silent, and speaks again', async () => {
    await nodes.announce(ONE);
    await nodes.announce(OTHER);
    const silence = async (nodeId: string): Promise<number> =>
      (await nodes.list()).find((node) => node.nodeId === nodeId)?.silentMs ?? -1;
    expect(await silence('one')).toBeGreaterThanOrEqual(0);
    await until('one is silent', async () => (await silence('one')) >= 30);
    await nodes.announce(OTHER);
    expect(await silence('other')).toBeLessThan(await silence('one'));
  });

  test('MED4 a node that says goodbye is forgotten at once, and only this one', async () => {
    await nodes.announce(ONE);
    await nodes.announce(OTHER);
    await nodes.withdraw('one');
    await nodes.withdraw('nobody');
    expect(await list()).toEqual([OTHER]);
    await nodes.announce(ONE);
    expect(await list()).toEqual([ONE, OTHER]);
  });
});

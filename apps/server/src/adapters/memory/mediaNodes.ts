import { FORGOTTEN_MS, type MediaNode, type MediaNodes } from '../../mediaNodes.ts';
import type { Clock } from '../../ports.ts';

/** The media nodes of a single process: itself. */
export function createMemoryMediaNodes(clock: Pick<Clock, 'now'>): MediaNodes {
  const known = new Map<string, { readonly node: MediaNode; readonly at: number }>();
  return {
    announce: async (node) => {
      known.set(node.nodeId, { node, at: clock.now() });
    },
    list: async () => {
      const now = clock.now();
      for (const [nodeId, { at }] of known) if (now - at > FORGOTTEN_MS) known.delete(nodeId);
      return [...known.values()].map(({ node, at }) => ({ ...node, silentMs: now - at }));
    },
    withdraw: async (nodeId) => {
      known.delete(nodeId);
    },
  };
}

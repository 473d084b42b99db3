import type { KnownMediaNode } from '../mediaNodes.ts';
import { SILENT_MS } from './chooseMediaNode.ts';

/**
 * MED6: which of the nodes that this one shares calls with are gone, whether they fell silent or said goodbye. One that is missing
 * in the list for a moment is not: Redis may have been emptied.
 */
export interface NodeWatch {
  /**
   * @param watchedForMs - for how long this node has looked without a break: who has not itself judges nobody (MED5)
   * @returns those of `shared` that are gone
   */
  look(
    shared: readonly string[],
    known: readonly KnownMediaNode[],
    now: number,
    watchedForMs: number,
  ): readonly string[];
}

export function createNodeWatch(): NodeWatch {
  const seenAt = new Map<string, number>();
  return {
    look(shared, known, now, watchedForMs) {
      for (const nodeId of seenAt.keys()) if (!shared.includes(nodeId)) seenAt.delete(nodeId);
      for (const nodeId of shared) {
        const silentMs = known.find((node) => node.nodeId === nodeId)?.silentMs;
        if (watchedForMs < SILENT_MS) seenAt.set(nodeId, now);
        else if (silentMs !== undefined) seenAt.set(nodeId, now - silentMs);
        else if (!seenAt.has(nodeId)) seenAt.set(nodeId, now);
      }
      return [...seenAt].filter(([, at]) => now - at >= SILENT_MS).map(([nodeId]) => nodeId);
    },
  };
}

import type { SimulatedNode } from '../node/node.ts';
import type { World } from '../world.ts';

/** Since when each node can do its work, as far as the one who breaks things knows. */
export interface Health {
  /** Something that all nodes need fails until then. */
  troubleAll(until: number): void;
  /** Something that this node needs fails until then. */
  trouble(node: SimulatedNode, until: number): void;
  /** For how long there has been a node that could act, in ms; 0 when there is none. */
  soundForMs(): number;
}

export function createHealth({ clock }: World, nodes: () => readonly SimulatedNode[]): Health {
  const readySince = new Map<string, number>();
  const troubledUntil = new Map<string, number>();
  let allUntil = 0;
  return {
    troubleAll: (until) => {
      allUntil = Math.max(allUntil, until);
    },
    trouble: ({ name }, until) => {
      troubledUntil.set(name, Math.max(troubledUntil.get(name) ?? 0, until));
    },
    soundForMs: () => {
      const now = clock.now();
      const since = nodes().map((node) => {
        const { process, core } = node.run();
        if (core() === null || process.isPaused()) return Infinity;
        const ready = readySince.get(process.name) ?? now;
        readySince.set(process.name, ready);
        return Math.max(ready, troubledUntil.get(node.name) ?? 0, allUntil);
      });
      return Math.max(0, now - Math.min(...since, Infinity));
    },
  };
}

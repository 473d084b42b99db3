import type { KnownMediaNode } from '../mediaNodes.ts';

/**
 * A media node that has said nothing for so long is gone. Shorter: a busy one loses its calls, which all blink; longer: the
 * media of a dead one are away for longer.
 */
export const SILENT_MS = 2_000;
/** From here on it carries what it is to carry. */
const FULL = 1;

export interface MediaWish {
  /** The node that chooses: it takes a call itself where others are no better, because that saves a way. */
  readonly ownId: string;
  /** Where the media had best be. */
  readonly region: string | null;
  /** A node that is not to have them: it is the one that loses them. */
  readonly except?: string;
}

const isThere = ({ silentMs }: Pick<KnownMediaNode, 'silentMs'>): boolean => silentMs < SILENT_MS;

/** Whether a node takes calls (MED1, MED4). */
export const takesCalls = (node: KnownMediaNode): boolean => isThere(node) && !node.isDraining;

/** MED2: where the media of a call go. @returns the node's id; null: there is none */
export function chooseMediaNode(
  nodes: readonly KnownMediaNode[],
  { ownId, region, except }: MediaWish,
): string | null {
  const rank = ({ nodeId, load, region: place }: KnownMediaNode) => [
    load >= FULL ? 1 : 0,
    place === region ? 0 : 1,
    load,
    nodeId === ownId ? 0 : 1,
  ];
  const [best] = nodes
    .filter((node) => takesCalls(node) && node.nodeId !== except)
    .toSorted((a, b) => compare(rank(a), rank(b)) || (a.nodeId < b.nodeId ? -1 : 1));
  return best?.nodeId ?? null;
}

function compare(a: readonly number[], b: readonly number[]): number {
  const n = a.findIndex((value, index) => value !== b[index]);
  return n === -1 ? 0 : (a[n] ?? 0) - (b[n] ?? 0);
}

/**
 * MED5: the nodes that are gone. Whoever has not looked without a break for that long itself says nothing: after Redis or this
 * node was away everybody seems silent.
 */
export const listLost = (nodes: readonly KnownMediaNode[], watchedForMs: number): readonly KnownMediaNode[] =>
  watchedForMs < SILENT_MS ? [] : nodes.filter((node) => !isThere(node));

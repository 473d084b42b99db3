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

export interface PartWish {
  /** The node that has the call. */
  readonly homeId: string;
  /** Where the device is: the region of the signaling node that it is connected to. */
  readonly region: string | null;
  /** Other nodes where the call has a part already. */
  readonly parts: ReadonlySet<string>;
  /** Nodes that are not to have any: they have failed this call, or are about to stop. */
  readonly except: ReadonlySet<string>;
}

/**
 * MED6: at which node the media of one device of a call are: the home of the call, unless that is full, or in another region than
 * the device, and there is a node with room in the device's region that can share calls with it.
 */
export function choosePart(
  nodes: readonly KnownMediaNode[],
  { homeId, region, parts, except }: PartWish,
): string {
  const home = nodes.find(({ nodeId }) => nodeId === homeId);
  if (home?.hasPipes !== true || (home.load < FULL && home.region === region)) return homeId;
  const rank = ({ nodeId, load }: KnownMediaNode) => [parts.has(nodeId) ? 0 : 1, load];
  const [best] = nodes
    .filter((node) => takesCalls(node) && node.hasPipes && node.load < FULL && node.region === region)
    .filter(({ nodeId }) => nodeId !== homeId && !except.has(nodeId))
    .toSorted((a, b) => compare(rank(a), rank(b)) || (a.nodeId < b.nodeId ? -1 : 1));
  return best?.nodeId ?? homeId;
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

import type { CorePorts } from '../corePorts.ts';
import type { KnownMediaNode } from '../mediaNodes.ts';
import type { SfuState } from '../mediaPorts.ts';
import type { Cancel } from '../ports.ts';
import { toError } from '../toError.ts';
import { chooseMediaNode, listLost, takesCalls, type MediaWish } from './chooseMediaNode.ts';

/** Which nodes forward media, as this one sees it, and what it says of itself (MED1). */
export interface MediaRoster {
  /** This node, among those that forward media. */
  readonly ownId: string;
  /** Where this node is. */
  readonly region: string | null;
  /** Whether group calls can be had, here or at another node. */
  state(): SfuState;
  /** MED2: where the media of a call go. @param wish - for another region than this node's, or away from a node */
  choose(wish?: Partial<Omit<MediaWish, 'ownId'>>): Promise<string | null>;
  /** MED5: whether this node is known to be gone. */
  isLost(nodeId: string): boolean;
  /** MED4: says that this node takes no more calls. Resolves when the others can know. */
  drain(): Promise<void>;
  close(): Promise<void>;
}

export interface RosterHandlers {
  /** MED5: this node is gone. Told again until it is withdrawn. */
  readonly handleLost: (node: KnownMediaNode) => Promise<void>;
  /** Group calls can be had now, or not any more. */
  readonly handleReadiness: () => void;
  /** This node has looked again. @param watchedForMs - for how long it has without a break */
  readonly handleLook: (known: readonly KnownMediaNode[], watchedForMs: number) => void;
}

type RosterPorts = Pick<CorePorts, 'sfu' | 'mediaNodes' | 'nodes' | 'clock' | 'random' | 'log'>;

/** How often a node says that it forwards media, and looks who else does. */
const LOOK_MS = 500;
/** Who has not looked for so long has stood still. */
const LATE_MS = 1_500;

export function createMediaRoster(
  { sfu, mediaNodes, nodes, clock, random, log }: RosterPorts,
  region: string | null,
  { handleLost, handleReadiness, handleLook }: RosterHandlers,
): MediaRoster {
  const ownId = random.id();
  /** Lost nodes that are being looked after. */
  const lost = new Set<string>();
  let known: readonly KnownMediaNode[] = [];
  let lookedAt = -Infinity;
  let watchedSinceAt = -Infinity;
  let isDraining = false;
  let isStopped = false;
  let running: Promise<void> = Promise.resolve();
  let cancel: Cancel | null = null;

  const state = (): SfuState => {
    const own = sfu.state();
    const isElsewhere = known.some((node) => node.nodeId !== ownId && takesCalls(node));
    return isElsewhere ? { name: 'ready' } : own;
  };

  const announce = async (): Promise<void> => {
    if (sfu.state().name !== 'ready') return;
    await mediaNodes.announce({
      nodeId: ownId,
      region,
      load: sfu.load(),
      isDraining,
      hasPipes: sfu.nodes !== null,
    });
  };

  const lookAfter = (node: KnownMediaNode): void => {
    if (lost.has(node.nodeId)) return;
    lost.add(node.nodeId);
    handleLost(node)
      .catch((error: unknown) => {
        log.warn('the calls of a lost media node cannot be looked after', { error: toError(error) });
      })
      .finally(() => lost.delete(node.nodeId));
  };

  const listGone = (): readonly KnownMediaNode[] => listLost(known, lookedAt - watchedSinceAt);

  const look = async (): Promise<void> => {
    const at = clock.now();
    await announce();
    const before = state().name;
    known = await mediaNodes.list();
    if (at - lookedAt > LATE_MS) watchedSinceAt = at;
    lookedAt = at;
    if (state().name !== before) handleReadiness();
    handleLook(known, lookedAt - watchedSinceAt);
    for (const node of listGone()) if (node.nodeId !== ownId) lookAfter(node);
  };
  const loop = (): void => {
    running = look()
      .catch((error: unknown) => {
        log.warn('the media nodes cannot be asked for', { error: toError(error) });
      })
      .finally(() => {
        if (!isStopped) cancel = clock.schedule(LOOK_MS, loop);
      });
  };
  if (!nodes.isAlone) loop();

  return {
    ownId,
    region,
    state,
    choose: async (wish = {}) => {
      const chosen = chooseMediaNode(await mediaNodes.list(), { ownId, region, ...wish });
      if (chosen !== null) return chosen;
      // It has not said so yet, or everybody has just forgotten it.
      const isFit = sfu.state().name === 'ready' && !isDraining && wish.except !== ownId;
      return isFit ? ownId : null;
    },
    isLost: (nodeId) => listGone().some((node) => node.nodeId === nodeId),
    drain: async () => {
      isDraining = true;
      await announce();
    },
    close: async () => {
      isStopped = true;
      cancel?.();
      await running;
      if (nodes.isAlone) return;
      await mediaNodes.withdraw(ownId).catch((error: unknown) => {
        log.warn('this media node could not say goodbye', { error: toError(error) });
      });
    },
  };
}

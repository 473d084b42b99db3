/** The nodes that share database, presence, sessions and bus. */
export interface Nodes {
  /** Whether there can be no other node. */
  readonly isAlone: boolean;
  /**
   * Whether the others still count on this node. False when it could not say for a while that it lives (it stood still, or was
   * cut off): then they may have taken over what it had, and nothing that it hears or remembers is to be acted on.
   */
  isCurrent(): boolean;
  /** From now on this node is one of them. @returns what makes it leave */
  join(handlers: NodesHandlers): Promise<() => Promise<void>>;
}
export interface NodesHandlers {
  /** What was told to this node may have been lost, or everybody has forgotten what this one said: start over. */
  readonly handleDisruption: () => void;
  /** A node died with this device, which has not come back. Told to one node at a time, again until it succeeds. */
  readonly handleOrphan: (orphan: Orphan) => Promise<void>;
}
export interface Orphan {
  readonly userId: string;
  readonly deviceId: string;
  readonly lastSeenAt: number;
}

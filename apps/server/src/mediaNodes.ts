/** A node that forwards media, as it says of itself (MED1). */
export interface MediaNode {
  readonly nodeId: string;
  /** Where it is, in the operator's own words; null: nowhere in particular. */
  readonly region: string | null;
  /** How full it is: 0 is empty, 1 is what it is to carry; more where everybody is full. */
  readonly load: number;
  /** MED4: it is about to stop, and takes no call. */
  readonly isDraining: boolean;
  /** MED6: it can share calls with others that can. */
  readonly hasPipes: boolean;
}
export interface KnownMediaNode extends MediaNode {
  /** How long ago it said so, by the clock of whoever keeps the list. */
  readonly silentMs: number;
}

/** Which nodes forward media, over all nodes. Rebuilt by the nodes themselves when it is lost. */
export interface MediaNodes {
  /** Says (again) that this node forwards media. Whoever does not say so for {@link FORGOTTEN_MS} is forgotten. */
  announce(node: MediaNode): Promise<void>;
  /** Everybody who has said so and is not forgotten, in no particular order, also those that are silent by now. */
  list(): Promise<readonly KnownMediaNode[]>;
  /** Forgets a node at once: it has stopped, or whatever it had is at other nodes. */
  withdraw(nodeId: string): Promise<void>;
}

/** Longer: a dead node whose calls nobody could take is asked about longer; shorter: the first node to come may miss them. */
export const FORGOTTEN_MS = 60_000;

import type { Candidate, Signal, TransportProof } from '@visavis/protocol';

/**
 * Who may offer what when, of one device in one direct call (NEG1 to NEG3).
 *
 * The connection with the greatest id wins, always and on both sides: a device that came back, or gives a path up, makes a
 * greater one and offers it, and the other replaces its own. Within a connection nothing is taken back: where both offer at once, the
 * impolite one goes on, and the polite one makes a greater connection.
 *
 *                ┌─ making_offer ──offer_made──▶ offered ──answer──▶ applying_answer ─┐
 *   connect ─────┤      ▲                           │                                 ├──▶ stable
 *                │      └───────── restart ─────────┼─────────────────────────────────┤
 *                └─ (none) ──offer────────▶ answering ──────answer_made──────────────────▶ stable
 *
 * A phase in which the browser works (making_offer, answering, applying_answer) keeps descriptions waiting: one at a time.
 */
export interface Negotiation {
  readonly polite: boolean;
  /** NEG3: before this device has offered or accepted, no signal is looked at. */
  readonly isOpen: boolean;
  readonly connection: Connection | null;
  /** Candidates whose description has not come: of this connection or of a newer one. Bounded, oldest dropped. */
  readonly held: readonly Candidate[];
  readonly counters: NegotiationCounters;
}

export interface NegotiationCounters {
  readonly refused: number;
  readonly dropped: number;
}

export interface Connection {
  readonly connectionId: string;
  readonly phase: NegotiationPhase;
  /** Whether the other side is known to have known it: it offered or answered it. */
  readonly isShared: boolean;
  /** An offer to make once it is stable. */
  readonly wanted: OfferKind | null;
  /** Of the remote description in force; empty before the first. RFC 8839 §5.4. */
  readonly remoteUfrags: readonly string[];
  /** The last one that came, handled or not: it is not looked at twice. */
  readonly lastRemoteOffer: string | null;
  /** Descriptions that came while the browser worked. */
  readonly waiting: readonly DescriptionSignal[];
  /** Own candidates found before the description they belong to was sent. */
  readonly unsent: readonly Candidate[];
  /** Own candidates that went out while nobody had answered, to be said again with the offer. */
  readonly told: readonly Candidate[];
  /** Remote candidates given to the browser, to know repeated ones. */
  readonly added: readonly string[];
}

/** `restart`: with new ICE credentials, so that the path is looked for anew (RFC 8839 §4.4.1.1.1). */
export type OfferKind = 'plain' | 'restart';

export type NegotiationPhase =
  | { readonly name: 'making_offer'; readonly kind: OfferKind }
  | {
      readonly name: 'offered';
      readonly kind: OfferKind;
      readonly sdp: string;
      readonly proof: TransportProof | undefined;
    }
  | { readonly name: 'answering' }
  | { readonly name: 'applying_answer' }
  | { readonly name: 'stable' }
  /** The browser refused a description: only a newer connection helps. */
  | { readonly name: 'broken' };

export type DescriptionSignal = Exclude<Signal, { type: 'ice_candidate' }>;

export type NegotiationInput =
  /** The call is accepted. */
  | { readonly type: 'accept' }
  /** Make a new connection and offer it. The id comes from {@link nextConnectionId}, above the current one. */
  | { readonly type: 'connect'; readonly connectionId: string }
  /**
   * Offer anew in the same connection. `path_lost` is content with a restart that is under way, `network_changed` is not: its
   * candidates are of the network that is gone.
   */
  | {
      readonly type: 'offer_wanted';
      readonly because: 'media_changed' | 'path_lost' | 'network_changed';
    }
  | { readonly type: 'signal'; readonly signal: Signal }
  | { readonly type: 'local_candidate'; readonly candidate: Candidate }
  | {
      readonly type: 'offer_made' | 'answer_made';
      readonly connectionId: string;
      readonly sdp: string;
      /** NEG6. */
      readonly proof?: TransportProof | undefined;
    }
  | { readonly type: 'answer_applied' | 'failed'; readonly connectionId: string };

/** What the edge does, in this order. `make_offer`, `answer_offer` and `apply_answer` are reported back, one at a time. */
export type NegotiationAction =
  /** Make a peer connection; it takes the place of the one there was. */
  | { readonly type: 'open'; readonly connectionId: string }
  /** Set a local offer; report `offer_made`. */
  | { readonly type: 'make_offer'; readonly connectionId: string; readonly kind: OfferKind }
  /** Set the remote offer (a local one gives way by implicit rollback) and a local answer; report `answer_made`. */
  | {
      readonly type: 'answer_offer';
      readonly connectionId: string;
      readonly sdp: string;
      readonly proof?: TransportProof | undefined;
    }
  /** Set the remote answer; report `answer_applied`. */
  | {
      readonly type: 'apply_answer';
      readonly connectionId: string;
      readonly sdp: string;
      readonly proof?: TransportProof | undefined;
    }
  | { readonly type: 'add_candidate'; readonly candidate: Candidate }
  | { readonly type: 'send'; readonly signal: Signal }
  /** The other side lost this connection: come back with `connect`. */
  | { readonly type: 'connect_anew' }
  | { readonly type: 'broken'; readonly connectionId: string };

export interface NegotiationStep {
  readonly state: Negotiation;
  readonly actions: readonly NegotiationAction[];
}

import type { Bytes } from '../bytes.ts';
import type { KnownDevice } from '../identity/types.ts';
import type { MessageRefusal } from './facts.ts';
import type { WelcomeFault } from './join.ts';

/** Finds out whose leaf it is; null where it belongs to nobody. Does not reject. */
export type VerifyLeaf = (identity: Uint8Array, leafKey: Uint8Array) => Promise<KnownDevice | null>;

/** The device that a leaf was found to belong to; null where that was not looked for, or it belongs to nobody. */
export type DeviceOf = (identity: Uint8Array, leafKey: Uint8Array) => KnownDevice | null;

/** A device as it stands in the tree of a group. */
export interface Member {
  /** 0 to 511; free leaves are given again from the lowest. */
  readonly leaf: number;
  readonly userId: string;
  /** The id of the device: no two leaves of a group have the same. */
  readonly device: string;
  /** What the leaf says of itself: the bytes that were verified. */
  readonly identity: Bytes;
  /** Ed25519, 32 bytes, of this call only. */
  readonly leafKey: Bytes;
}

/** Who may propose members: the server, by its public key (Ed25519, 32 bytes). */
export interface ExternalSenderKey {
  readonly signatureKey: Bytes;
  readonly identity: Bytes;
}

/** A key of this call, before anybody has certified it. The private half never leaves the engine. */
export interface LeafKey {
  /** Ed25519, 32 bytes. */
  readonly publicKey: Bytes;
}

/** A device that can be added to one group, once. */
export interface Candidate {
  /** An MLSMessage with the key package: what the server hands on. */
  readonly keyPackage: Bytes;
}

/** `invalid` is whatever the library or WebCrypto refused: signatures, path secrets, confirmation tags. */
export type Refusal =
  | MessageRefusal
  | 'bad_signature'
  | 'invalid'
  | 'nothing_to_commit'
  | 'not_a_commit'
  | 'not_a_proposal';

export type Refused<Reason> = { readonly type: 'refused'; readonly reason: Reason };

export type AfterProposal = { readonly type: 'proposed'; readonly group: MlsGroup } | Refused<Refusal>;

export type AfterCommit =
  | { readonly type: 'committed'; readonly group: MlsGroup }
  /** This device is no member any more, and has no key of the new epoch. */
  | { readonly type: 'removed' }
  | Refused<Refusal>;

export type OwnCommit =
  | {
      readonly type: 'commit';
      readonly message: Bytes;
      /** For who is added; null where nobody is. */
      readonly welcome: Bytes | null;
      /** To go on with when the server has taken this commit; to be thrown away when it took another one. */
      readonly group: MlsGroup;
    }
  | Refused<Refusal>;

export type AfterWelcome = { readonly type: 'joined'; readonly group: MlsGroup } | Refused<WelcomeRefusal>;

export type WelcomeRefusal =
  | WelcomeFault
  | 'too_large'
  | 'malformed'
  | 'not_canonical'
  | 'not_a_welcome'
  | 'used_before'
  | 'other_group'
  | 'foreign_sender'
  | 'duplicate_device'
  | 'invalid';

/** One epoch of a group, as one device sees it. It never changes: each step gives the next one. */
export interface MlsGroup {
  readonly epoch: bigint;
  readonly groupId: Bytes;
  /** The own leaf. */
  readonly leaf: number;
  readonly members: readonly Member[];
  /** The SFrame base key of this epoch: `MLS-Exporter("SFrame 1.0 Base Key", "", 16)`, 16 bytes (RFC 9420 §8.5). */
  exportBaseKey(): Promise<Bytes>;
  /** The same for everybody in this epoch, and for nobody else (RFC 9420 §8.7); 32 bytes, safe to show a digest of. */
  readonly epochAuthenticator: Bytes;
  /** How many proposals wait for a commit. */
  readonly pending: number;
  /** Leaves that are removed by what waits for a commit. */
  readonly leaving: ReadonlySet<number>;
  /** Takes a proposal of the server. */
  handleProposal(message: Uint8Array): Promise<AfterProposal>;
  /** Takes somebody else's commit. */
  handleCommit(message: Uint8Array): Promise<AfterCommit>;
  /** Commits all that was proposed. Changes nothing here. */
  commit(): Promise<OwnCommit>;
}

/** What calls need of MLS; everything else of it is out of reach. */
export interface MlsEngine {
  createLeafKey(): Promise<LeafKey>;
  /** A key package for a leaf key that was certified: `identity` is the credential. */
  createCandidate(key: LeafKey, identity: Uint8Array): Promise<Candidate>;
  /** A group of one, at epoch 0. Uses the candidate up. Rejects with a `RangeError` one that was used or is nobody's. */
  createGroup(candidate: Candidate, groupId: Uint8Array, sender: ExternalSenderKey): Promise<MlsGroup>;
  /** Joins this group by a Welcome, if `sender` is its one external sender. Uses the candidate up if it worked. */
  join(
    candidate: Candidate,
    welcome: Uint8Array,
    groupId: Uint8Array,
    sender: ExternalSenderKey,
  ): Promise<AfterWelcome>;
  /** A leaf key that has left: whoever brings it again is refused. */
  retire(leafKey: Uint8Array): void;
}

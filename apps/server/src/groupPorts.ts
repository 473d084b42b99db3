import type { GroupCall, GroupEffect } from '@visavis/call';
import type { SavedGroup, UserSummary } from '@visavis/protocol';
import type { Receipt } from './ports.ts';

export interface StoredGroup {
  readonly call: GroupCall;
  readonly version: number;
}

export interface CreateGroup {
  readonly call: GroupCall;
  /** GRP1. `request`: what the key stands for, in words that two requests share only if they ask for the same. */
  readonly key: { readonly userId: string; readonly key: string; readonly request: string } | null;
  /** Kept until they are done; null: nobody else could do them. */
  readonly effects: readonly GroupEffect[] | null;
}

export type GroupCreated =
  | { readonly outcome: 'created'; readonly stored: StoredGroup }
  /** The key stands for this call already, or the direct call has grown into it. */
  | { readonly outcome: 'existing'; readonly callId: string }
  | { readonly outcome: 'key_reused' };

/** What became of every group call. The judge of each race: a change is one conditional write. */
export interface GroupStore {
  /** Stores the call, its people, their histories and the key, or nothing. */
  create(input: CreateGroup): Promise<GroupCreated>;
  load(callId: string): Promise<StoredGroup | null>;
  /**
   * Writes `next` where the call still has the version that was loaded, with its people and their histories.
   * @returns the stored call, or null when somebody else was faster
   */
  save(
    stored: StoredGroup,
    next: GroupCall,
    effects: readonly GroupEffect[] | null,
    receipt: Receipt | null,
  ): Promise<StoredGroup | null>;
  /** CALL3: what this direct call has grown into. */
  findGrown(directCallId: string): Promise<string | null>;
  /** What this user's key stands for. */
  findGroupKey(
    userId: string,
    key: string,
  ): Promise<{ readonly callId: string; readonly request: string } | null>;
  listLive(): Promise<readonly StoredGroup[]>;
  /** The live calls that this user is in, rung for or waits for. */
  listLiveOf(userId: string): Promise<readonly StoredGroup[]>;
  /** The live call of each of these saved groups; of several the latest. */
  listOngoing(savedGroupIds: readonly string[]): Promise<ReadonlyMap<string, GroupCall>>;
  listDue(now: number): Promise<readonly string[]>;
  findNextDeadline(): Promise<number | null>;
  forgetKeysBefore(at: number): Promise<void>;
  /** GRP4: which node has the media of this call. */
  findMediaNode(callId: string): Promise<string | null>;
  /** Gives the media of a live call to `next`, unless another node than `former` has them. */
  claimMedia(callId: string, former: string | null, next: string): Promise<MediaClaim>;
  /** The live calls whose media this node has. */
  listMediaOf(nodeId: string): Promise<readonly string[]>;
}

/** Who has the media of a call now, and whether they were given to it by this claim. */
export interface MediaClaim {
  readonly nodeId: string | null;
  readonly isNew: boolean;
}

export interface SavedGroupRow extends Omit<SavedGroup, 'ongoing'> {
  readonly ownerId: string;
}

/** Groups that are kept (GRP10). Each method is atomic. */
export interface SavedGroupStore {
  list(userId: string): Promise<readonly SavedGroupRow[]>;
  find(groupId: string): Promise<SavedGroupRow | null>;
  /** @returns false when the owner has so many already, or there is no such member */
  create(group: {
    readonly groupId: string;
    readonly ownerId: string;
    readonly title: string;
    readonly memberIds: readonly string[];
    readonly most: number;
    readonly now: number;
  }): Promise<'created' | 'too_many' | 'unknown_member'>;
  change(groupId: string, title: string, memberIds: readonly string[]): Promise<'changed' | 'unknown_member'>;
  remove(groupId: string): Promise<void>;
}

export interface CallLinkRow {
  readonly linkId: string;
  readonly callId: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly uses: number;
}

/** Links into calls and the guests that come by them (GRP6). */
export interface LinkStore {
  /** @returns false when the call has so many that hold already, or there is one of this secret */
  create(link: {
    readonly linkId: string;
    readonly callId: string;
    readonly tokenHash: Uint8Array;
    readonly createdBy: string;
    readonly expiresAt: number;
    readonly most: number;
    readonly now: number;
  }): Promise<boolean>;
  /** Those of a call that hold. */
  list(callId: string, now: number): Promise<readonly CallLinkRow[]>;
  /** The one with this secret, if it holds: not expired, not revoked, its call not over. */
  find(tokenHash: Uint8Array, now: number): Promise<CallLinkRow | null>;
  /** @returns whether there was such a link of this call */
  revoke(callId: string, linkId: string, now: number): Promise<boolean>;
  /** Makes a guest for the call of this link, and counts one more use. */
  addGuest(guest: {
    readonly user: UserSummary;
    readonly link: CallLinkRow;
    readonly now: number;
  }): Promise<void>;
  /** For which call this user is a guest; null: no guest. */
  findGuestCall(userId: string): Promise<string | null>;
  /** Forgets guests whose calls were over before `at`. @returns their devices */
  forgetGuests(at: number): Promise<readonly { readonly userId: string; readonly deviceId: string }[]>;
}

/** What of group calls needs no media. */
export interface GroupPorts {
  readonly groups: GroupStore;
  readonly savedGroups: SavedGroupStore;
  readonly links: LinkStore;
}

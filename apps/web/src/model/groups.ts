import type { GroupStatus, MediaReadiness, Reaction, SavedGroup, UserSummary } from '@visavis/protocol';

/** What a group call shows beyond what every call does. */
export interface GroupCallView {
  /** The saved group's name, or null: it is named by its people. */
  readonly title: string | null;
  readonly isHost: boolean;
  readonly locked: boolean;
  /** Everybody who is or was in it, in the order in which they came; this person among them. */
  readonly people: readonly GroupPersonView[];
  /** One for each person besides this one who rings or has joined, in an order that does not jump. */
  readonly tiles: readonly TileView[];
  /** Shared screens, the newest last; one's own among them. */
  readonly screens: readonly ScreenView[];
  /** Whose tile is the speaker's. Stays with the last one while nobody speaks. */
  readonly speakerId: string | null;
  readonly layout: 'grid' | 'spotlight';
  /** The id of a tile or screen that stays large; null: the speaker, or the newest screen. */
  readonly pinnedId: string | null;
  readonly chat: readonly ChatLine[];
  readonly unreadChat: number;
  /** Those of the last few seconds. */
  readonly reactions: readonly ReactionView[];
  readonly hand: boolean;
  /** This person's own screen. */
  readonly sharing: 'off' | 'starting' | 'on' | 'unsupported';
  /** The host asks this person to unmute; null: nobody asks. */
  readonly askedToUnmuteBy: string | null;
  /** This person speaks while muted. */
  /** CALL4: this device gives its place to another one, or takes one. `name`: of somebody else. */
  readonly ownMove: {
    readonly role: 'from' | 'to';
    readonly deviceName: string;
    readonly name: string | null;
  } | null;
  /** CALL5: another device of this person plays the call and has its microphone: its name; null: this one does. */
  readonly soundOn: string | null;
  /** Nothing is played here: another device of this person does. */
  readonly isSilent: boolean;
  /** The call's link, once it was asked for. */
  readonly link: CallLinkView | null;
}

export interface GroupPersonView {
  readonly user: UserSummary;
  readonly isMe: boolean;
  readonly isHost: boolean;
  readonly guest: boolean;
  readonly status: GroupStatus;
  readonly muted: boolean;
  readonly camera: boolean;
  readonly hand: boolean;
}

export interface TileView {
  /** The person's id: one tile for one person, however many devices (CALL5). */
  readonly id: string;
  readonly user: UserSummary;
  readonly guest: boolean;
  readonly phase: 'ringing' | 'connecting' | 'connected' | 'lost';
  /** Pictures and sound of the device that is shown; null until there is something. */
  readonly stream: MediaStream | null;
  readonly voice: MediaStream | null;
  /** CALL5: what this person's other devices in the call send: to be heard, not seen. */
  readonly otherSounds: readonly { readonly deviceId: string; readonly stream: MediaStream }[];
  /** CALL5: this person's devices in the call, where there are several, to choose the one that is shown. */
  readonly devices: readonly { readonly id: string; readonly label: string }[];
  readonly shownDeviceId: string | null;
  /** Whether a picture is to be shown at present. */
  readonly hasVideo: boolean;
  readonly muted: boolean;
  readonly hand: boolean;
  readonly held: boolean;
  /** They look at somebody's key first, and send nothing meanwhile. */
  readonly checking: boolean;
  /** Their camera is on, and their connection is too weak for it. */
  readonly paused: boolean;
  /** 0 to 1. */
  readonly level: number;
  /** How well they are connected; null: not known yet. */
  readonly quality: 'good' | 'fair' | 'poor' | null;
  /** They say so themselves: it is their own connection. */
  readonly weakLine: boolean;
  /** 0 to 1, chosen by this person, for this person; of all their devices. */
  readonly volume: number;
  readonly mutedForMe: boolean;
}

export interface ScreenView {
  /** Of the shared track. */
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  readonly stream: MediaStream | null;
  readonly isMe: boolean;
}

export interface ChatLine {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  readonly isMe: boolean;
  readonly text: string;
  readonly at: number;
  /** Own lines until the server has passed them on. */
  readonly state: 'sent' | 'sending' | 'failed';
  /** Names of those who may have missed it while they joined the keys of the call again. */
  readonly missedBy: readonly string[];
  /** From before a reload of the page: it is no news. */
  readonly isKept?: boolean;
}

export interface ReactionView {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  readonly reaction: Reaction;
}

export type CallLinkView =
  | { readonly state: 'making' }
  | { readonly state: 'failed' }
  | { readonly state: 'ready'; readonly url: string; readonly expiresAt: number };

/** What a tile measures on the screen, so that nobody sends more than is seen. CSS pixels. */
export interface ShownTile {
  /** Of a tile or a screen. */
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly visible: boolean;
  readonly large: boolean;
}

/** What a person can do about group calls. All return at once; what comes of it shows in the model. */
export interface GroupActions {
  readonly startGroup: (userIds: readonly string[], callType: 'video' | 'audio', groupId?: string) => void;
  /** CALL3: also of a call between two. */
  readonly addPeople: (key: string, userIds: readonly string[]) => void;
  /** GRP3: a call that goes on. */
  readonly joinGroup: (callId: string, callType: 'video' | 'audio') => void;
  readonly removePerson: (key: string, userId: string) => void;
  readonly admitPerson: (key: string, userId: string, admit: boolean) => void;
  readonly lockCall: (key: string, locked: boolean) => void;
  /** `userId` null: everybody else. */
  readonly askMedia: (key: string, userId: string | null, ask: 'mute' | 'unmute') => void;
  readonly answerUnmute: (key: string, unmute: boolean) => void;
  readonly sendChat: (key: string, text: string) => void;
  readonly markChatRead: (key: string) => void;
  readonly react: (key: string, reaction: Reaction) => void;
  readonly setHand: (key: string, raised: boolean) => void;
  readonly shareScreen: (key: string) => void;
  readonly stopSharing: (key: string) => void;
  readonly setLayout: (key: string, layout: 'grid' | 'spotlight') => void;
  readonly pin: (key: string, id: string | null) => void;
  readonly setVolume: (key: string, userId: string, volume: number) => void;
  readonly setMutedForMe: (key: string, userId: string, muted: boolean) => void;
  /** CALL5: which of somebody's devices is shown. */
  readonly showDevice: (key: string, userId: string, deviceId: string) => void;
  /** Whenever the layout has changed: what is shown, and how large. */
  readonly showTiles: (key: string, tiles: readonly ShownTile[]) => void;
  readonly makeLink: (key: string) => void;
  /** `key`: of the group call from within which it is kept, and which is one of the group from then on. */
  readonly saveGroup: (title: string, memberIds: readonly string[], key?: string) => void;
  /** Keeps the group, then calls it; where it can't be kept, its people are called all the same. */
  readonly saveAndStartGroup: (
    title: string,
    memberIds: readonly string[],
    callType: 'video' | 'audio',
  ) => void;
  readonly changeGroup: (groupId: string, title: string, memberIds: readonly string[]) => void;
  readonly deleteGroup: (groupId: string) => void;
  /** From the page of a call link, as a guest or as who is signed in. */
  readonly joinByLink: (name: string | null, callType: 'video' | 'audio', muted: boolean) => void;
}

export type { MediaReadiness, Reaction, SavedGroup };

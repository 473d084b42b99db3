import type {
  BudgetView,
  CallStatistics,
  ContactStatus,
  Findings,
  QualityMark,
  QualityPoint,
  MicrophoneHint,
} from '@visavis/client';
import type { CheckActions, CheckView } from './check.ts';
import type { Comparison } from './comparison.ts';
import type { SealFigures } from './sealFigures.ts';
import type { AskedMove, MoveActions, MoveOfferView, OwnCall } from './moves.ts';
import type { MediaDevices, Preferences } from './preferences.ts';
import type { SealView } from './seal.ts';
import type { GroupActions, GroupCallView } from './groups.ts';
import type { IdentityActions, IdentityView, OwnStanding } from './identity.ts';
import type {
  CallType,
  Contact,
  Device,
  EndReason,
  HistoryEntry,
  LinkInvitation,
  Me,
  MediaReadiness,
  Presence,
  RingProgress,
  SavedGroup,
  Settings,
  UserSummary,
} from '@visavis/protocol';

/**
 * Everything a screen shows. Screens are a function of this and of nothing else: the application fills it from
 * packages/client, the gallery from made-up values.
 */
export interface Model {
  /** What the service is called, whether anybody may continue as one of the demo people, and whether it has a relay (NEG5). */
  readonly service: { readonly name: string; readonly demo: boolean; readonly hasRelay: boolean };
  readonly account: Account;
  /** A call has been answered and its first picture is not there yet: nothing moves that need not. */
  readonly settingUp: boolean;
  /** The signaling connection. `offline` carries when the next try is, in ms since 1970. */
  readonly connection:
    | { readonly state: 'online' }
    | { readonly state: 'connecting' }
    | { readonly state: 'offline'; readonly sinceAt: number };
  readonly contacts: Loadable<readonly Contact[]>;
  readonly recents: Loadable<{ readonly entries: readonly HistoryEntry[]; readonly hasMore: boolean }>;
  readonly missedUnseen: number;
  /** Groups that are kept, with the calls of them that go on. */
  readonly groups: Loadable<readonly SavedGroup[]>;
  /** Whether group calls can be had on this server, and why not. */
  readonly groupCalls: MediaReadiness;
  readonly devices: Loadable<readonly Device[]>;
  /** Where this device stands: whether others can tell that it is this person's. */
  readonly ownIdentity: OwnStanding;
  readonly identity: IdentityView;
  /** What is known of the identities of people, by user id: as it was when it was last looked at. Nothing: not looked at yet. */
  readonly standings: Readonly<Record<string, ContactStatus>>;
  /** The identities that are being compared, between `openComparison` and `closeComparison`; null otherwise. */
  readonly comparison: Comparison | null;
  /** Calls on this device, oldest first; at most one is neither held nor ringing nor over. */
  readonly calls: readonly CallView[];
  /** CALL4: calls of this person on other devices of theirs. */
  readonly ownCalls: readonly OwnCall[];
  /** CALL4: what this device is asked to take over, oldest first. */
  readonly moveOffers: readonly MoveOfferView[];
  readonly askedMove: AskedMove | null;
  /** The call whose details are looked at, between `openDetails` and `closeDetails`; null otherwise. */
  readonly details: CallDetails | null;
  readonly media: MediaDevices;
  /** What is found out about this device and its connection, between `openCheck` and `closeCheck`; null otherwise. */
  readonly check: CheckView | null;
  /** What the settings show between `openPreview` and `closePreview`; null otherwise. */
  readonly preview: Preview | null;
  readonly preferences: Preferences;
  /** Something to say that belongs to no call; shown as a toast until dismissed. */
  readonly notices: readonly Notice[];
}

export type Loadable<Value> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed' }
  | { readonly state: 'ready'; readonly value: Value };

export type Account =
  | { readonly state: 'loading' }
  /** The server could not be reached at the very start. */
  | { readonly state: 'unreachable' }
  | {
      readonly state: 'signed_out';
      readonly people: Loadable<readonly UserSummary[]>;
      readonly busyUserId: string | null;
    }
  /** Another window of this browser uses this device now. */
  | { readonly state: 'replaced'; readonly me: Me }
  /** GRP6: the page of a call link. `me` is who is signed in already; null: a guest, to be asked for a name. */
  | {
      readonly state: 'invited';
      readonly me: Me | null;
      readonly invitation: Loadable<LinkInvitation> | { readonly state: 'invalid' };
      readonly joining: boolean;
    }
  | { readonly state: 'signed_in'; readonly me: Me };

export interface CallView {
  /** Stable from the press of the button on, before the server has named the call. */
  readonly key: string;
  readonly person: UserSummary;
  readonly callType: CallType;
  readonly direction: 'outgoing' | 'incoming';
  readonly phase: CallPhase;
  /** What this device sends. `stream` carries what the self view shows. */
  readonly local: {
    readonly stream: MediaStream | null;
    readonly muted: boolean;
    readonly camera: boolean;
    /** The camera is on, and what it sees is not sent: this connection is too weak. */
    readonly paused: boolean;
    readonly problem: CaptureProblem | null;
    readonly hint: MicrophoneHint | null;
  };
  /** What the other side sends: `stream` its pictures, `voice` its sound. Null until there is something. */
  readonly remote: {
    readonly stream: MediaStream | null;
    readonly voice: MediaStream | null;
    readonly muted: boolean;
    readonly camera: boolean;
    readonly held: boolean;
    /** They look at a key first, and send nothing meanwhile. */
    readonly checking: boolean;
    /** As for `local`: theirs. */
    readonly paused: boolean;
    /** They have no picture of anybody, by their own wish. */
    readonly hidesPictures: boolean;
    readonly deviceName: string | null;
    /** How loud this person hears them, 0 to 1. */
    readonly volume: number;
  };
  /** 0 to 1, a few times a second; for the speaking ring and the level meter. */
  readonly levels: { readonly local: number; readonly remote: number };
  readonly path: 'direct' | 'relayed' | 'forwarded' | null;
  readonly quality: {
    /** How the connection is, and whose side it is where it is not good. */
    readonly mark: QualityMark;
    /** No picture of anybody comes, by this person's wish. */
    readonly hidesPictures: boolean;
    /** False where they are hidden, or the budget has none left for them. */
    readonly getsPictures: boolean;
    /** Null: none. */
    readonly budget: BudgetView | null;
  };
  /** Who can decrypt this call; null before there are media. */
  readonly seal: SealView | null;
  /** Null in a call between two. In a group call `person` is whoever called, or the first who was called, and `remote` is empty. */
  readonly group: GroupCallView | null;
}

/** One variant for each thing a person can see a call do. */
export type CallPhase =
  /** Pressed, the server has not answered yet. */
  | { readonly name: 'dialing' }
  /** Nobody's device is online so far; the call is still being tried. */
  | { readonly name: 'reaching' }
  | { readonly name: 'ringing'; readonly progress: readonly RingProgress[] }
  /** Rings here. `waiting`: another call is going on on this device (offer answer and hold / answer and end / decline). */
  | { readonly name: 'incoming'; readonly silent: boolean; readonly waiting: boolean }
  /** GRP6: came by a link; somebody in the call has to let this person in. */
  | { readonly name: 'waiting' }
  /** Answered, media is on its way. */
  | { readonly name: 'connecting'; readonly connectedAt: number | null }
  | { readonly name: 'connected'; readonly connectedAt: number }
  /** Media or signaling is interrupted. */
  | { readonly name: 'reconnecting'; readonly connectedAt: number; readonly sinceAt: number }
  /** Put on hold by this person. */
  | { readonly name: 'held'; readonly connectedAt: number }
  | {
      readonly name: 'ended';
      readonly reason: EndReason | 'failed_to_start' | 'device_in_other_window';
      readonly durationMs: number | null;
      /** The device that took or declined it, where one did. */
      readonly by: string | null;
    };

/** Why camera or microphone is not there; the call goes on with what is. */
export type CaptureProblem =
  | 'camera_denied'
  | 'microphone_denied'
  | 'both_denied'
  | 'no_camera'
  | 'no_microphone'
  | 'camera_in_use'
  | 'microphone_in_use'
  | 'camera_unplugged'
  | 'microphone_unplugged'
  | 'insecure_page';

/** How a call's connection is, once a second. */
export interface CallDetails {
  readonly key: string;
  /** Null before there is a connection to speak of. */
  readonly statistics: CallStatistics | null;
  /** Of each second of the last minutes, oldest first. */
  readonly points: readonly QualityPoint[];
  /** Null before there are keys. */
  readonly seal: SealFigures | null;
}

/** Camera and microphone of this device, shown to nobody else. */
export interface Preview {
  /** Null while it is being opened, and when neither could be. */
  readonly stream: MediaStream | null;
  /** Level of the microphone, 0 to 1, a few times a second. */
  readonly level: number;
  readonly problem: CaptureProblem | null;
  /** What was asked for and does not deliver. */
  readonly missing: { readonly camera: boolean; readonly microphone: boolean };
}

/** What can go wrong outside a call. `text` keys are in the message catalogue. */
export interface Notice {
  readonly id: string;
  readonly kind:
    | 'sign_in_failed'
    | 'call_failed'
    | 'offline'
    | 'already_dialing'
    | 'rate_limited'
    | 'saving_failed'
    | 'back_online'
    | 'microphone_changed'
    | 'camera_changed'
    | 'speaker_changed'
    | 'sound_kept'
    | 'strong_noise_failed'
    | 'background_failed'
    | 'background_too_slow'
    | 'background_picture_failed'
    | 'picture_unusable'
    | 'speaker_failed'
    /** NEG5: this person hides their address, and there is no relay to hide it behind. */
    | 'no_relay'
    /** GRP1: why a group call, or more people in one, could not be had. */
    | 'call_full'
    | 'call_locked'
    | 'group_calls_preparing'
    | 'group_calls_unavailable'
    | 'group_saved'
    | 'link_copied'
    /** CALL6: by the host. */
    | 'muted_by_host'
    | 'sharing_failed'
    /** CALL4: the call is on its way to another device, or not there any more; or it stays here after all. */
    | 'already_moving'
    | 'move_gone'
    | 'move_stayed'
    /** CALL4: somebody has passed the call on. */
    | 'call_passed'
    /** CALL5: another device of this person has the microphone now. */
    | 'muted_for_other'
    | 'report_copied'
    | 'copying_failed'
    | 'code_copied';
  readonly detail?: string;
}

/** Everything a person can do. All return at once; what comes of it shows in the model. */
export interface Actions extends GroupActions, IdentityActions, CheckActions, MoveActions {
  readonly continueAs: (userId: string) => void;
  readonly signOut: () => void;
  /** From `replaced`: take the device over to this window. */
  readonly useHere: () => void;
  readonly retry: () => void;

  readonly call: (userId: string, callType: CallType) => void;
  readonly cancel: (key: string) => void;
  /** `others`: what to do with a call that is going on. */
  readonly answer: (key: string, media: CallType, others?: 'hold' | 'end') => void;
  readonly decline: (key: string) => void;
  readonly end: (key: string) => void;
  readonly hold: (key: string) => void;
  /** Takes a held call up again and holds the other one. */
  readonly resume: (key: string) => void;
  /** Puts the summary of an ended call away. */
  readonly dismiss: (key: string) => void;
  /** The first picture of the other has been drawn. */
  readonly seePicture: (key: string) => void;
  readonly setMuted: (key: string, muted: boolean) => void;
  readonly setCamera: (key: string, on: boolean) => void;
  /** No picture of anybody comes any more, or they do again; sound goes on. */
  readonly hidePictures: (key: string, hidden: boolean) => void;
  /** No pictures either way. */
  readonly audioOnly: (key: string) => void;

  /** The person goes on with a device that is held. */
  readonly allowDevice: (key: string, deviceId: string) => void;
  readonly openDetails: (key: string) => void;
  readonly closeDetails: () => void;
  /** Puts the details of the call in words on the clipboard, without addresses and names. */
  readonly copyDetails: () => void;

  readonly chooseCamera: (id: string) => void;
  readonly chooseMicrophone: (id: string) => void;
  readonly chooseSpeaker: (id: string) => void;
  /** A sound on the chosen speaker. */
  readonly testSpeaker: () => void;
  /** Opens camera and microphone for the preview in the settings; undone by `closePreview`. */
  readonly openPreview: () => void;
  readonly closePreview: () => void;

  /** Looks whether the identity of this person is the same as ever. */
  readonly lookUpPerson: (userId: string) => void;
  /** To compare safety numbers with this person; undone by `closeComparison`. */
  readonly openComparison: (userId: string) => void;
  readonly closeComparison: () => void;
  /** What the camera has read from the other one's screen. */
  readonly compareScanned: (data: Uint8Array) => void;
  /** That the numbers that are shown are the same on both screens, or that this shall not count any more. */
  readonly setVerified: (verified: boolean) => void;
  /** Takes another identity of this person than before as theirs, without a comparison. */
  readonly acceptIdentity: (userId: string) => void;

  readonly loadMoreRecents: () => void;
  readonly markRecentsSeen: () => void;
  readonly deleteRecent: (callId: string) => void;
  readonly setFavourite: (userId: string, favourite: boolean) => void;
  readonly setBlocked: (userId: string, blocked: boolean) => void;
  readonly renameDevice: (deviceId: string, name: string) => void;
  readonly removeDevice: (deviceId: string) => void;
  readonly changeSettings: (change: Partial<Settings>) => void;
  readonly changePreferences: (
    change: Partial<Pick<Preferences, 'theme' | 'sounds' | 'quality' | 'sound' | 'background'>>,
  ) => void;
  /** Takes a picture from the device, and puts it behind the person. */
  readonly chooseOwnBackground: (file: Blob) => void;
  /** Everybody is heard as loud as they are. */
  readonly forgetVolumes: () => void;
  readonly allowNotifications: () => void;
  readonly dismissNotice: (id: string) => void;
}

export type * from './check.ts';
export type * from './comparison.ts';
export type * from './groups.ts';
export type * from './identity.ts';
export type * from './moves.ts';
export type * from './preferences.ts';
export type * from './seal.ts';
export type {
  CallStatistics,
  ContactStatus,
  Findings,
  CallType,
  Contact,
  Device,
  EndReason,
  HistoryEntry,
  Me,
  Presence,
  RingProgress,
  Settings,
  UserSummary,
};

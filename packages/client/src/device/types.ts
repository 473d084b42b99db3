import type { ChosenMedia, ClientCall, DeviceCalls, DeviceRequest } from '@visavis/call';
import type { Bytes } from '@visavis/encryption';
import type { IdentifiedDevice } from '@visavis/encryption/identity';
import type {
  ApprovalStep,
  CallNotice,
  CallQuality,
  CallType,
  EndReason,
  ErrorCode,
  MediaState,
  Reaction,
  ServerNotice,
  UserSummary,
} from '@visavis/protocol';
import type {
  CallStatistics,
  Capture,
  CaptureProblem,
  DirectMedia,
  DirectMediaOptions,
  DirectMediaState,
  ForwardedMedia,
  ForwardedMediaOptions,
  ForwardedMediaState,
  LevelMeter,
  MediaTile,
  MicrophoneHint,
  ScreenFailure,
  ScreenShare,
} from '../media/index.ts';
import type { Link, LinkAnswer, LinkHandlers, LinkState } from '../signaling/index.ts';
import type { QualityPoint, QualityWishes } from '../quality/index.ts';
import type { Timers } from '../timers.ts';
import type { CallQualityView } from './callQuality.ts';
import type { Talk, TalkMemory } from './groupTalk.ts';
import type { OwnDevicesView } from './ownDevices.ts';
import type { CallSeal, SealFacts, SealState } from './seal.ts';

export interface DeviceOptions {
  readonly deviceId: string;
  /** GRP6: of the link that this device came by, as a guest; null: it is none, or does not know it any more. */
  readonly guestKey: Bytes | null;
  readonly openLink: (handlers: LinkHandlers) => Link;
  /** For each call's direct media one, and for its forwarded ones another. */
  readonly openSeal: (handlers: SealHandlers) => CallSeal;
  readonly createMedia: (options: DirectMediaOptions) => DirectMedia;
  /** Of group calls. */
  readonly createForwardedMedia: (options: ForwardedMediaOptions) => ForwardedMedia;
  /** A group call is about to begin: what it needs that is not loaded yet may be loaded. */
  readonly prepareForwardedMedia: () => void;
  readonly capture: Pick<Capture, 'open'>;
  readonly openScreen: () => Promise<ScreenShare | ScreenFailure>;
  readonly canShareScreen: boolean;
  readonly createLevelMeter: (track: MediaStreamTrack) => LevelMeter;
  readonly loadIceServers: () => Promise<readonly RTCIceServer[]>;
  /** How a call ended, as the server has recorded it; null when it cannot be told. */
  readonly loadEnd: (
    callId: string,
  ) => Promise<{ readonly reason: EndReason; readonly durationMs: number | null } | null>;
  /** HIST3: a call is over for this device; what it was like may be kept with it. */
  readonly saveQuality: (callId: string, quality: CallQuality) => void;
  /** Outlasts a reload of the window, and no more. */
  readonly memory: {
    readonly read: () => ChosenMedia | null;
    /** Null: nobody waits to be let in. */
    readonly write: (chosen: ChosenMedia | null) => void;
  };
  readonly talkMemory: TalkMemory;
  readonly timers: Timers;
  readonly makeId: () => string;
  readonly policy: { readonly relayOnly: boolean };
  /** Something in `getView` has changed. */
  readonly onChange: () => void;
  readonly onNotice: (notice: Exclude<ServerNotice, CallNotice>) => void;
  /** Something that a person of a group call should be told and that no call shows. */
  readonly onGroupNotice: (notice: GroupNotice) => void;
  /** The session is registered, anew or again: what notices tell has to be fetched. */
  readonly onRegistered: () => void;
}

export interface SealHandlers {
  /** Of a call between two, over a connection that both devices sign. */
  readonly isDirect: boolean;
  readonly request: (request: DeviceRequest) => Promise<LinkAnswer>;
  readonly onChange: () => void;
  /** Called once at most. */
  readonly onFailed: () => void;
  /** GRP6: whether a device that nobody stands behind came by a link, as far as these can tell. */
  readonly isGuest: (
    device: IdentifiedDevice,
    leafKey: Bytes,
    confirmed: ReadonlySet<string>,
  ) => Promise<boolean>;
}

export type GroupNotice =
  /** GRP5. The name as it is shown in the call; null: nobody's that is in it. */
  | { readonly type: 'muted_by_host'; readonly by: string | null }
  /** What this person wanted, and the server did not do. */
  | { readonly type: 'refused'; readonly request: string; readonly code: ErrorCode }
  | { readonly type: 'sharing_failed' }
  /** CALL5: another device of this person has opened its microphone, and this one is muted. */
  | { readonly type: 'muted_for_other'; readonly deviceName: string };

/** What a group call has open on this device beyond what every call has. */
export interface DeviceGroupView extends Talk {
  /** Null before its media are opened. */
  readonly forwarded: ForwardedMediaState | null;
  /** 0 to 1, by device; 0 for those whose picture is there. */
  readonly levels: ReadonlyMap<string, number>;
  readonly sharing: 'off' | 'starting' | 'on' | 'unsupported';
  /** This device's own screen. */
  readonly screen: MediaStream | null;
  readonly own: OwnDevicesView;
}

/** One call with everything this device has open for it. */
export interface DeviceCallView {
  readonly call: ClientCall;
  readonly local: {
    /** For the self view; null while nothing is open. */
    readonly stream: MediaStream | null;
    readonly problem: CaptureProblem | null;
    /** What the person should be told of their microphone. */
    readonly hint: MicrophoneHint | null;
  };
  /** Null before there is a connection to speak of. */
  readonly media: DirectMediaState | null;
  /** Of the media that are in use; null before there are any. */
  readonly seal: SealState | null;
  /** Null in a call between two. */
  readonly group: DeviceGroupView | null;
  /** What of this device's own is held back. */
  readonly quality: CallQualityView;
}

export interface DeviceView {
  readonly link: LinkState;
  readonly calls: readonly DeviceCallView[];
  readonly state: DeviceCalls;
  /** Add it to this device's clock to get the server's, in ms. */
  readonly clockOffsetMs: number;
  /**
   * Since when, by this device's clock, a call is being set up that needs this thread for its descriptions; null when none
   * does. Whoever draws waits a moment: what is drawn first is connected later.
   */
  readonly settingUpSinceAt: number | null;
}

export interface CallToMove {
  readonly callId: string;
  readonly callType: CallType;
  /** Who stands for the call until the server has told who is in it. */
  readonly peer: UserSummary;
  readonly mediaState: MediaState | null;
}
export type MoveOffered =
  | { readonly ok: true; readonly token: string; readonly expiresAt: number }
  | { readonly ok: false; readonly code: ErrorCode };

/** One signed-in device: its session, its calls and their media. Every method returns at once. */
export interface Device {
  getView(): DeviceView;
  /** @returns the key of the new call */
  dial(peer: UserSummary, callType: CallType): string;
  /** `others`: what becomes of a call that goes on here (RING6). */
  answer(key: string, media: CallType, others: 'hold' | 'end'): void;
  /** Cancels, declines or ends, by what the call is doing. */
  hangUp(key: string): void;
  hold(key: string): void;
  resume(key: string): void;
  dismiss(key: string): void;
  /** The first picture of the other has been drawn: the call is set up. */
  seePicture(key: string): void;
  setMuted(key: string, muted: boolean): void;
  setCamera(key: string, on: boolean): void;
  /** GRP1. @returns the key of the new call */
  startGroup(people: readonly UserSummary[], callType: CallType, savedGroupId: string | null): string;
  /** GRP3. `peer` stands for the call until the server has told who is in it. @returns the key of the new call */
  joinGroup(callId: string, callType: CallType, peer: UserSummary): string;
  /**
   * CALL4: takes the place of another device in a call: of one of this person, or by the token of an offer. `mediaState`: what that
   * one sends. @returns the key of the call here
   */
  moveHere(call: CallToMove, token: string | null): string;
  /** CALL4: asks another device of this person, or somebody else (`deviceId` null), to take this device's place. */
  offerMove(key: string, userId: string, deviceId: string | null): Promise<MoveOffered>;
  /** CALL4: takes an offer back, or declines it. */
  dropMove(token: string): void;
  /** GRP6. `sealedName`: a guest's, in base64. @returns the key of the new call */
  joinByLink(
    token: string,
    callType: CallType,
    peer: UserSummary,
    muted: boolean,
    sealedName: string | null,
  ): string;
  /** GRP6: the guest key of a link into a call of this device, which it made. `tell`: the others do not know it yet. */
  knowLink(callId: string, guestKey: Bytes, tell: boolean): void;
  /** CALL3. */
  addPeople(key: string, userIds: readonly string[]): void;
  /** GRP5, GRP6: refused where this person is not the host. */
  removePerson(key: string, userId: string): void;
  admitPerson(key: string, userId: string, admit: boolean): void;
  lockCall(key: string, locked: boolean): void;
  /** `userId` null: everybody else. */
  askMedia(key: string, userId: string | null, ask: 'mute' | 'unmute'): void;
  answerUnmute(key: string, unmute: boolean): void;
  /** GRP7. */
  sendChat(key: string, text: string): Promise<'sent' | 'failed'>;
  react(key: string, reaction: Reaction): void;
  setHand(key: string, raised: boolean): void;
  /** The person goes on with a device that is held (`SealState.held`). */
  allowDevice(key: string, deviceId: string): void;
  /** Has to be called from what the person presses. Makes a group call of a call between two. */
  shareScreen(key: string): void;
  stopSharing(key: string): void;
  /** GRP4. */
  showTiles(key: string, tiles: readonly MediaTile[]): void;
  /** IDN4: to another device of this user. `offline`: it is not connected. */
  sayApproval(
    toDeviceId: string,
    attempt: string,
    step: ApprovalStep,
  ): Promise<'said' | 'offline' | 'failed'>;
  /** 0 to 1 each; of the other 0 while there is a picture. */
  getLevels(key: string): { readonly local: number; readonly remote: number };
  /** How a call is, looked at once a second; null before anything is known. */
  getStatistics(key: string): CallStatistics | null;
  /** How it was at each second of the last minutes, oldest first. */
  getPoints(key: string): readonly QualityPoint[];
  /** No picture of anybody comes in this call, or is asked for, until it is undone; sound does. */
  hidePictures(key: string, hidden: boolean): void;
  /** Holds in all calls of this device, those that go on included. */
  setQuality(wishes: QualityWishes): void;
  /** The browser's statistics of a call's connection. */
  getStats(key: string): Promise<RTCStatsReport | null>;
  /** Of the seal through which the media of a call go. */
  getSealFacts(key: string): Promise<SealFacts | null>;
  /** NEG4: the network has changed or the page is visible again. */
  checkConnection(): void;
  /** Ends the session on this page, not the calls. */
  close(): void;
}

import type { ClientCall, DeviceCalls } from '@visavis/call';
import type { CallType, EndReason, ServerNotice, UserSummary } from '@visavis/protocol';
import type {
  Capture,
  CaptureProblem,
  DirectMedia,
  DirectMediaOptions,
  DirectMediaState,
  LevelMeter,
} from '../media/index.ts';
import type { Link, LinkHandlers, LinkState } from '../signaling/index.ts';
import type { Timers } from '../timers.ts';

export interface DeviceOptions {
  readonly openLink: (handlers: LinkHandlers) => Link;
  readonly createMedia: (options: DirectMediaOptions) => DirectMedia;
  readonly capture: Pick<Capture, 'open'>;
  readonly createLevelMeter: (track: MediaStreamTrack) => LevelMeter;
  readonly loadIceServers: () => Promise<readonly RTCIceServer[]>;
  /** How a call ended, as the server has recorded it; null when it cannot be told. */
  readonly loadEnd: (
    callId: string,
  ) => Promise<{ readonly reason: EndReason; readonly durationMs: number | null } | null>;
  readonly timers: Timers;
  readonly makeId: () => string;
  readonly policy: { readonly relayOnly: boolean };
  /** Something in `getView` has changed. */
  readonly onChange: () => void;
  readonly onNotice: (notice: ServerNotice) => void;
  /** The session is registered, anew or again: what notices tell has to be fetched. */
  readonly onRegistered: () => void;
}

/** One call with everything this device has open for it. */
export interface DeviceCallView {
  readonly call: ClientCall;
  readonly local: {
    /** For the self view; null while nothing is open. */
    readonly stream: MediaStream | null;
    readonly problem: CaptureProblem | null;
  };
  /** Null before there is a connection to speak of. */
  readonly media: DirectMediaState | null;
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
  setMuted(key: string, muted: boolean): void;
  setCamera(key: string, on: boolean): void;
  /** 0 to 1 each. */
  getLevels(key: string): { readonly local: number; readonly remote: number };
  /** The browser's statistics of a call's connection. */
  getStats(key: string): Promise<RTCStatsReport | null>;
  /** NEG4: the network has changed or the page is visible again. */
  checkConnection(): void;
  /** Ends the session on this page, not the calls. */
  close(): void;
}

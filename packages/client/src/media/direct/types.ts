import type { MediaFlow, Signal } from '@visavis/protocol';
import type { SendingLimits } from '../../quality/index.ts';
import type { Timers } from '../../timers.ts';
import type { MediaSeal } from '../sealed/index.ts';
import type { Transports } from './transports.ts';

/** What this device sends. Null sends nothing of that kind: silence, no picture. */
export interface LocalTracks {
  readonly audio: MediaStreamTrack | null;
  readonly video: MediaStreamTrack | null;
}

/** How two directly connected people reach each other: with or without a TURN relay in between. */
export type MediaPath = 'direct' | 'relayed';

export interface DirectMediaState {
  /** `connecting` until something came through, then `flowing`, and `lost` whenever it stops. */
  readonly flow: MediaFlow;
  /** NEG4: without media for so long that trying again makes no sense. */
  readonly gaveUp: boolean;
  /** What the other side sends; the same object as long as the connection is the same. Null before there is one. */
  readonly remoteStream: MediaStream | null;
  /** Whether pictures arrive at present. False within about a second of the other's camera going off. */
  readonly remoteHasVideo: boolean;
  readonly remoteHasAudio: boolean;
  readonly path: MediaPath | null;
  /** Null before the first description is made or handled. */
  readonly connectionId: string | null;
}

export interface DirectMediaOptions {
  /** NEG1: the callee is polite. It stays what it is for the whole call, also after a reload. */
  readonly polite: boolean;
  readonly local: LocalTracks;
  /** Nothing leaves or is played that did not go through it. Its tracks are `microphone` and `camera`. */
  readonly seal: Pick<MediaSeal, 'media'> & { readonly transports: Transports };
  /**
   * Asked for when preparing and before each attempt to connect anew: TURN credentials are short-lived. A rejection or a
   * slow answer counts as an empty list.
   */
  readonly loadIceServers: () => Promise<readonly RTCIceServer[]>;
  readonly sendSignal: (signal: Signal) => void;
  readonly onChange: (state: DirectMediaState) => void;
  /** NEG5: `relayOnly` hides this device's addresses from the other person. Read anew whenever something is sent or made. */
  readonly policy: { readonly relayOnly: boolean };
  /** Default: the browser's. */
  readonly timers?: Timers;
  /** Default: `online` and connection changes of the window. Calls back at each; the returned function stops that. */
  readonly watchNetwork?: (listener: () => void) => () => void;
}

/** The media of one direct call. Every method returns at once and throws nothing; what comes of it shows in the state. */
export interface DirectMedia {
  /** NEG3: makes ready what needs nothing from the other side. Never sends a signal for a callee. */
  prepare(): void;
  /**
   * Makes a connection of our own and offers it: the caller while it rings, and either side that came back in the middle of a
   * call (reload). Opens the gate for signals, too: who offers has agreed. Does nothing where there is a connection already.
   */
  offer(): void;
  /** NEG3: the call is answered. From here on signals are handled and the 60 s of NEG4 run. */
  accept(): void;
  /** Signals that come before `accept` or `offer` are dropped and counted. */
  handleSignal(signal: Signal): void;
  /** Microphone, camera or screen changed: no renegotiation. Stopping the tracks is their owner's business. */
  setTracks(tracks: LocalTracks): void;
  /** How much of it is sent, from now on and in every connection. */
  setLimits(limits: SendingLimits): void;
  /**
   * Whether frames pass: before, and again while they do not, no picture is encoded and nothing is expected to arrive. At first
   * they do not.
   */
  setOpen(isOpen: boolean): void;
  /** ms that what arrives waits before it is played, in every connection; null: as long as the browser likes. */
  setBuffer(targetMs: number | null): void;
  /** NEG4: makes the path anew within the same connection (ICE restart). */
  restart(): void;
  /**
   * The call goes on, but signals may have been lost: makes a new connection in the place of the old one and offers it. On a
   * new object (after a reload) it does what `accept` and `offer` do.
   */
  reconnect(): void;
  getState(): DirectMediaState;
  /** How loud the other side is at present, 0 (silence) to 1 (full scale) on a logarithmic scale. */
  getRemoteLevel(): number;
  /** The browser's statistics of the current connection, null while there is none. */
  getStats(): Promise<RTCStatsReport | null>;
  getCounters(): DirectMediaCounters;
  /** Releases everything. The tracks go on: they belong to the capture. */
  close(): void;
}

export interface DirectMediaCounters {
  /** NEG3: signals that came before the accept. */
  readonly refusedSignals: number;
  /** Signals for a connection that is over, repeated ones, ones beyond what is kept. */
  readonly droppedSignals: number;
  /** NEG6: descriptions that the other device has not signed. After one, this side is closed. */
  readonly refusedTransports: number;
  /** Descriptions this side has sent: 1 after a set-up, one more for each restart. */
  readonly sentDescriptions: number;
  readonly restarts: number;
  readonly connections: number;
}

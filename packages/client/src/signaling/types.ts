import type { DeviceRequest } from '@visavis/call';
import type { CallSnapshot, ErrorCode, RequestAnswer, ServerEvent, ServerNotice } from '@visavis/protocol';
import type { Timers } from '../timers.ts';

/** One socket; the browser's WebSocket behind it in the product, a pair in memory in tests. */
export interface Socket {
  send(text: string): void;
  close(code?: number): void;
}
export interface SocketHandlers {
  onOpen(): void;
  onText(text: string): void;
  onClose(code: number): void;
}

/** Why the link has given up for good. */
export type LinkEnd = 'replaced' | 'unauthenticated' | 'unsupported_version' | 'closed';

export type LinkState =
  | { readonly name: 'connecting'; readonly sinceAt: number }
  | { readonly name: 'registered' }
  /** Lost; the next try is on its way. */
  | { readonly name: 'waiting'; readonly sinceAt: number }
  | { readonly name: 'ended'; readonly reason: LinkEnd };

export interface LinkHandlers {
  onState(state: LinkState): void;
  /** `clockOffsetMs`: add it to this device's clock to get the server's. */
  onRegistered(session: {
    readonly resumed: boolean;
    readonly calls: readonly CallSnapshot[];
    readonly clockOffsetMs: number;
  }): void;
  /** Each event once and in order (SES2). */
  onEvent(event: ServerEvent): void;
  onNotice(notice: ServerNotice): void;
}

export interface LinkOptions {
  readonly url: string;
  readonly deviceId: string;
  readonly openSocket: (url: string, handlers: SocketHandlers) => Socket;
  readonly timers: Timers;
  /** 0 ≤ x < 1, for jitter. */
  readonly random: () => number;
  /** A new unique id. */
  readonly makeId: () => string;
  readonly handlers: LinkHandlers;
}

/** The answer to a request: the server's, or that the link ended before one came. */
export type LinkAnswer =
  | RequestAnswer
  | { readonly type: 'lost'; readonly payload: { readonly code: ErrorCode } };

/** One device's signaling session, through however many sockets it takes. */
export interface Link {
  /** Sends a request until it is answered, over reconnects too; never rejects (SES5). */
  request(request: DeviceRequest): Promise<LinkAnswer>;
  /**
   * The network has changed or the page is visible again: do not wait for the next try, and find out at once whether a socket
   * that looks open is.
   */
  reconnectNow(): void;
  /** How long the server takes to answer, in ms; null when no answer comes over this socket, or there is none. */
  measure(): Promise<number | null>;
  /** In a call the socket is watched more closely (SES4). */
  setBusy(busy: boolean): void;
  close(): void;
}

import type { MediaFlow } from '@visavis/protocol';

/**
 * When to look for a new path, and when to give up (NEG4), of one device in one direct call.
 *
 *               ┌────────── connected ───────────┐
 *   (started) ──┴─▶ connecting                   ▼
 *                       │   disconnected, failed
 *   60 s without ───────┤        ┌──────────── flowing
 *   media: gave up ◀────┤        ▼               ▲
 *                       └────── lost ── connected┘
 *
 * While there is trouble, steps follow each other: ICE restart, a new connection through relays only, a new connection. What
 * has never worked starts with a new connection. A change of network restarts ICE at once, and where nothing arrives all the
 * same, a new connection follows.
 */
export interface Recovery {
  readonly polite: boolean;
  /** Whether there is a TURN server to go through. */
  readonly hasRelay: boolean;
  /** Nothing runs before the call is answered. */
  readonly hasStarted: boolean;
  readonly path: PathState;
  readonly flow: MediaFlow;
  readonly trouble: Trouble | null;
  readonly lastStepAt: number | null;
  /** A network change that came right after a step: another restart follows then. */
  readonly restartAt: number | null;
  /** The network changed then, and nothing has arrived since: browsers may hold on to a path that is dead. */
  readonly doubtSinceAt: number | null;
  readonly gaveUp: boolean;
}

export interface Trouble {
  readonly sinceAt: number;
  readonly nextStepAt: number;
  /** Steps done so far. */
  readonly steps: number;
  /** A restart is of no use: the connection itself is broken. */
  readonly needsConnection: boolean;
}

/** What a browser says of ICE and DTLS together. */
export type PathState = 'connecting' | 'connected' | 'disconnected' | 'failed';

export type RecoveryInput =
  /** The call is answered. */
  | { readonly type: 'started'; readonly now: number }
  | { readonly type: 'path'; readonly state: PathState; readonly now: number }
  | { readonly type: 'network_changed'; readonly now: number }
  /** A picture or sound has arrived. */
  | { readonly type: 'arrived'; readonly now: number }
  /** The other side has begun something: wait for what becomes of it. */
  | { readonly type: 'remote_offered'; readonly now: number }
  /** The browser refused a description. */
  | { readonly type: 'broken'; readonly now: number }
  | { readonly type: 'relay_known'; readonly hasRelay: boolean }
  | { readonly type: 'tick'; readonly now: number };

export type RecoveryAction =
  | { readonly type: 'restart_ice'; readonly because: 'path_lost' | 'network_changed' }
  | { readonly type: 'reconnect'; readonly relayOnly: boolean }
  | { readonly type: 'give_up' };

export interface RecoveryStep {
  readonly state: Recovery;
  readonly actions: readonly RecoveryAction[];
}

import type { Call, CallDevice, CallEffect, GroupEffect } from '@visavis/call';
import type { MediaRequest, RequestAnswer, TurnCredentials, UnnumberedEvent } from '@visavis/protocol';
import type { Accounts } from './accountPorts.ts';
import type { GroupPorts } from './groupPorts.ts';
import type { History } from './historyPorts.ts';
import type { IdentityStore } from './identityPorts.ts';
import type { MediaNodes } from './mediaNodes.ts';
import type { Sfu } from './mediaPorts.ts';
import type { PartMessage } from './mediaSpan.ts';
import type { Meter } from './meter.ts';
import type { Nodes } from './nodes.ts';
import type { MoveOffers } from './movePorts.ts';
import type { Secret } from './secret.ts';
import type { ShownPresence } from './shownPresence.ts';

export type * from './accountPorts.ts';
export type * from './identityPorts.ts';
export type * from './mediaNodes.ts';
export type * from './meter.ts';
export type * from './nodes.ts';

/** At once where it is decided in memory: a promise costs more than many a decision. */
export type Eventually<Value> = Value | Promise<Value>;

/** Time, as the only source of it. */
export interface Clock {
  /** ms since 1970. */
  now(): number;
  /** Runs `task` once, `delayMs` from now, unless cancelled before. */
  schedule(delayMs: number, task: () => void): Cancel;
}
export type Cancel = () => void;

/** Chance, as the only source of it. */
export interface Random {
  /** A UUID that nobody can guess. */
  id(): string;
  /** 256 bits in base64url. */
  token(): string;
}

/** Severity in the method's name. `facts` never holds a token, a cookie, a session description or a pair of people. */
export interface Log {
  debug(message: string, facts?: LogFacts): void;
  info(message: string, facts?: LogFacts): void;
  warn(message: string, facts?: LogFacts): void;
  error(message: string, facts?: LogFacts): void;
}
export type LogFacts = Readonly<Record<string, string | number | boolean | null | Error>>;

export interface StoredCall {
  readonly call: Call;
  readonly version: number;
}

export interface CreateCall {
  readonly idempotencyKey: string;
  readonly call: Call;
  /** Kept until they are done (see {@link CallStore.listUnsent}); null: nobody else could do them. */
  readonly effects?: readonly CallEffect[] | null;
}

/** One change of one call. */
export interface ChangeId {
  readonly callId: string;
  readonly version: number;
}
export interface UnsentChange extends ChangeId {
  readonly effects: readonly (CallEffect | GroupEffect)[];
}

/** The idempotency key of a dial that turned into the answer to another call. */
export interface DialKey {
  readonly userId: string;
  readonly key: string;
  readonly calleeId: string;
  readonly now: number;
}

/** What a request that changed a call was answered, or will be. */
export interface Receipt {
  readonly deviceId: string;
  readonly requestId: string;
  readonly answer: RequestAnswer;
}

export type Created =
  | { readonly outcome: 'created'; readonly stored: StoredCall }
  /** RING1: the key stands for this call already. */
  | { readonly outcome: 'existing'; readonly callId: string }
  | { readonly outcome: 'key_reused' }
  /** RING7: the callee rings the caller. */
  | { readonly outcome: 'glare'; readonly callId: string }
  /** The caller's device, or another one of the caller for the same callee, rings somebody already. */
  | { readonly outcome: 'already_dialing' };

/** What became of every call. The judge of each race: a change is one conditional write. */
export interface CallStore {
  /** Stores the call, its participants, both histories and the key, or nothing. */
  create(input: CreateCall): Promise<Created>;
  /** RING1 for a dial that turned into the answer to another call. @returns what the key stands for now. */
  rememberKey(
    userId: string,
    key: string,
    calleeId: string,
    callId: string,
    now: number,
  ): Promise<KeyMeaning>;
  findKey(userId: string, key: string): Promise<KeyMeaning | null>;
  load(callId: string): Promise<StoredCall | null>;
  /**
   * Writes `next` where the call still has the version that was loaded.
   * @param effects - kept with it until they are done, where another node could do them
   * @param receipt - kept with it for a while
   * @param dialKey - RING1, RING7: stands for this call from now on, unless it stands for one already
   * @returns the stored call, or null when somebody else was faster
   */
  save(
    stored: StoredCall,
    next: Call,
    effects?: readonly CallEffect[] | null,
    receipt?: Receipt | null,
    dialKey?: DialKey | null,
  ): Promise<StoredCall | null>;
  /** SES5: what this device was answered to this request; null where that is not kept. */
  findAnswer(deviceId: string, requestId: string): Promise<RequestAnswer | null>;
  forgetAnswers(ageMs: number): Promise<void>;
  /** Changes (of this call) whose effects were kept longer ago than this and are not done, oldest first, at most 200. */
  listUnsent(ageMs: number, callId?: string): Promise<readonly UnsentChange[]>;
  forgetSent(changes: readonly ChangeId[]): Promise<void>;
  /** RING7: the ringing call from one user to another that is not concealed. */
  findRinging(callerId: string, calleeId: string): Promise<string | null>;
  listLive(): Promise<readonly StoredCall[]>;
  /** The live calls that this user makes or gets. */
  listLiveOf(userId: string): Promise<readonly StoredCall[]>;
  /** Calls to which something has to happen by `now`, most urgent first, at most 500. */
  listDue(now: number): Promise<readonly string[]>;
  /** When the next one is due; null when none ever is. */
  findNextDeadline(): Promise<number | null>;
  forgetKeysBefore(at: number): Promise<void>;
}

export interface KeyMeaning {
  readonly callId: string;
  readonly calleeId: string;
}

/** Which devices are there, over all nodes. Rebuilt by the devices themselves when it is lost. */
export interface Presence extends ShownPresence {
  /**
   * SES3: the device is connected, to this node, by this socket, which has it from here on; whoever had it is told (`replaced`) in the
   * same step, so that all nodes hear of several such steps in the order in which they happened.
   *
   * @param most - how many devices of a user may be connected
   * @returns `too many`, and nothing has changed, where so many others are; `given up`, and nothing has changed, where the device
   * has opened a later socket that has it
   */
  setOnline(device: CallDevice, claim: Claim, most?: number): Promise<'too many' | 'given up' | Claimed>;
  /** Its socket is lost; for a while it still counts as online. @returns false when another socket has the device by now */
  setLost(userId: string, deviceId: string, connectionId: string): Promise<boolean>;
  /** It does not come back. Nothing happens where another socket has the device by now. */
  setOffline(userId: string, deviceId: string, connectionId: string): Promise<void>;
  /** It has another name, while it is online. */
  rename(userId: string, deviceId: string, name: string): Promise<void>;
  /** It is signed out, wherever it is connected. */
  forget(userId: string, deviceId: string): Promise<void>;
  /** Whether the device takes part in this call; kept only while it is online. */
  setInCall(userId: string, deviceId: string, callId: string, joined: boolean): Promise<void>;
  /** The ids of all devices of these users. */
  listDeviceIds(userIds: readonly string[]): Promise<readonly string[]>;
  /** In the order in which they came online. */
  listDevices(userId: string): Promise<readonly PresentDevice[]>;
}

/** SES3: what a socket says when it takes its device. */
export interface Claim {
  /** Made by the node that has the socket: no other socket has it. */
  readonly connectionId: string;
  /** When its device has opened it, in ms of the device's own clock; null: it does not say. */
  readonly openedAt: number | null;
  /** The session that its window had before, and the window, as far as it says so. */
  readonly resume?: string | undefined;
  readonly window?: string | undefined;
}

/** A socket has its device. */
export interface Claimed {
  /** Greater than that of every socket that had the device before, on whichever node. */
  readonly order: number;
  /** Whether others were told already what is to be seen of the user now. */
  readonly isShown: boolean;
}

/**
 * A socket is known to have been given up when its device has opened another one that is so much newer at most, in ms. Longer than any
 * registration waits. More: a device whose clock was put back by that much waits until the other socket is noticed to be dead.
 */
export const LATEST_CLAIM_MS = 60_000;

export interface PresentDevice extends CallDevice {
  readonly inCall: boolean;
  /** False while its socket is lost. */
  readonly isConnected: boolean;
}

/** The sessions of devices with the events that they have not acknowledged (SES2). One session for each device. */
export interface Sessions {
  /**
   * Starts an empty session; a former one of the device is forgotten.
   *
   * @param order - of the socket that has it ({@link Claimed})
   * @returns false, and nothing has changed, where a later socket has the device's session by now
   */
  open(deviceId: string, sessionId: string, order: number): Promise<boolean>;
  /**
   * @param order - of the socket that goes on with it
   * @returns the texts of the events after `lastSeq`, or null when this session cannot go on from there, or with this socket
   */
  resume(
    deviceId: string,
    sessionId: string,
    lastSeq: number,
    order: number,
  ): Promise<readonly string[] | null>;
  /**
   * Numbers and keeps an event and hands it to the {@link Bus}, in the order of the numbers.
   *
   * @param key - of what may be handed over more than once and has to be heard once; null: it is handed over once
   * @param order - of what must not come after something later of the same, whichever nodes hand them over; null: of nothing
   * @returns null when the device has no session, `known` when it has this key or something later already, or comes too late for its
   *   call (RING5)
   */
  push(
    deviceId: string,
    event: UnnumberedEvent,
    key?: string | null,
    order?: EventOrder | null,
  ): Eventually<SessionEvent | 'known' | null>;
  acknowledge(deviceId: string, sessionId: string, seq: number): Eventually<void>;
  /** Forgets the session if it is still this one, and no later socket has gone on with it. */
  close(deviceId: string, sessionId: string, order: number): Promise<void>;
}

/** The place of an event among those that say the same thing anew. */
export interface EventOrder {
  readonly of: string;
  readonly number: number;
}

/** An event that is numbered. It is kept and handed on as the text that its device gets, because nobody in between reads it. */
export interface SessionEvent {
  readonly sessionId: string;
  readonly seq: number;
  readonly text: string;
}

/** What one node tells the one that holds a device's socket. */
export type BusMessage =
  | ({ readonly kind: 'event' } & SessionEvent)
  | { readonly kind: 'notice'; readonly text: string }
  /** SES3: another connection has taken over. */
  | {
      readonly kind: 'replaced';
      readonly byConnectionId: string;
      /** Its {@link Claimed}. */
      readonly order: number;
      /** The session that its window had before, and the window, as far as that says so. */
      readonly byResume?: string | undefined;
      readonly byWindow?: string | undefined;
    }
  /** The device is signed out. */
  | { readonly kind: 'signed_out' }
  /** The device has another name now. */
  | { readonly kind: 'renamed'; readonly name: string }
  /** SES4: the device has joined or left a call. */
  | { readonly kind: 'in_call'; readonly callId: string; readonly joined: boolean }
  /** GRP4: from the node that has the socket to the one that has the media of the call, and back. */
  | {
      readonly kind: 'media_request';
      readonly askId: string;
      readonly from: string;
      readonly deviceId: string;
      readonly request: MediaRequest;
      /** MED6: where the device is. */
      readonly region?: string | null | undefined;
      /** MED6: the home of the call asks for a device whose media are at this node. */
      readonly isPart?: boolean | undefined;
    }
  | { readonly kind: 'media_answer'; readonly askId: string; readonly answer: RequestAnswer }
  /** `deviceId` null: the call is over. `home`: of the part of the call that belongs to that node; else of this node's own. */
  | {
      readonly kind: 'media_left';
      readonly callId: string;
      readonly deviceId: string | null;
      readonly home?: string | null | undefined;
    }
  /** MED6: between nodes that share a call. */
  | {
      readonly kind: 'media_part';
      readonly callId: string;
      readonly home: string;
      readonly from: string;
      readonly said: PartMessage;
    };

/** What makes other nodes look again instead of trusting what they remember. */
export type NodeMessage =
  | { readonly kind: 'call_changed'; readonly callId: string; readonly version: number }
  | { readonly kind: 'relation_changed'; readonly userIds: readonly string[] }
  | { readonly kind: 'missed_changed'; readonly userId: string };

/** Delivers in order for each device; what nobody listens to is lost (the sessions keep what matters). */
export interface Bus {
  publish(deviceId: string, message: BusMessage): void;
  subscribe(deviceId: string, handle: (message: BusMessage) => void): Subscription;
  /** Tells all nodes; whether this one hears it too is left open. */
  broadcast(message: NodeMessage): void;
  listen(handle: (message: NodeMessage) => void): Cancel;
}
export interface Subscription {
  /** Resolves when everything that is published from then on arrives. */
  readonly ready: Promise<void>;
  readonly cancel: Cancel;
}

/** What a user may do so often and not more, wherever their devices are connected (ERR2). */
export interface Quotas {
  /** Takes one call start. @returns null, or how many ms to wait when there are too many */
  takeDial(userId: string): Promise<number | null>;
}

/** Makes credentials for a TURN server that need no agreement with it (time-limited HMAC). */
export interface TurnIssuer {
  /** Whether there is a TURN server to issue credentials for. */
  readonly hasServer: boolean;
  issue(userId: string, now: number): TurnCredentials;
}

/** Whether what the server needs answers. */
export interface Health {
  check(): Promise<void>;
}

/** Everything outside. The application closes none of it: who opened it does. */
export interface Ports extends GroupPorts {
  readonly sfu: Sfu;
  readonly mediaNodes: MediaNodes;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly accounts: Accounts;
  readonly identities: IdentityStore;
  readonly calls: CallStore;
  readonly history: History;
  readonly presence: Presence;
  readonly sessions: Sessions;
  readonly bus: Bus;
  readonly quotas: Quotas;
  readonly moveOffers: MoveOffers;
  readonly nodes: Nodes;
  readonly turn: TurnIssuer;
  readonly health: Health;
  readonly meter: Meter;
  /** 32 bytes in base64, the same for all nodes and after every start: what the service derives keys of its own from. */
  readonly serverSecret: Secret;
}

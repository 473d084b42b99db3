import * as z from 'zod/mini';

/** Who has to change something so that it works: the one who sent it, the state of the call, or the server. */
export type Blame = 'sender' | 'state' | 'server';

const CODES = {
  BAD_MESSAGE: ['sender', 'The message is not what the protocol allows.'],
  TOO_LARGE: ['sender', 'The message is too large.'],
  UNSUPPORTED_VERSION: ['sender', 'This server speaks another version of the protocol.'],
  NOT_REGISTERED: ['sender', 'The first message has to be register.'],
  ALREADY_REGISTERED: ['sender', 'This socket is registered already.'],
  UNAUTHENTICATED: ['sender', 'Sign in first.'],
  FORBIDDEN: ['sender', 'This is not yours to do, or there is no such thing.'],
  NOT_FOUND: ['sender', 'There is no such thing.'],
  RATE_LIMITED: ['sender', 'Too many of these at once. Wait a moment.'],
  TOO_MANY_SESSIONS: ['sender', 'Too many windows or devices are connected.'],
  CANNOT_CALL_SELF: ['sender', 'You cannot call yourself.'],
  KEY_REUSED: ['sender', 'This idempotency key stands for another call.'],
  ALREADY_DIALING: ['state', 'You are calling somebody already.'],
  CALL_UNAVAILABLE: ['state', 'This call can no longer be answered or changed.'],
  CALL_FULL: ['state', 'No more people fit in this call.'],
  CALL_LOCKED: ['state', 'This call is locked.'],
  LINK_INVALID: ['state', 'This link does not hold, or not any more.'],
  NO_SUCH_TRACK: ['state', 'There is no such track or transport in this call, or not any more.'],
  TOO_MANY_TRACKS: ['sender', 'This device publishes such a track already.'],
  BAD_MEDIA: ['sender', 'The media parameters are not what the media server takes.'],
  BAD_KEYS: ['sender', 'These keys are not signed as they have to be, or not for this device and call.'],
  KEYS_STALE: ['state', 'Somebody was faster, or this is about keys of an earlier time.'],
  ALREADY_MOVING: ['state', 'This call is on its way to another device already.'],
  MOVE_GONE: ['state', 'This offer of a call does not hold, or not any more.'],
  DEVICE_OFFLINE: ['state', 'This user has no such device, or it is not connected.'],
  WRONG_STATE: ['state', 'The call is not in a state that allows this.'],
  TRY_LATER: ['server', 'Something that the server needs does not answer. Try again in a moment.'],
  MEDIA_UNAVAILABLE: ['server', 'The media server is not there, or not yet.'],
  SERVER_CLOSING: ['server', 'The server is about to restart.'],
  INTERNAL: ['server', 'The server could not do this.'],
} as const satisfies Record<string, readonly [Blame, string]>;

/** The closed list of what can be wrong. */
export type ErrorCode = keyof typeof CODES;

const isCode = (key: string): key is ErrorCode => key in CODES;
const codes = Object.keys(CODES).filter(isCode);

export const ErrorCode = z.enum(codes);

/** @returns who is to blame for an error of this code. */
export const blameOf = (code: ErrorCode): Blame => CODES[code][0];

/** @returns plain English words for developers; what people read is the interface's own. */
export const describeError = (code: ErrorCode): string => CODES[code][1];

/** Reasons for which the server closes a socket, as WebSocket close codes (RFC 6455 §7.4.2: 4000–4999 are private). */
export const CLOSE = {
  /** Another window took over this device (SES3). Do not reconnect by yourself. */
  replaced: 4001,
  /** Signed out or never signed in. Do not reconnect by yourself. */
  unauthenticated: 4003,
  /** No valid `register` in time or a refused one (SES1). */
  refused: 4004,
  /** Too many malformed or too many messages. */
  abuse: 4008,
  /** The device did not read what was sent to it. */
  tooSlow: 4009,
  /** The server restarts (RFC 6455 registry: 1012 Service Restart). Reconnect. */
  restart: 1012,
} as const;

import * as z from 'zod/mini';
import {
  CallState,
  CallType,
  DeviceKind,
  DeviceSummary,
  EndReason,
  Id,
  Presence,
  Time,
  UserSummary,
} from './entities.ts';
import { ErrorCode } from './errors.ts';
import { MediaReadiness } from './groups.ts';
import { LIMITS } from './limits.ts';
import { CallQuality } from './quality.ts';

/** Header that names which of the browser's signed-in devices a request is made for. */
export const DEVICE_HEADER = 'x-visavis-device';

/** Body of every HTTP refusal. */
export const HttpError = z.strictObject({ code: ErrorCode, message: z.string() });
export type HttpError = z.infer<typeof HttpError>;

/** RING8: what happens when somebody who is no contact calls. */
export const StrangerPolicy = z.enum(['ring', 'silent', 'nothing']);
export type StrangerPolicy = z.infer<typeof StrangerPolicy>;

export const Settings = z.strictObject({
  /** RING6: off means a second caller hears `busy`. */
  callWaiting: z.boolean(),
  /** RING3: every device shows calls, none makes a sound. */
  doNotDisturb: z.boolean(),
  strangers: StrangerPolicy,
  /** NEG5: calls of this user go through a relay only, so that nobody they talk to learns a network address of theirs. */
  hideAddress: z.boolean(),
});
export type Settings = z.infer<typeof Settings>;
export const SettingsChange = z.partial(Settings);

export const Service = z.strictObject({
  name: z.string(),
  demo: z.boolean(),
  version: z.string(),
  /** Whether the operator has set up a TURN server. Without one nobody can call who hides their address (NEG5). */
  hasRelay: z.boolean(),
  /** Whether group calls can be had. */
  groupCalls: MediaReadiness,
});
export type Service = z.infer<typeof Service>;

export const DemoPeople = z.strictObject({ people: z.array(UserSummary) });
export type DemoPeople = z.infer<typeof DemoPeople>;

const DeviceName = z.string().check(z.trim(), z.minLength(1), z.maxLength(LIMITS.deviceNameLength));
export const DemoSignIn = z.strictObject({ userId: Id, deviceName: DeviceName, deviceKind: DeviceKind });
export type DemoSignIn = z.infer<typeof DemoSignIn>;
/** GRP6: somebody without an account, for one call. Their name is told to the call alone. */
export const GuestSignIn = z.strictObject({ deviceKind: DeviceKind });
export type GuestSignIn = z.infer<typeof GuestSignIn>;

export const Me = z.strictObject({
  user: UserSummary,
  device: DeviceSummary,
  settings: Settings,
  missedUnseen: z.int(),
  /** GRP6: this is a guest, who has no contacts and no history, and is gone after the call. */
  guest: z.boolean(),
});
export type Me = z.infer<typeof Me>;

export const Contact = z.strictObject({
  user: UserSummary,
  presence: Presence,
  /** When the last of their devices was seen; null if never. */
  lastSeenAt: z.nullable(Time),
  favourite: z.boolean(),
  blocked: z.boolean(),
});
export type Contact = z.infer<typeof Contact>;
export const Contacts = z.strictObject({ contacts: z.array(Contact) });
export const ContactChange = z.partial(z.strictObject({ favourite: z.boolean() }));

export const Device = z.strictObject({
  ...DeviceSummary.shape,
  current: z.boolean(),
  online: z.boolean(),
  createdAt: Time,
  lastSeenAt: Time,
});
export type Device = z.infer<typeof Device>;
export const Devices = z.strictObject({ devices: z.array(Device) });
export const DeviceChange = z.strictObject({ name: DeviceName });

/** HIST1: what became of a call, from one person's side. `missed` is only the callee's, `no_answer` only the caller's. */
export const Outcome = z.enum([
  'answered',
  'missed',
  'no_answer',
  'declined',
  'cancelled',
  'busy',
  'unavailable',
  'failed',
  'ongoing',
]);
export type Outcome = z.infer<typeof Outcome>;

export const HistoryEntry = z.strictObject({
  callId: Id,
  direction: z.enum(['outgoing', 'incoming']),
  peer: UserSummary,
  callType: CallType,
  outcome: Outcome,
  startedAt: Time,
  /** From answer to end; null when it was not answered or still runs. */
  durationMs: z.nullable(z.int()),
  /** False only for missed calls that nobody has looked at yet. */
  seen: z.boolean(),
  /** Of a group call: what it is called, and whom it was with (not this user); `peer` is one of them. Null: a direct call. */
  group: z.nullable(z.strictObject({ title: z.nullable(z.string()), people: z.array(UserSummary) })),
  /** HIST3: how it was on this user's device, of several on the one that was in it for longest. Left out: none has told. */
  quality: z.optional(CallQuality),
});
export type HistoryEntry = z.infer<typeof HistoryEntry>;

/** HIST2. `with` narrows to calls with one person. */
export const HistoryQuery = z.strictObject({
  cursor: z.optional(z.string().check(z.maxLength(200))),
  /** Rows wanted; the server's default is 30. */
  limit: z.optional(z.coerce.number().check(z.int(), z.gte(1), z.lte(LIMITS.historyPage))),
  with: z.optional(Id),
});
export const HistoryPage = z.strictObject({
  entries: z.array(HistoryEntry),
  /** Give it back as `cursor` to get the next page; null on the last. */
  nextCursor: z.nullable(z.string()),
  missedUnseen: z.int(),
});
export type HistoryPage = z.infer<typeof HistoryPage>;

export const CallDetails = z.strictObject({
  entry: HistoryEntry,
  state: CallState,
  endReason: z.nullable(EndReason),
  createdAt: Time,
  connectedAt: z.nullable(Time),
  endedAt: z.nullable(Time),
  /** The devices of this user and the device at the other end that joined. */
  participants: z.array(
    z.strictObject({
      userId: Id,
      deviceName: z.string(),
      deviceKind: DeviceKind,
      state: z.string(),
      joinedAt: z.nullable(Time),
      leftAt: z.nullable(Time),
    }),
  ),
});
export type CallDetails = z.infer<typeof CallDetails>;

/** What an RTCPeerConnection takes as `iceServers`; empty when the operator has set up no TURN. */
export const TurnCredentials = z.strictObject({
  iceServers: z.array(
    z.strictObject({ urls: z.array(z.string()), username: z.string(), credential: z.string() }),
  ),
  expiresAt: z.nullable(Time),
});
export type TurnCredentials = z.infer<typeof TurnCredentials>;

import type { Bytes } from '@visavis/encryption';
import {
  askForApproval,
  approvalMessageType,
  stepNewDevice,
  type NewDeviceEvent,
  type NewDeviceState,
} from '@visavis/encryption/identity';
import { fromBase64, toBase64 } from '../../base64.ts';
import type { Timers } from '../../timers.ts';
import { createLine, type EndReason, type HeardStep, type SayStep, writeScan } from './types.ts';

/** Another device of the user, that may be able to confirm this one. */
export interface ApproverDevice {
  readonly deviceId: string;
  readonly name: string;
  readonly online: boolean;
  /** Whether the server has a certificate of it that holds. */
  readonly confirmed: boolean;
}

/**
 * Why it came to nothing. `denied`: the person has not seen that the old device took the digits. `not_adopted`: what was granted does not
 * stand (any more). `broken`: what was said did not fit.
 */
export type AskingFailure =
  | 'refused'
  | 'wrong_code'
  | 'cancelled'
  | 'offline'
  | 'timed_out'
  | 'denied'
  | 'not_adopted'
  | 'broken';

/*
 *  preparing ─▶ asking ──offer──▶ comparing ──grant──▶ granted ──confirm──▶ adopting ─▶ done
 *                 └────────grant to who scanned, also while digits are shown────▲
 *  From each of them `failed`, which is the end of this attempt.
 */
export type AskingState =
  | { readonly phase: 'preparing' }
  /** `scan` is shown as a QR code. `devices`: who can confirm, online or not; null while that is being found out. */
  | {
      readonly phase: 'asking';
      readonly scan: Bytes;
      readonly devices: readonly ApproverDevice[] | null;
    }
  /** `code`: 8 digits, to be typed on the device `by`. */
  | { readonly phase: 'comparing'; readonly scan: Bytes; readonly code: string; readonly by: string }
  /** The person has to say whether that device took the digits. */
  | { readonly phase: 'granted'; readonly by: string }
  | { readonly phase: 'adopting'; readonly by: string }
  | { readonly phase: 'done'; readonly by: string }
  | { readonly phase: 'failed'; readonly reason: AskingFailure };

export interface AskingOptions {
  readonly device: { readonly userId: string; readonly deviceId: string; readonly deviceKey: Bytes };
  readonly say: SayStep;
  /** The other devices of this user; null where the server does not say. */
  readonly listDevices: () => Promise<readonly ApproverDevice[] | null>;
  /** @returns whether this device has the identity now. The secret is zeroed afterwards */
  readonly adopt: (secret: Bytes) => Promise<boolean>;
  readonly timers: Timers;
  /** A new UUID. */
  readonly makeId: () => string;
  readonly onChange: (state: AskingState) => void;
}

/** One attempt of this device to be confirmed by another one of its user. */
export interface Asking {
  readonly state: AskingState;
  hear(heard: HeardStep): void;
  /** The person has seen that the other device took the digits. */
  confirm(): void;
  /** The person has seen that it did not. */
  deny(): void;
  /** Gives it up; the other device is told. */
  cancel(): void;
}

/** A device that comes online, or misses it, hears of this one after that long. Shorter: more messages. */
const ASK_EVERY_MS = 10_000;
/** From the beginning to the first offer or grant: long enough to fetch the other device. */
const ASKING_MS = 300_000;
/** For each thing that the person does then. */
const PERSON_MS = 210_000;

const noop = (): void => {};

export function createAsking(options: AskingOptions): Asking {
  const { device, say, timers } = options;
  const attempt = options.makeId();
  let state: AskingState = { phase: 'preparing' };
  let machine: NewDeviceState | null = null;
  let ask = '';
  let lastHeard = '';
  /** Whom this device has asked. */
  const asked = new Set<string>();
  let cancelRepeat = noop;
  let cancelDeadline = noop;
  const line = createLine(() => fail('broken', 'broken'));

  const isOver = (): boolean => state.phase === 'done' || state.phase === 'failed';
  function change(next: AskingState): void {
    state = next;
    options.onChange(next);
  }
  function setDeadline(ms: number): void {
    cancelDeadline();
    cancelDeadline = timers.after(ms, () => fail('timed_out', 'timed_out'));
  }
  /** Tells everybody who was asked, but this one. */
  function tell(reason: EndReason, except: string | null = null): void {
    for (const deviceId of asked) {
      if (deviceId !== except) void say(deviceId, attempt, { kind: 'end', reason });
    }
  }
  function stop(): void {
    cancelRepeat();
    cancelDeadline();
    machine = null;
  }
  function fail(reason: AskingFailure, told: EndReason, except: string | null = null): void {
    if (isOver()) return;
    stop();
    tell(told, except);
    change({ phase: 'failed', reason });
  }

  async function start(): Promise<void> {
    const begun = await askForApproval(device);
    if (isOver()) return;
    machine = begun.state;
    ask = toBase64(begun.message);
    change({ phase: 'asking', scan: writeScan(attempt, begun.qr), devices: null });
    setDeadline(ASKING_MS);
    void askAll();
  }

  async function askAll(): Promise<void> {
    const devices = await options.listDevices();
    if (state.phase !== 'asking') return;
    if (devices !== null) change({ ...state, devices: devices.filter(({ confirmed }) => confirmed) });
    for (const { deviceId, online, confirmed } of devices ?? []) {
      if (!online || !confirmed) continue;
      asked.add(deviceId);
      void say(deviceId, attempt, { kind: 'ask', bytes: ask });
    }
    cancelRepeat = timers.after(ASK_EVERY_MS, () => void askAll());
  }

  async function step(from: string, event: NewDeviceEvent): Promise<void> {
    if (machine === null) return;
    const before = state;
    const { state: next, message } = await stepNewDevice(machine, event);
    if (isOver()) return;
    machine = next;
    if (message !== null) {
      const said = await say(from, attempt, { kind: 'message', bytes: toBase64(message) });
      if (said !== 'said') return fail('offline', 'cancelled');
    }
    switch (next.type) {
      case 'asking':
        return;
      case 'comparing':
        if (before.phase !== 'asking') return;
        cancelRepeat();
        tell('elsewhere', from);
        asked.clear();
        asked.add(from);
        setDeadline(PERSON_MS);
        return change({ phase: 'comparing', scan: before.scan, code: next.code, by: from });
      case 'granted':
        setDeadline(PERSON_MS);
        return change({ phase: 'granted', by: from });
      case 'done':
        return adopt(from, next.grant.secret);
      case 'failed':
        return fail('broken', 'broken');
    }
  }

  async function adopt(by: string, secret: Bytes): Promise<void> {
    cancelRepeat();
    cancelDeadline();
    asked.add(by);
    change({ phase: 'adopting', by });
    const isAdopted = await options.adopt(secret);
    secret.fill(0);
    if (isOver()) return;
    if (!isAdopted) return fail('not_adopted', 'broken');
    stop();
    tell('elsewhere', by);
    void say(by, attempt, { kind: 'end', reason: 'done' });
    change({ phase: 'done', by });
  }

  const boundTo = (): string | null => ('by' in state ? state.by : null);

  function handleMessage(from: string, bytes: string): Promise<void> {
    // A node that is asked twice says it twice.
    if (isOver() || bytes === lastHeard) return Promise.resolve();
    // What was granted waits for its person, and for nobody else.
    if (state.phase === 'granted' || state.phase === 'adopting') return Promise.resolve();
    const message = fromBase64(bytes);
    const isOffer = approvalMessageType(message) === 'offer';
    if (isOffer && state.phase !== 'asking') {
      // Two old devices at once: the first one has it.
      const isOther = boundTo() !== from;
      if (isOther) void say(from, attempt, { kind: 'end', reason: 'elsewhere' });
      return isOther ? Promise.resolve() : step(from, { type: 'message', message });
    }
    lastHeard = bytes;
    return step(from, { type: 'message', message });
  }

  function handleEnd(from: string, reason: EndReason): void {
    const bound = boundTo();
    // Whoever refuses it is its person; what others do who are not part of it is of no matter.
    if (reason === 'refused') return fail('refused', 'refused', from);
    if (bound !== from || state.phase === 'adopting') return;
    switch (reason) {
      case 'wrong_code':
      case 'timed_out':
        return fail(reason, 'cancelled', from);
      case 'elsewhere':
      case 'cancelled':
        return fail('cancelled', 'cancelled', from);
      case 'broken':
      case 'done':
        return fail('broken', 'broken', from);
    }
  }

  void line(start);
  return {
    get state() {
      return state;
    },
    hear({ fromDeviceId, attempt: of, step: heard }) {
      if (of !== attempt || isOver()) return;
      if (heard.kind === 'message') void line(async () => handleMessage(fromDeviceId, heard.bytes));
      if (heard.kind === 'end') handleEnd(fromDeviceId, heard.reason);
    },
    confirm() {
      void line(async () => {
        if (state.phase === 'granted') await step(state.by, { type: 'confirmed' });
      });
    },
    deny() {
      if (state.phase === 'granted') fail('denied', 'cancelled');
    },
    cancel() {
      if (isOver()) return;
      stop();
      tell('cancelled');
      state = { phase: 'failed', reason: 'cancelled' };
    },
  };
}

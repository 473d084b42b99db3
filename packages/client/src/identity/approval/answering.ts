import type { Bytes } from '@visavis/encryption';
import {
  offerApproval,
  stepOldDevice,
  type OldDeviceEvent,
  type OldDeviceState,
} from '@visavis/encryption/identity';
import { fromBase64, toBase64 } from '../../base64.ts';
import type { Timers } from '../../timers.ts';
import { createLine, type EndReason, type HeardStep, readScan, type SayStep } from './types.ts';

/**
 * Why it came to nothing. `unreadable`: what was scanned is no device that asks. `cannot`: this device is not confirmed. `elsewhere`: the
 * new device goes on with another one. `restarted`: it has begun anew.
 */
export type AnsweringFailure =
  | 'wrong_code'
  | 'unreadable'
  | 'cannot'
  | 'offline'
  | 'timed_out'
  | 'cancelled'
  | 'elsewhere'
  | 'restarted'
  | 'broken';

/*
 *  connecting ──reveal──▶ typing ──right digits──▶ granted ──it is confirmed──▶ done
 *                            scanned ────────────────▲
 *  From each of them `failed`.
 */
export type Answer =
  | { readonly phase: 'connecting' | 'typing' | 'done'; readonly deviceId: string }
  /** By digits, the person has to say so on the new device before it takes what was granted. */
  | { readonly phase: 'granted'; readonly deviceId: string; readonly by: 'code' | 'scan' }
  | { readonly phase: 'failed'; readonly deviceId: string | null; readonly reason: AnsweringFailure };

export interface AnsweringState {
  /** Devices of this user that ask to be confirmed, in the order in which they did. */
  readonly asks: readonly string[];
  /** What the person of this device does about one of them. */
  readonly answer: Answer | null;
}

export interface AnsweringOptions {
  readonly userId: string;
  /** The identity secret, a copy of its own; null where this device is not confirmed. */
  readonly unsafeReadSecret: () => Promise<Bytes | null>;
  readonly say: SayStep;
  readonly timers: Timers;
  readonly onChange: (state: AnsweringState) => void;
}

/** What a confirmed device does about others of its user that ask it to confirm them: one at a time. */
export interface Answering {
  readonly state: AnsweringState;
  hear(heard: HeardStep): void;
  /** Goes by digits, which the device that asked shows then. */
  open(deviceId: string): void;
  /** What the person typed, in any grouping. */
  type(code: string): void;
  /** What was scanned from the screen of a device that asks. */
  scan(scan: Uint8Array): void;
  /** It was not this person who asks. */
  refuse(deviceId: string): void;
  /** Puts the answer away; one that is under way is given up. */
  close(): void;
}

/** A device that asks says so every 10 s. One that has not for this long does not ask any more. */
const ASK_LASTS_MS = 25_000;
/** Devices reveal themselves by themselves. */
const REVEAL_MS = 15_000;
const PERSON_MS = 180_000;

interface Ask {
  readonly attempt: string;
  readonly bytes: string;
  readonly forget: () => void;
}

interface Current {
  readonly deviceId: string;
  readonly attempt: string;
  machine: OldDeviceState;
  readonly secret: Bytes;
}

const noop = (): void => {};

export function createAnswering(options: AnsweringOptions): Answering {
  const { userId, say, timers } = options;
  const asks = new Map<string, Ask>();
  const refused = new Set<string>();
  let answer: Answer | null = null;
  let current: Current | null = null;
  let lastHeard = '';
  let cancelDeadline = noop;
  const line = createLine(() => fail('broken', 'broken'));

  const readState = (): AnsweringState => ({ asks: [...asks.keys()], answer });
  function change(next: Answer | null = answer): void {
    answer = next;
    options.onChange(readState());
  }
  function forget(deviceId: string): void {
    asks.get(deviceId)?.forget();
    asks.delete(deviceId);
  }
  function setDeadline(ms: number, reason: 'timed_out' | 'offline'): void {
    cancelDeadline();
    cancelDeadline = timers.after(ms, () => fail(reason, 'timed_out'));
  }
  function stop(): void {
    cancelDeadline();
    current?.secret.fill(0);
    current = null;
  }
  /** @param told - what the other device hears; null: nothing */
  function fail(reason: AnsweringFailure, told: EndReason | null, deviceId: string | null = null): void {
    const failed = current;
    stop();
    if (failed !== null && told !== null)
      void say(failed.deviceId, failed.attempt, { kind: 'end', reason: told });
    change({ phase: 'failed', deviceId: failed?.deviceId ?? deviceId, reason });
  }

  /** Begins with a device; what was under way is given up. */
  async function begin(deviceId: string, attempt: string): Promise<Current | null> {
    giveUp();
    const secret = await options.unsafeReadSecret();
    if (secret === null) {
      change({ phase: 'failed', deviceId, reason: 'cannot' });
      return null;
    }
    lastHeard = '';
    current = { deviceId, attempt, secret, machine: offerApproval({ userId, secret }) };
    return current;
  }
  function giveUp(): void {
    if (current !== null) {
      const isUnderWay = answer?.phase !== 'granted';
      if (isUnderWay) void say(current.deviceId, current.attempt, { kind: 'end', reason: 'cancelled' });
    }
    stop();
  }

  async function step(mine: Current, event: OldDeviceEvent): Promise<void> {
    const { state: next, message } = await stepOldDevice(mine.machine, event);
    if (current !== mine) return;
    mine.machine = next;
    if (next.type === 'failed') {
      if (next.reason === 'wrong_code') return fail('wrong_code', 'wrong_code');
      return event.type === 'scanned' ? fail('unreadable', null) : fail('broken', 'broken');
    }
    const { deviceId } = mine;
    if (message !== null) {
      const said = await say(deviceId, mine.attempt, { kind: 'message', bytes: toBase64(message) });
      if (current !== mine) return;
      if (said !== 'said') return fail('offline', null);
    }
    if (next.type === 'offered') {
      setDeadline(REVEAL_MS, 'offline');
      change({ phase: 'connecting', deviceId });
    }
    if (next.type === 'comparing') {
      setDeadline(PERSON_MS, 'timed_out');
      change({ phase: 'typing', deviceId });
    }
    if (next.type === 'done') {
      mine.secret.fill(0);
      setDeadline(PERSON_MS, 'timed_out');
      change({ phase: 'granted', deviceId, by: event.type === 'scanned' ? 'scan' : 'code' });
    }
  }

  function handleAsk(deviceId: string, attempt: string, bytes: string): void {
    if (refused.has(attempt) || current?.attempt === attempt) return;
    if (current?.deviceId === deviceId) fail('restarted', null);
    asks.get(deviceId)?.forget();
    const expire = timers.after(ASK_LASTS_MS, () => {
      asks.delete(deviceId);
      change();
    });
    asks.set(deviceId, { attempt, bytes, forget: expire });
    change();
  }

  function handleEnd(deviceId: string, attempt: string, reason: EndReason): void {
    if (asks.get(deviceId)?.attempt === attempt) {
      forget(deviceId);
      change();
    }
    if (current?.deviceId !== deviceId || current.attempt !== attempt) return;
    switch (reason) {
      case 'done':
        // Nobody is confirmed by whom nothing was granted to.
        if (answer?.phase !== 'granted') return fail('broken', null);
        stop();
        return change({ phase: 'done', deviceId });
      case 'elsewhere':
      case 'timed_out':
        return fail(reason, null);
      case 'cancelled':
      case 'refused':
        return fail('cancelled', null);
      case 'wrong_code':
      case 'broken':
        return fail('broken', null);
    }
  }

  return {
    get state() {
      return readState();
    },
    hear({ fromDeviceId, attempt, step: heard }) {
      if (heard.kind === 'ask') return handleAsk(fromDeviceId, attempt, heard.bytes);
      void line(async () => {
        if (heard.kind === 'end') return handleEnd(fromDeviceId, attempt, heard.reason);
        if (current?.deviceId !== fromDeviceId || current.attempt !== attempt) return;
        if (heard.bytes === lastHeard) return;
        lastHeard = heard.bytes;
        await step(current, { type: 'message', message: fromBase64(heard.bytes) });
      });
    },
    open(deviceId) {
      void line(async () => {
        const ask = asks.get(deviceId);
        if (ask === undefined) return change({ phase: 'failed', deviceId, reason: 'offline' });
        forget(deviceId);
        const begun = await begin(deviceId, ask.attempt);
        if (begun !== null) await step(begun, { type: 'message', message: fromBase64(ask.bytes) });
      });
    },
    type(code) {
      void line(async () => {
        if (current !== null) await step(current, { type: 'typed', code, now: timers.now() });
      });
    },
    scan(scan) {
      void line(async () => {
        const read = readScan(scan);
        if (read === null) return fail('unreadable', 'cancelled');
        const probe = await options.unsafeReadSecret();
        if (probe === null) return fail('cannot', null);
        // Whose it is stands in what was scanned.
        const scanned = { type: 'scanned', qr: read.qr, now: timers.now() } as const;
        const granted = await stepOldDevice(offerApproval({ userId, secret: probe }), scanned);
        probe.fill(0);
        if (granted.state.type !== 'done' || granted.message === null) return fail('unreadable', 'cancelled');
        giveUp();
        const { deviceId } = granted.state.device;
        const mine: Current = { deviceId, attempt: read.attempt, machine: granted.state, secret: probe };
        current = mine;
        const bytes = toBase64(granted.message);
        change({ phase: 'granted', deviceId, by: 'scan' });
        setDeadline(PERSON_MS, 'timed_out');
        const said = await say(deviceId, read.attempt, { kind: 'message', bytes });
        if (current === mine && said !== 'said') fail('offline', null);
      });
    },
    refuse(deviceId) {
      const ask = asks.get(deviceId);
      if (ask === undefined) return;
      refused.add(ask.attempt);
      forget(deviceId);
      void say(deviceId, ask.attempt, { kind: 'end', reason: 'refused' });
      change();
    },
    close() {
      giveUp();
      change(null);
    },
  };
}

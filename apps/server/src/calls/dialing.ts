import { dialCall, viewCall, type Call, type CallDevice } from '@visavis/call';
import type { CallSnapshot, CallType, ErrorCode, Signal, UserSummary } from '@visavis/protocol';
import type { CorePorts } from '../corePorts.ts';
import type { LiveCalls } from './liveCalls.ts';

export interface DialRequest {
  readonly caller: UserSummary;
  readonly device: CallDevice;
  readonly calleeId: string;
  readonly callType: CallType;
  readonly idempotencyKey: string;
}

export type Dialed =
  /** `call` is null when it is over already: its end comes, or came, as an event. */
  | {
      readonly ok: true;
      readonly callId: string;
      readonly call: CallSnapshot | null;
      readonly signals?: Signal[];
    }
  | { readonly ok: false; readonly code: ErrorCode; readonly retryAfterMs?: number };

/**
 * Dials (RING1, RING6, RING7, RING8).
 *
 * @param answer - told once what came of it, before anything that follows from it is sent to the device
 */
export type Dial = (request: DialRequest, answer: (dialed: Dialed) => void) => Promise<void>;

type DialPorts = Pick<CorePorts, 'accounts' | 'calls' | 'presence' | 'quotas' | 'clock' | 'random'>;
/** A call that rang a moment ago can be over when it is to be answered, and the next try can meet another one. */
const MOST_TRIES = 4;

export function createDial(ports: DialPorts, live: LiveCalls, ringMs: number): Dial {
  const { accounts, calls, presence, quotas, clock, random } = ports;

  /** RING7: whoever dials somebody who rings them answers that call. */
  const answerGlare = async (callId: string, request: DialRequest): Promise<Dialed> => {
    const { device, caller, calleeId, callType, idempotencyKey } = request;
    await live.change(callId, { type: 'device_online', device });
    const { userId } = caller;
    const change = await live.change(
      callId,
      { type: 'answered', deviceId: device.deviceId, media: callType },
      null,
      { userId, key: idempotencyKey, calleeId, now: clock.now() },
    );
    if (!change.ok) return change;
    // Where this device had answered already, nothing was written.
    await calls.rememberKey(userId, idempotencyKey, calleeId, callId, clock.now());
    const call = viewCall(change.call, device.deviceId);
    return {
      ok: true,
      callId,
      call,
      signals: change.before.state === 'ringing' ? [...change.before.held] : [],
    };
  };

  /** Devices that came online while the call was being stored ring as well (RING2). */
  const ringLatecomers = async (call: Call): Promise<void> => {
    if (call.state !== 'ringing' || call.concealed) return;
    const rung = new Set(call.participants.map(({ device }) => device.deviceId));
    for (const device of await presence.listDevices(call.callee.userId)) {
      if (!rung.has(device.deviceId))
        await live.change(call.callId, { type: 'device_online', device: plain(device) });
    }
  };

  const dialOnce = async (
    request: DialRequest,
    answer: (dialed: Dialed) => void,
  ): Promise<'done' | 'again'> => {
    const { caller, device, calleeId, callType, idempotencyKey } = request;
    const relation = await accounts.findRelation(caller.userId, calleeId);
    if (relation === null) return reply(answer, { ok: false, code: 'NOT_FOUND' });
    // Whoever rings is in a call: this comes before `busy`.
    const ringing = relation.inCall ? await calls.findRinging(calleeId, caller.userId) : null;
    if (ringing !== null && (await calls.findKey(caller.userId, idempotencyKey)) === null) {
      return replyUnlessOver(answer, await answerGlare(ringing, request));
    }
    const { call, effects } = dialCall({
      callId: random.id(),
      callType,
      caller,
      callerDevice: device,
      callee: relation.callee,
      calleeDevices: (await presence.listDevices(calleeId)).map((each) => plain(each)),
      policy: relation,
      now: clock.now(),
      ringMs,
    });
    const created = await live.create({ call, idempotencyKey }, effects, () => {
      answer({ ok: true, callId: call.callId, call: viewCall(call, device.deviceId) });
    });
    switch (created.outcome) {
      case 'created':
        await ringLatecomers(call);
        return 'done';
      case 'existing':
        return reply(answer, await viewExisting(live, created.callId, device.deviceId));
      case 'key_reused':
        return reply(answer, { ok: false, code: 'KEY_REUSED' });
      case 'already_dialing':
        return reply(answer, { ok: false, code: 'ALREADY_DIALING' });
      case 'glare':
        return replyUnlessOver(answer, await answerGlare(created.callId, request));
    }
  };

  return async (request, answer) => {
    if (request.calleeId === request.caller.userId) {
      answer({ ok: false, code: 'CANNOT_CALL_SELF' });
      return;
    }
    const { userId } = request.caller;
    const retryAfterMs = await quotas.takeDial(userId);
    // A repeat starts nothing.
    if (retryAfterMs !== null && (await calls.findKey(userId, request.idempotencyKey)) === null) {
      answer({ ok: false, code: 'RATE_LIMITED', retryAfterMs });
      return;
    }
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      if ((await dialOnce(request, answer)) === 'done') return;
    }
    answer(unavailable);
  };
}

const unavailable: Dialed = { ok: false, code: 'CALL_UNAVAILABLE' };

const plain = ({ userId, deviceId, name, kind }: CallDevice): CallDevice => ({
  userId,
  deviceId,
  name,
  kind,
});

function reply(answer: (dialed: Dialed) => void, dialed: Dialed): 'done' {
  answer(dialed);
  return 'done';
}

function replyUnlessOver(answer: (dialed: Dialed) => void, dialed: Dialed): 'done' | 'again' {
  return dialed.ok || dialed.code !== 'CALL_UNAVAILABLE' ? reply(answer, dialed) : 'again';
}

/** RING1: the same call again; another device of the user learns only that there is one. */
async function viewExisting(live: LiveCalls, callId: string, deviceId: string): Promise<Dialed> {
  const call = await live.find(callId);
  if (call === null) return unavailable;
  const isPart = call.participants.some(({ device }) => device.deviceId === deviceId);
  return isPart
    ? { ok: true, callId, call: viewCall(call, deviceId) }
    : { ok: false, code: 'ALREADY_DIALING' };
}

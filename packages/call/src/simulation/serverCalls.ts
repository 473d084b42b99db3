import type { CallType, ErrorCode, Signal, UnnumberedEvent } from '@visavis/protocol';
import { TIMES } from '@visavis/protocol';
import type { Call, CallDevice, CallEffect, CallEvent, CallStep } from '../server/index.ts';
import { auditShape, auditStep } from './auditServer.ts';
import type { Store } from './store.ts';
import { KIND, must, type SimulatedUser, type World } from './world.ts';

/** What the calls need of the sessions. */
export interface Delivery {
  send(deviceId: string, event: UnnumberedEvent): void;
  onlineDevices(userId: string): readonly CallDevice[];
}

export interface DialAnswer {
  readonly callId: string;
  readonly signals: readonly Signal[];
  readonly effects: readonly CallEffect[];
}

/** The server's calls: each change stored at once, its effects carried out after that, its deadline set. */
export interface ServerCalls {
  apply(callId: string, event: CallEvent): CallStep | null;
  /** Steps and carries out at once. */
  run(callId: string, event: CallEvent): void;
  perform(call: Call, effects: readonly CallEffect[]): void;
  dial(device: CallDevice, key: string, calleeId: string, callType: CallType): DialAnswer | ErrorCode;
}

export function createServerCalls(
  world: World,
  store: Store,
  users: ReadonlyMap<string, SimulatedUser>,
  delivery: Delivery,
): ServerCalls {
  const { clock, random, machines, counts } = world;

  function apply(callId: string, event: CallEvent): CallStep | null {
    const before = store.find(callId);
    if (before === undefined) return null;
    const now = clock.now();
    const step = machines.stepCall(before, event, now);
    world.note(
      () =>
        `server ${before.state} + ${event.type} → ${step.refusal ?? step.call.state} (${callId.slice(-4)})`,
    );
    auditStep(before, event, step, now, machines.nextDeadline(before));
    if (step.call === before) return step;
    if (before.state === 'ringing' && step.call.state === 'connected') counts.connected += 1;
    store.put(step.call);
    if (machines.nextDeadline(before) !== machines.nextDeadline(step.call)) setDeadline(step.call);
    return step;
  }

  /** Any node delivers a deadline: early, late, twice (RING5). */
  function setDeadline(call: Call): void {
    const at = machines.nextDeadline(call);
    if (at === null) return;
    const deliver = (delayMs: number): void => {
      clock.after(at + delayMs - clock.now(), () => {
        run(call.callId, { type: 'deadline_passed' });
      });
    };
    deliver(random.chance(0.2) ? random.between(0, 3_000) : 0);
    if (random.chance(0.1)) deliver(-random.between(1, 400));
    if (random.chance(0.1)) deliver(random.between(0, 5_000));
  }

  function perform(call: Call, effects: readonly CallEffect[]): void {
    for (const effect of effects) {
      if (effect.type === 'send') {
        const isBlocked = users.get(call.callee.userId)?.blocks.has(call.caller.userId) === true;
        must(effect.event.type !== 'ring' || !isBlocked, () => 'RING8 a blocked caller rings');
        delivery.send(effect.deviceId, effect.event);
      } else if (effect.type === 'history_changed')
        for (const userId of effect.userIds) store.writeHistory(userId, store.find(call.callId) ?? call);
    }
  }

  function run(callId: string, event: CallEvent): void {
    const step = apply(callId, event);
    if (step !== null) perform(step.call, step.effects);
  }

  function dial(
    device: CallDevice,
    key: string,
    calleeId: string,
    callType: CallType,
  ): DialAnswer | ErrorCode {
    const known = store.findByKey(device.userId, key);
    if (known !== undefined) {
      counts.repeats += 1;
      return { callId: known, signals: [], effects: [] };
    }
    const ringing = store.findRinging(device.userId, calleeId);
    if (ringing?.caller.userId === device.userId) return 'ALREADY_DIALING';
    return ringing === undefined
      ? dialAnew(device, key, calleeId, callType)
      : meet(ringing, device, key, callType);
  }

  /** RING7: the other one's call rings already; to dial is to answer it. */
  function meet(ringing: Call, device: CallDevice, key: string, media: CallType): DialAnswer | ErrorCode {
    const { callId } = ringing;
    run(callId, { type: 'device_online', device });
    const current = store.find(callId);
    const signals = current?.state === 'ringing' ? current.held : [];
    const step = apply(callId, { type: 'answered', deviceId: device.deviceId, media });
    if (step === null) return 'NOT_FOUND';
    if (step.refusal !== null) return step.refusal;
    counts.glares += 1;
    store.bindKey(device.userId, key, callId);
    return { callId, signals, effects: step.effects };
  }

  function dialAnew(
    device: CallDevice,
    key: string,
    calleeId: string,
    callType: CallType,
  ): DialAnswer | ErrorCode {
    const caller = users.get(device.userId);
    const callee = users.get(calleeId);
    if (caller === undefined || callee === undefined) return 'NOT_FOUND';
    const inCall = store
      .live()
      .some(({ participants }) =>
        participants.some((other) => other.device.userId === calleeId && other.part.state === 'joined'),
      );
    const { call, effects } = machines.dialCall({
      callId: world.makeId(KIND.call),
      callType,
      caller: caller.summary,
      callerDevice: device,
      callee: callee.summary,
      calleeDevices: delivery.onlineDevices(calleeId),
      policy: {
        inCall,
        callWaiting: callee.callWaiting,
        doNotDisturb: callee.doNotDisturb,
        admits: callee.blocks.has(device.userId) ? 'nothing' : 'ring',
      },
      now: clock.now(),
      ringMs: TIMES.ringMs,
    });
    counts.calls += 1;
    world.note(() => `server dialed ${call.callId.slice(-4)} ${call.state}`);
    auditShape(call, call);
    store.put(call);
    store.bindKey(device.userId, key, call.callId);
    setDeadline(call);
    return { callId: call.callId, signals: [], effects };
  }

  return { apply, run, perform, dial };
}

import { nextDeadline, type Call, type CallEffect } from '@visavis/call';
import type { People } from '../people.ts';
import type { Ports } from '../ports.ts';
import { toError } from '../toError.ts';
import { joinedDevices, type ChangeListener } from './liveCalls.ts';

type EffectPorts = Pick<Ports, 'sessions' | 'bus' | 'presence' | 'log'>;

export interface Effects {
  readonly listener: ChangeListener;
  /** SES4: whether this device takes part in a call. */
  isInCall(deviceId: string): boolean;
  /** Takes over the devices that are in a call from a former run. */
  recall(call: Call): void;
  /** Resolves when everything that was to be sent is sent. */
  settle(): Promise<void>;
}

/** Does what follows from a stored change: events, notices, presence and the next deadline. */
export function createEffects(
  { sessions, bus, presence, log }: EffectPorts,
  people: People,
  expectDeadline: (at: number | null) => void,
): Effects {
  const callsOf = new Map<string, Set<string>>();
  const running = new Set<Promise<void>>();

  /** Nothing that fails here undoes the change: it is stored, and a device that missed it gets a snapshot. */
  const start = (what: string, work: Promise<void>): void => {
    const guarded = work
      .catch((error: unknown) => {
        log.error(`${what} failed`, { error: toError(error) });
      })
      .finally(() => {
        running.delete(guarded);
      });
    running.add(guarded);
  };

  const sendEvent = async ({ deviceId, event }: Extract<CallEffect, { type: 'send' }>): Promise<void> => {
    const pushed = await sessions.push(deviceId, event);
    if (pushed !== null) bus.publish(deviceId, { kind: 'event', ...pushed });
  };

  const setInCall = (call: Call, deviceId: string, joined: boolean): void => {
    const calls = callsOf.get(deviceId) ?? new Set<string>();
    const wasInCall = calls.size > 0;
    if (joined) calls.add(call.callId);
    else calls.delete(call.callId);
    if (calls.size > 0) callsOf.set(deviceId, calls);
    else callsOf.delete(deviceId);
    const userId = call.participants.find(({ device }) => device.deviceId === deviceId)?.device.userId;
    if (userId === undefined || wasInCall === calls.size > 0) return;
    start(
      'presence',
      presence.setInCall(userId, deviceId, joined).then(async () => people.refresh(userId)),
    );
  };

  const compareJoined = (call: Call, before: Call | null): void => {
    const was = before === null ? new Set<string>() : joinedDevices(before);
    const is = joinedDevices(call);
    for (const deviceId of is) if (!was.has(deviceId)) setInCall(call, deviceId, true);
    for (const deviceId of was) if (!is.has(deviceId)) setInCall(call, deviceId, false);
  };

  return {
    isInCall: (deviceId) => callsOf.has(deviceId),
    recall: (call) => {
      compareJoined(call, null);
    },
    listener: (call, before, effects) => {
      for (const effect of effects) {
        switch (effect.type) {
          case 'send':
            start('an event', sendEvent(effect));
            break;
          case 'history_changed':
            if (call.state !== 'ringing' && call.state !== 'connected')
              people.forgetMissed(call.callee.userId);
            for (const userId of effect.userIds) start('a notice', people.historyChanged(userId));
            break;
        }
      }
      if (call === before) return;
      compareJoined(call, before);
      expectDeadline(nextDeadline(call));
    },
    settle: async () => {
      while (running.size > 0) await Promise.all(running);
    },
  };
}

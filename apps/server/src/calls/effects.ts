import { nextDeadline, type Call, type CallEffect } from '@visavis/call';
import type { People } from '../people.ts';
import type { Ports } from '../ports.ts';
import { toError } from '../toError.ts';
import { Unavailable } from '../unavailable.ts';
import { createKeyedQueue } from './queue.ts';
import { joinedDevices, type ChangeListener } from './liveCalls.ts';

type EffectPorts = Pick<Ports, 'sessions' | 'bus' | 'presence' | 'log' | 'clock'>;

/** How long an event is kept trying that cannot be handed over, and how often. */
const PATIENCE_MS = 10_000;
const RETRY_MS = 200;

export interface Effects {
  readonly listener: ChangeListener;
  /** Resolves when everything that was to be sent is sent. */
  settle(): Promise<void>;
}

/** Does what follows from a stored change: events, notices, presence and the next deadline. */
export function createEffects(
  { sessions, bus, presence, log, clock }: EffectPorts,
  people: People,
  expectDeadline: (at: number | null) => void,
): Effects {
  /** What waits must not be overtaken. */
  const queue = createKeyedQueue();
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
    const deadline = clock.now() + PATIENCE_MS;
    for (;;) {
      try {
        await sessions.push(deviceId, event);
        return;
      } catch (error) {
        if (!(error instanceof Unavailable) || clock.now() > deadline) throw error;
        await new Promise<void>((resolve) => {
          clock.schedule(RETRY_MS, resolve);
        });
      }
    }
  };

  const setInCall = ({ callId, participants }: Call, deviceId: string, joined: boolean): void => {
    const userId = participants.find(({ device }) => device.deviceId === deviceId)?.device.userId;
    if (userId === undefined) return;
    bus.publish(deviceId, { kind: 'in_call', callId, joined });
    start(
      'presence',
      presence.setInCall(userId, deviceId, callId, joined).then(async () => people.refresh(userId)),
    );
  };

  const compareJoined = (call: Call, before: Call | null): void => {
    const was = before === null ? new Set<string>() : joinedDevices(before);
    const is = joinedDevices(call);
    for (const deviceId of is) if (!was.has(deviceId)) setInCall(call, deviceId, true);
    for (const deviceId of was) if (!is.has(deviceId)) setInCall(call, deviceId, false);
  };

  return {
    listener: (call, before, effects) => {
      for (const effect of effects) {
        switch (effect.type) {
          case 'send':
            start(
              'an event',
              queue.run(effect.deviceId, async () => sendEvent(effect)),
            );
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

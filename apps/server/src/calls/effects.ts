import { nextDeadline, type Call, type CallEffect } from '@visavis/call';
import type { People } from '../people.ts';
import type { ChangeId, Ports, UnsentChange } from '../ports.ts';
import { toError } from '../toError.ts';
import { Unavailable } from '../unavailable.ts';
import { createKeyedQueue } from './queue.ts';
import { joinedDevices, type ChangeListener } from './liveCalls.ts';

type EffectPorts = Pick<Ports, 'sessions' | 'bus' | 'presence' | 'log' | 'clock'>;

/** How long an event is kept trying that cannot be handed over, and how often. */
const PATIENCE_MS = 10_000;
const RETRY_MS = 200;

interface EffectHandlers {
  readonly expectDeadline: (at: number | null) => void;
  /** Everything that follows from this change is done. */
  readonly handleSent: (change: ChangeId) => void;
}

export interface Effects {
  readonly listener: ChangeListener;
  /** Does what another node has left undone; what was done all the same is not heard twice. */
  redo(change: UnsentChange): Promise<void>;
  /** Resolves when everything that was to be sent is sent. */
  settle(): Promise<void>;
}

/** Does what follows from a stored change: events, notices, presence and the next deadline. */
export function createEffects(
  { sessions, bus, presence, log, clock }: EffectPorts,
  people: People,
  { expectDeadline, handleSent }: EffectHandlers,
): Effects {
  /** What waits must not be overtaken. */
  const queue = createKeyedQueue();
  const running = new Set<Promise<void>>();

  /** Nothing that fails here undoes the change: it is stored, and a device that missed it gets a snapshot. */
  const start = async (what: string, work: Promise<void>): Promise<void> => {
    const guarded = work
      .catch((error: unknown) => {
        log.error(`${what} failed`, { error: toError(error) });
      })
      .finally(() => {
        running.delete(guarded);
      });
    running.add(guarded);
    return work;
  };

  const sendEvent = async (
    { deviceId, event }: Extract<CallEffect, { type: 'send' }>,
    key: string | null,
  ): Promise<void> => {
    const deadline = clock.now() + PATIENCE_MS;
    for (;;) {
      try {
        await sessions.push(deviceId, event, key);
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
    ).catch(() => {});
  };

  const compareJoined = (call: Call, before: Call | null): void => {
    const was = before === null ? new Set<string>() : joinedDevices(before);
    const is = joinedDevices(call);
    for (const deviceId of is) if (!was.has(deviceId)) setInCall(call, deviceId, true);
    for (const deviceId of was) if (!is.has(deviceId)) setInCall(call, deviceId, false);
  };

  /** @param key - what these effects are known by, should they be done once more */
  const doEffects = (callId: string, effects: readonly CallEffect[], key: string | null): Promise<void>[] =>
    effects.flatMap((effect, n) => {
      switch (effect.type) {
        case 'send': {
          const eventKey = key === null ? null : `${callId} ${key} ${String(n)}`;
          return [
            start(
              'an event',
              queue.run(effect.deviceId, async () => sendEvent(effect, eventKey)),
            ),
          ];
        }
        case 'history_changed':
          return effect.userIds.map((userId) => start('a notice', people.historyChanged(userId)));
      }
    });

  return {
    listener: (call, before, effects, version) => {
      const isOver = call.state !== 'ringing' && call.state !== 'connected';
      if (isOver && effects.some(({ type }) => type === 'history_changed'))
        people.forgetMissed(call.callee.userId);
      const works = doEffects(call.callId, effects, version === null ? null : String(version));
      if (call === before) return;
      compareJoined(call, before);
      expectDeadline(nextDeadline(call));
      if (version === null || works.length === 0) return;
      start(
        'the outbox',
        Promise.all(works).then(() => {
          handleSent({ callId: call.callId, version });
        }),
      ).catch(() => {});
    },
    redo: async ({ callId, version, effects }) => {
      await Promise.all(doEffects(callId, effects, String(version)));
    },
    settle: async () => {
      while (running.size > 0) await Promise.all(running);
    },
  };
}

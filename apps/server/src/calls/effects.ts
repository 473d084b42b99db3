import { isDeepStrictEqual } from 'node:util';
import {
  nextDeadline,
  nextGroupDeadline,
  type Call,
  type CallEffect,
  type GroupCall,
  type GroupEffect,
  type GroupParticipant,
  type KeyEffect,
} from '@visavis/call';
import type { People } from '../people.ts';
import type { CorePorts } from '../corePorts.ts';
import type { ChangeId, EventOrder, Eventually, UnsentChange } from '../ports.ts';
import { toError } from '../toError.ts';
import { Unavailable } from '../unavailable.ts';
import { createKeyedQueue } from './queue.ts';
import type { GroupHandlers } from '../groups/liveGroups.ts';
import type { KeyServer } from '../keys/keyServer.ts';
import type { ChangeHandlers, SendEffect } from './liveCalls.ts';

type Pushed = Awaited<ReturnType<CorePorts['sessions']['push']>>;
interface EffectPorts extends Pick<CorePorts, 'log' | 'clock'> {
  readonly sessions: Pick<CorePorts['sessions'], 'push'>;
  readonly bus: Pick<CorePorts['bus'], 'publish'>;
  readonly presence: Pick<CorePorts['presence'], 'setInCall'>;
}
type Told = Pick<People, 'refresh' | 'ownCallsChanged' | 'historyChanged' | 'forgetMissed'>;

/** How long an event is kept trying that cannot be handed over, and how often. */
const PATIENCE_MS = 10_000;
const RETRY_MS = 200;
/** How long a signal waits for a device that has no session at present, and may be coming back. */
const COMING_BACK_MS = 5_000;

/** What an event is known by. */
interface Known {
  readonly key: string | null;
  readonly order: EventOrder | null;
}

interface EffectHandlers {
  readonly expectDeadline: (at: number | null) => void;
  /** Everything that follows from this change is done. */
  readonly handleSent: (change: ChangeId) => void;
  readonly findCall: (callId: string) => Promise<Members | null>;
  /** Signs what is proposed to members, at the moment in which it is handed over. */
  readonly keys: Pick<KeyServer, 'toEvent'>;
}

/** A call of either kind, as far as who is in it. */
type Members = Pick<Call | GroupCall, 'callId'> & {
  readonly participants: readonly Pick<GroupParticipant, 'device' | 'part'>[];
};

export interface Effects extends Omit<ChangeHandlers, 'redo'> {
  /** The same for a group call. */
  handleGroupChange: GroupHandlers['handleChange'];
  /** What nobody stores: resolves when every device that is there has it. */
  passOnInGroup: GroupHandlers['passOn'];
  /**
   * Does what another node has left undone; what was done all the same is not heard twice.
   *
   * @param known - the call as it is now. With it everything is begun at once, so that nothing which is sent next overtakes it.
   */
  redo(change: UnsentChange, known?: Members): Promise<void>;
  /** Resolves when everything that was to be sent is sent. */
  settle(): Promise<void>;
}

/** Does what follows from a stored change: events, notices, presence and the next deadline. */
export function createEffects(
  { sessions, bus, presence, log, clock }: EffectPorts,
  people: Told,
  { expectDeadline, handleSent, findCall, keys }: EffectHandlers,
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

  const pause = async (): Promise<void> =>
    new Promise((resolve) => {
      clock.schedule(RETRY_MS, resolve);
    });

  const insist = async <Result>(
    work: () => Eventually<Result>,
    first: Promise<Result> | null = null,
  ): Promise<Result> => {
    const deadline = clock.now() + PATIENCE_MS;
    for (let tried = first; ; tried = null) {
      try {
        return await (tried ?? work());
      } catch (error) {
        if (!(error instanceof Unavailable) || clock.now() > deadline) throw error;
        await pause();
      }
    }
  };
  const insistOn = async (
    { deviceId, event }: SendEffect,
    { key, order }: Known,
    first: Promise<Pushed> | null,
  ): Promise<Pushed> => insist(() => sessions.push(deviceId, event, key, order), first);

  /** @returns null when it is sent already */
  const sendEvent = (effect: SendEffect, known: Known): Promise<void> | null => {
    const { deviceId, event } = effect;
    let first: Promise<Pushed> | null = null;
    if (!queue.isBusy(deviceId)) {
      const pushed = sessions.push(deviceId, event, known.key, known.order);
      if (!(pushed instanceof Promise)) return null;
      first = pushed;
    }
    return start(
      'an event',
      queue.run(deviceId, async () => {
        await insistOn(effect, known, first);
      }),
    );
  };

  /** Until it is kept, whatever comes after it waits behind it. */
  const passOnInTurn = async (
    effect: SendEffect,
    key: string | null,
    first: Promise<Pushed> | null,
  ): Promise<void> => {
    const deadline = clock.now() + COMING_BACK_MS;
    const passOn = async (): Promise<void> => {
      let pushed = await insistOn(effect, { key, order: null }, first);
      while (pushed === null && clock.now() < deadline) {
        await pause();
        pushed = await insistOn(effect, { key, order: null }, null);
      }
      if (pushed === null) throw new Unavailable('the other device has no session');
    };
    await start('a signal', queue.run(effect.deviceId, passOn));
  };

  const setInCall = async (
    { callId, participants }: Members,
    deviceId: string,
    joined: boolean,
  ): Promise<void> => {
    const userId = participants.find(({ device }) => device.deviceId === deviceId)?.device.userId;
    if (userId === undefined) return;
    bus.publish(deviceId, { kind: 'in_call', callId, joined });
    await insist(async () => {
      await presence.setInCall(userId, deviceId, callId, joined);
      await people.refresh(userId);
      await people.ownCallsChanged(userId, joined ? deviceId : null);
    });
  };

  const compareJoined = (call: Members, before: Members | null): Promise<void>[] => {
    const was = before === null ? new Set<string>() : joinedDevices(before);
    const is = joinedDevices(call);
    const joined = [...is].filter((deviceId) => !was.has(deviceId));
    const left = [...was].filter((deviceId) => !is.has(deviceId));
    return [
      ...joined.map(async (deviceId) => start('presence', setInCall(call, deviceId, true))),
      ...left.map(async (deviceId) => start('presence', setInCall(call, deviceId, false))),
    ];
  };

  const toSends = ({ deviceIds, message }: KeyEffect): SendEffect[] => {
    const event = keys.toEvent(message);
    return deviceIds.map((deviceId) => ({ type: 'send', deviceId, event }));
  };

  /** @param key - what these effects are known by, should they be done once more */
  const doEffects = (
    callId: string,
    effects: readonly (CallEffect | GroupEffect)[],
    key: string | null,
    version: number | null = null,
  ): Promise<void>[] =>
    effects.flatMap((effect, n) => {
      const known = { key: key === null ? null : `${callId} ${key} ${String(n)}`, order: null };
      switch (effect.type) {
        case 'send':
          return sendEvent(effect, { ...known, order: orderOf(effect.event, version) }) ?? [];
        case 'keys':
          return toSends(effect).flatMap((each) => sendEvent(each, known) ?? []);
        case 'history_changed':
          return effect.userIds.map(async (userId) => start('a notice', people.historyChanged(userId)));
        case 'notice':
          bus.publish(effect.deviceId, { kind: 'notice', text: JSON.stringify(effect.notice) });
          return [];
      }
    });

  const follow = (
    call: Members,
    before: Members | null,
    effects: readonly (CallEffect | GroupEffect)[],
    version: number,
  ): void => {
    const works = [
      ...doEffects(call.callId, effects, String(version), version),
      ...compareJoined(call, before),
    ];
    if (works.length === 0) return;
    start(
      'the outbox',
      Promise.all(works).then(() => {
        handleSent({ callId: call.callId, version });
      }),
    ).catch(() => {});
  };

  return {
    handleChange: (call, before, effects, version) => {
      const isOver = call.state !== 'ringing' && call.state !== 'connected';
      if (isOver && effects.some(({ type }) => type === 'history_changed'))
        people.forgetMissed(call.callee.userId);
      follow(call, before, effects, version);
      // CALL4: the caller's other devices hear of it when there is something to be moved.
      if (call.state === 'connected' && before?.state !== 'connected') {
        const caller = call.participants.find(({ role }) => role === 'caller')?.device.deviceId ?? null;
        start('a notice', people.ownCallsChanged(call.caller.userId, caller)).catch(() => {});
      }
      expectDeadline(nextDeadline(call));
    },
    handleGroupChange: (call, before, effects, version) => {
      for (const effect of effects)
        if (effect.type === 'history_changed')
          for (const userId of effect.userIds) people.forgetMissed(userId);
      follow(call, before, effects, version);
      expectDeadline(nextGroupDeadline(call));
    },
    passOnInGroup: async (callId, effects, key) => {
      await Promise.all(doEffects(callId, effects, key));
    },
    passOn: (passed, key) => {
      // Keys are passed on to the one device that has asked.
      const [effect] = passed.type === 'keys' ? toSends(passed) : [passed];
      if (effect === undefined) return undefined;
      const { deviceId, event } = effect;
      if (queue.isBusy(deviceId)) return passOnInTurn(effect, key, null);
      const first = sessions.push(deviceId, event, key);
      if (first instanceof Promise) return passOnInTurn(effect, key, first);
      return first === null ? passOnInTurn(effect, key, null) : undefined;
    },
    redo: async ({ callId, version, effects }, known) => {
      const call = known ?? (await findCall(callId));
      // Their keys have their places in all effects.
      const timely = effects.map((effect) => (isOutOfDate(call, effect) ? NOTHING : effect));
      await Promise.all(doEffects(callId, timely, String(version), version));
      for (const { device, part } of call?.participants ?? []) {
        const hasBeenIn = part.state === 'joined' || part.state === 'left';
        if (call !== null && hasBeenIn) await setInCall(call, device.deviceId, part.state === 'joined');
      }
    },
    settle: async () => {
      while (running.size > 0) await Promise.all(running);
    },
  };
}

/** CALL6: what somebody sends now is not followed by what they sent before, whichever node is late with it. */
function orderOf({ type, callId, payload }: SendEffect['event'], version: number | null): EventOrder | null {
  return type === 'media_changed' && version !== null
    ? { of: `${callId} ${payload.deviceId}`, number: version }
    : null;
}

/** Stands in the place of an effect that is not wanted any more. */
const NOTHING: CallEffect = { type: 'history_changed', userIds: [] };

/** CALL6: what somebody sent a while ago must not come after what they send now, which the device may have from a snapshot. */
function isOutOfDate(call: Members | null, effect: CallEffect | GroupEffect): boolean {
  if (call === null || effect.type !== 'send' || effect.event.type !== 'media_changed') return false;
  const { deviceId, mediaState } = effect.event.payload;
  const part = call.participants.find(({ device }) => device.deviceId === deviceId)?.part;
  return part?.state !== 'joined' || !isDeepStrictEqual(part.mediaState, mediaState);
}

/** The devices that are in the call at this moment. */
const joinedDevices = ({ participants }: Members): ReadonlySet<string> =>
  new Set(participants.flatMap(({ device, part }) => (part.state === 'joined' ? [device.deviceId] : [])));

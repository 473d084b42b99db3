import type { Presence as PresenceState, ServerNotice } from '@visavis/protocol';
import type { CorePorts } from './corePorts.ts';
import type { LogFacts } from './ports.ts';

/** Who is there, and telling those who may know. */
export interface People {
  /** What others who may know were told of a person last. */
  presenceOf(userId: string): Promise<PresenceState>;
  /** Looks again, and tells the audience when it has changed. */
  refresh(userId: string): Promise<void>;
  /** The same after a device came: most of them only wait from then on, and who sees them is not kept for that. */
  refreshArrived(userId: string): Promise<void>;
  /** Contacts, blocks, settings or devices of this user have changed. */
  profileChanged(userId: string): Promise<void>;
  /** IDN1: an identity key stands for this user, the first or another one, which they and who sees them are told. */
  identityChanged(userId: string): Promise<void>;
  /** What lies between these two has changed: `otherId` sees this user anew, or no longer. */
  relationChanged(userId: string, otherId: string): Promise<void>;
  /** HIST1. */
  historyChanged(userId: string): Promise<void>;
  /** The number of missed calls of this user may have changed. */
  forgetMissed(userId: string): void;
  notify(userId: string, notice: ServerNotice): Promise<void>;
  /** CALL4: for all devices of this user but the one that has just joined a call, which knows of it. */
  ownCallsChanged(userId: string, exceptDeviceId: string | null): Promise<void>;
}

type PeoplePorts = Pick<CorePorts, 'accounts' | 'history' | 'presence' | 'bus' | 'log'>;
/** How many users' answers are kept; more: memory, fewer: more queries. */
const MOST_KEPT = 10_000;

export function createPeople({ accounts, history, presence, bus, log }: PeoplePorts): People {
  const audiences = createKept((userId) => accounts.listAudience(userId));
  const missed = createKept((userId) => history.countMissedUnseen(userId));

  bus.listen((message) => {
    if (message.kind === 'missed_changed') missed.forget(message.userId);
    if (message.kind === 'relation_changed') for (const userId of message.userIds) audiences.forget(userId);
  });

  const notifyAll = async (userIds: readonly string[], notice: ServerNotice): Promise<void> => {
    const text = JSON.stringify(notice);
    for (const deviceId of await presence.listDeviceIds(userIds))
      bus.publish(deviceId, { kind: 'notice', text });
  };
  const refresh = async (userId: string, ask: () => Promise<readonly string[]>): Promise<void> => {
    if (!(await presence.isShownWrong(userId))) return;
    const audience = await ask();
    if (await presence.show(userId, audience))
      log.debug('presence changed', { audience: audience.length } satisfies LogFacts);
  };
  const notify: People['notify'] = async (userId, notice) => notifyAll([userId], notice);

  return {
    presenceOf: async (userId) => presence.readShown(userId),
    notify,
    refresh: async (userId) => refresh(userId, async () => audiences.get(userId)),
    refreshArrived: async (userId) =>
      refresh(userId, async () => audiences.find(userId) ?? accounts.listAudience(userId)),
    profileChanged: async (userId) => notify(userId, { type: 'profile_changed', payload: {} }),
    identityChanged: async (userId) => {
      const audience = await accounts.listAudience(userId);
      await notifyAll([userId, ...audience], {
        type: 'profile_changed',
        payload: { identityOf: userId },
      });
    },
    relationChanged: async (userId, otherId) => {
      audiences.forget(userId);
      audiences.forget(otherId);
      bus.broadcast({ kind: 'relation_changed', userIds: [userId, otherId] });
      for (const [seen, viewer] of [
        [userId, otherId],
        [otherId, userId],
      ] as const) {
        const mayKnow = (await audiences.get(seen)).includes(viewer);
        if (mayKnow) await presence.showTo(seen, viewer);
        else await notify(viewer, { type: 'presence', payload: { userId: seen, presence: 'offline' } });
      }
    },
    historyChanged: async (userId) => {
      if ((await presence.listDevices(userId)).length === 0) return;
      await notify(userId, { type: 'history_changed', payload: { missedUnseen: await missed.get(userId) } });
    },
    ownCallsChanged: async (userId, exceptDeviceId) => {
      const text = JSON.stringify({ type: 'own_calls_changed', payload: {} } satisfies ServerNotice);
      for (const { deviceId } of await presence.listDevices(userId))
        if (deviceId !== exceptDeviceId) bus.publish(deviceId, { kind: 'notice', text });
    },
    forgetMissed: (userId) => {
      missed.forget(userId);
      bus.broadcast({ kind: 'missed_changed', userId });
    },
  };
}

interface Kept<Value> {
  /** What is kept, if it is. */
  find(userId: string): Promise<Value> | undefined;
  get(userId: string): Promise<Value>;
  forget(userId: string): void;
}

/** Answers that stay right until somebody says that they may not be. A failed one is not kept. */
function createKept<Value>(ask: (userId: string) => Promise<Value>): Kept<Value> {
  const answers = new Map<string, Promise<Value>>();
  return {
    find: (userId) => answers.get(userId),
    get: async (userId) => {
      const known = answers.get(userId);
      if (known !== undefined) return known;
      const answer = ask(userId);
      if (answers.size >= MOST_KEPT) answers.clear();
      answers.set(userId, answer);
      try {
        return await answer;
      } catch (error) {
        if (answers.get(userId) === answer) answers.delete(userId);
        throw error;
      }
    },
    forget: (userId) => {
      answers.delete(userId);
    },
  };
}

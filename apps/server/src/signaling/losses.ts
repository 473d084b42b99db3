import type { KeyedQueue } from '../calls/queue.ts';
import type { LiveCalls } from '../calls/liveCalls.ts';
import type { LiveGroups } from '../groups/liveGroups.ts';
import type { People } from '../people.ts';
import type { CorePorts } from '../corePorts.ts';
import { toError } from '../toError.ts';
import { Unavailable } from '../unavailable.ts';
import type { DeviceSession, DeviceSessions } from './deviceSessions.ts';

/** How soon what could not be stored is tried again. */
const INSIST_MS = 500;

interface LossesParts {
  readonly live: LiveCalls;
  readonly groups: LiveGroups;
  readonly people: People;
  readonly deviceSessions: DeviceSessions;
  readonly isClosed: () => boolean;
  /** By device, of what one must not do while it registers. */
  readonly queue: KeyedQueue;
}

/**
 * CALL2: a device that is lost has its time to come back; its calls know since when it is silent.
 *
 * @param lastSeenAt - null: this node could not keep it, and its time begins when it could come back
 */
export type HandleLoss = (session: DeviceSession, lastSeenAt: number | null) => void;

export function createLosses(
  { clock, log, nodes, presence, sessions, accounts }: CorePorts,
  { live, groups, people, deviceSessions, isClosed, queue }: LossesParts,
): HandleLoss {
  const warn =
    (what: string) =>
    (error: unknown): void => {
      log.error(`${what} failed`, { error: toError(error) });
    };

  /** What has to be stored is tried until it is, for as long as it holds. */
  const insist = (what: string, holds: () => boolean, work: () => Promise<unknown>): void => {
    work().catch((error: unknown) => {
      if (!(error instanceof Unavailable)) warn(what)(error);
      else {
        clock.schedule(INSIST_MS, () => {
          if (holds() && !isClosed()) insist(what, holds, work);
        });
      }
    });
  };

  return (session, lastSeenAt) => {
    const { userId, deviceId } = session.device;
    const isStillLost = (): boolean =>
      session.link === null && (deviceSessions.find(deviceId) ?? session) === session;
    /** Not between the steps of a registration: what it has stored would be removed, and it would never know. */
    const whileLost = async (work: () => Promise<void>): Promise<void> =>
      queue.run(deviceId, async () => {
        if (isStillLost()) await work();
      });
    insist('a loss', isStillLost, async () => {
      if (!nodes.isCurrent()) throw new Unavailable('others may have this device by now');
      // Not between the steps of a registration, whose presence it would take.
      const waits = queue.isBusy(deviceId);
      const isLost = await queue.run(
        deviceId,
        async () => (!waits || isStillLost()) && (await presence.setLost(userId, deviceId)),
      );
      if (!isLost) return;
      const calls = await live.listFor(userId, deviceId);
      const silent = { type: 'device_silent', deviceId, lastSeenAt: lastSeenAt ?? clock.now() } as const;
      await Promise.all(calls.map(async ({ callId }) => live.change(callId, silent)));
      const groupCalls = await groups.listFor(userId);
      await Promise.all(groupCalls.map(async ({ callId }) => groups.change(callId, silent)));
    });
    accounts.touchDevice(deviceId, lastSeenAt ?? clock.now()).catch(warn('a last sign'));
    deviceSessions.lose(session, {
      offline: () => {
        insist('presence', isStillLost, async () => {
          await whileLost(async () => presence.setOffline(userId, deviceId));
          await people.refresh(userId);
        });
      },
      over: () => {
        insist('a session', isStillLost, async () =>
          whileLost(async () => sessions.close(deviceId, session.sessionId)),
        );
      },
    });
  };
}

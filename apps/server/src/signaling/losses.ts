import type { CallDevice } from '@visavis/call';
import { TIMES } from '@visavis/protocol';
import type { People } from '../people.ts';
import type { CorePorts } from '../corePorts.ts';
import { toError } from '../toError.ts';
import { Unavailable } from '../unavailable.ts';
import type { DeviceCalls } from './deviceCalls.ts';
import type { DeviceSession, DeviceSessions } from './deviceSessions.ts';

/** How soon what could not be stored is tried again. */
const INSIST_MS = 500;

interface LossesParts {
  readonly deviceCalls: DeviceCalls;
  readonly people: People;
  readonly deviceSessions: DeviceSessions;
  readonly isClosed: () => boolean;
}

/** What a socket has stored that ended before it was registered: some of it, or perhaps nothing. */
export interface Unregistered {
  readonly device: CallDevice;
  readonly connectionId: string;
  readonly session: { readonly sessionId: string; readonly order: number } | null;
}

export interface Losses {
  /**
   * CALL2: a device that is lost has its time to come back; its calls know since when it is silent.
   *
   * @param lastSeenAt - null: this node could not keep it, and its time begins when it could come back
   */
  readonly handleLoss: (session: DeviceSession, lastSeenAt: number | null) => void;
  /** The same for a socket that ended, or was given up, before it was registered. */
  readonly release: (unregistered: Unregistered) => void;
}

/** What is removed here is what that socket has: where another one has the device by now, the store refuses it (SES3). */
export function createLosses(
  { clock, log, nodes, presence, sessions, accounts }: CorePorts,
  { deviceCalls, people, deviceSessions, isClosed }: LossesParts,
): Losses {
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

  const handle = (
    { device, connectionId, session }: Unregistered,
    lastSeenAt: number | null,
    holds: () => boolean,
  ) => {
    const { userId, deviceId } = device;
    insist('a loss', holds, async () => {
      if (!nodes.isCurrent()) throw new Unavailable('others may have this device by now');
      if (await presence.setLost(userId, deviceId, connectionId))
        await deviceCalls.silent(device, lastSeenAt ?? clock.now());
    });
    return {
      offline: () => {
        insist('presence', holds, async () => {
          await presence.setOffline(userId, deviceId, connectionId);
          await people.refresh(userId);
        });
      },
      over: () => {
        if (session === null) return;
        const { sessionId, order } = session;
        insist('a session', holds, async () => sessions.close(deviceId, sessionId, order));
      },
    };
  };

  return {
    handleLoss: (session, lastSeenAt) => {
      const { sessionId, device, connectionId, order } = session;
      const isStillLost = (): boolean =>
        session.link === null && (deviceSessions.find(device.deviceId) ?? session) === session;
      accounts.touchDevice(device.deviceId, lastSeenAt ?? clock.now()).catch(warn('a last sign'));
      const lost = handle({ device, connectionId, session: { sessionId, order } }, lastSeenAt, isStillLost);
      deviceSessions.lose(session, lost);
    },
    release: (unregistered) => {
      const lost = handle(unregistered, clock.now(), () => true);
      clock.schedule(TIMES.reconnectGraceMs, lost.offline);
      clock.schedule(TIMES.resumeMs, lost.over);
    },
  };
}

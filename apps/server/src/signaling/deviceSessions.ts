import type { CallDevice } from '@visavis/call';
import { TIMES, type UserSummary } from '@visavis/protocol';
import type { Cancel, Clock } from '../ports.ts';
import type { Answers } from './answers.ts';
import type { Link } from './link.ts';

/** A device's session as the node that holds or last held its socket knows it. */
export interface DeviceSession {
  readonly sessionId: string;
  readonly user: UserSummary;
  readonly isGuest: boolean;
  device: CallDevice;
  /** The socket that has or had it, and its place among those of the device (SES3). */
  readonly connectionId: string;
  readonly order: number;
  /** Null until the first request: most devices only wait. */
  answers: Answers | null;
  /** Null while the socket is lost. */
  link: Link | null;
}

export interface DeviceSessions {
  find(deviceId: string): DeviceSession | undefined;
  /** Begins or goes on with a session on this link; it is no longer waited for. */
  attach(session: Omit<DeviceSession, 'answers' | 'link' | 'connectionId'>, link: Link): DeviceSession;
  /**
   * The socket is lost: after {@link TIMES.reconnectGraceMs} the device is no longer online (SES4), after
   * {@link TIMES.resumeMs} its session is over (SES2).
   */
  lose(session: DeviceSession, handle: { readonly offline: () => void; readonly over: () => void }): void;
  forget(deviceId: string): void;
  rename(deviceId: string, name: string): void;
  all(): readonly DeviceSession[];
}

export function createDeviceSessions(clock: Clock): DeviceSessions {
  const sessions = new Map<string, DeviceSession>();
  const waits = new Map<string, Cancel[]>();
  const stopWaiting = (deviceId: string): void => {
    for (const cancel of waits.get(deviceId) ?? []) cancel();
    waits.delete(deviceId);
  };
  return {
    find: (deviceId) => sessions.get(deviceId),
    attach: ({ sessionId, user, device, isGuest, order }, link) => {
      const { deviceId } = device;
      stopWaiting(deviceId);
      const known = sessions.get(deviceId);
      const answers = known?.sessionId === sessionId ? known.answers : null;
      const { connectionId } = link;
      const session: DeviceSession = {
        sessionId,
        user,
        isGuest,
        device,
        connectionId,
        order,
        answers,
        link,
      };
      sessions.set(deviceId, session);
      return session;
    },
    lose: (session, handle) => {
      const { deviceId } = session.device;
      session.link = null;
      stopWaiting(deviceId);
      waits.set(deviceId, [
        clock.schedule(TIMES.reconnectGraceMs, handle.offline),
        clock.schedule(TIMES.resumeMs, () => {
          waits.delete(deviceId);
          if (sessions.get(deviceId) === session) sessions.delete(deviceId);
          handle.over();
        }),
      ]);
    },
    forget: (deviceId) => {
      stopWaiting(deviceId);
      sessions.delete(deviceId);
    },
    rename: (deviceId, name) => {
      const session = sessions.get(deviceId);
      if (session !== undefined) session.device = { ...session.device, name };
    },
    all: () => [...sessions.values()],
  };
}

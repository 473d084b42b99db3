import type { Meter } from '../ports.ts';
import type { DeviceSessions } from './deviceSessions.ts';
import type { Links } from './links.ts';

/** What an operator can read of this node's sockets and sessions at any moment. */
export function watchSignaling(
  meter: Pick<Meter, 'watch'>,
  links: Links,
  deviceSessions: Pick<DeviceSessions, 'all'>,
): void {
  meter.watch({ name: 'sockets', help: 'Sockets of devices at this node.' }, () => [...links].length);
  meter.watch(
    {
      name: 'sessions',
      help: 'Sessions at this node: connected, or waited for after a lost socket.',
      label: 'state',
    },
    () => {
      const all = deviceSessions.all();
      const lost = all.filter(({ link }) => link === null).length;
      return { connected: all.length - lost, lost };
    },
  );
  meter.watch(
    {
      name: 'events_waiting',
      help: 'Events that were sent to devices at this node and that they have not acknowledged.',
    },
    () => {
      let waiting = 0;
      for (const { state } of links)
        if (state.phase === 'registered') waiting += state.lastSeq - state.ackedSeq;
      return waiting;
    },
  );
  meter.watch(
    {
      name: 'socket_waiting_bytes',
      help: 'Bytes that sockets have not sent yet: of all of them, and of the one with most.',
      label: 'of',
    },
    () => {
      let all = 0;
      let most = 0;
      for (const { connection } of links) {
        const bytes = connection.bufferedBytes();
        all += bytes;
        most = Math.max(most, bytes);
      }
      return { all, most };
    },
  );
}

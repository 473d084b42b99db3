import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Traffic } from '../lib/simulatedDevice.ts';

/** Frames that are under way at once on each socket, so that the process is kept busy as calls keep the server. */
const AT_ONCE = 8;

/**
 * Has a bare `ws` process read and write as many frames of the same mean size as the server did for these calls, over
 * as many sockets as calls were on at once.
 */
export async function playFloor(relayUrl: string, traffic: Traffic, sockets: number): Promise<void> {
  const framesEach = traffic.framesOut / traffic.framesIn;
  const bytes = Math.round(traffic.bytesOut / traffic.framesOut);
  const share = Math.ceil(traffic.framesIn / sockets);
  const filler = 'x'.repeat(Math.max(0, Math.round(traffic.bytesIn / traffic.framesIn) - 30));
  const frame = JSON.stringify({ type: 'request', filler });
  const url = `${relayUrl.replace('http', 'ws')}/?frames=${framesEach}&bytes=${bytes}`;
  await Promise.all(Array.from({ length: sockets }, async () => playOne(url, frame, share, framesEach)));
}

async function playOne(url: string, frame: string, count: number, framesEach: number): Promise<void> {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  await once(socket, 'open');
  let sent = 0;
  let received = 0;
  const done = Promise.withResolvers<void>();
  const goOn = (): void => {
    while (sent < count && sent - received / framesEach < AT_ONCE) {
      socket.send(frame);
      sent += 1;
    }
    // The last frames that are owed may be less than a whole one.
    if (sent === count && received >= Math.floor(count * framesEach) - 1) done.resolve();
  };
  socket.on('message', () => {
    received += 1;
    goOn();
  });
  goOn();
  await done.promise;
  socket.close();
}

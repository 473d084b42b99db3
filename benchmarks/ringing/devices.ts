import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { processorMs } from '../lib/machine.ts';
import { startPopulated } from '../lib/population.ts';
import { connectDevice } from '../lib/simulatedDevice.ts';

const PAIRS = 20;
/** As long as an `initiate_call`. */
const FRAME = JSON.stringify({ type: 'dial', filler: 'x'.repeat(200) });

export interface DeviceTimes {
  /** ms from `initiate_call` sent to `ring` received. */
  readonly ring: readonly number[];
  /** ms for a frame of the same size through a bare `ws` process. */
  readonly relay: readonly number[];
  /** ms of the server's processor time for one dial and its cancel. */
  readonly serverMs: number;
}

/** Dials between simulated devices, each beside a frame through the relay. Clock: this process's, for both ends. */
export async function measureDevices(relayUrl: string, rounds: number): Promise<DeviceTimes> {
  const { server, pairs, dispose } = await startPopulated(PAIRS);
  const ring: number[] = [];
  const relay: number[] = [];
  let serverMs = 0;
  try {
    const [from, to] = await openRoom(relayUrl);
    const lines = [];
    for (const [one, other] of pairs)
      lines.push(await Promise.all([connectDevice(server.url, one), connectDevice(server.url, other)]));
    for (let round = 0; round < rounds; round += 1) {
      for (const [caller, callee] of lines) {
        if (caller === undefined || callee === undefined) continue;
        const sentAt = performance.now();
        const arrived = once(to, 'message');
        from.send(FRAME);
        await arrived;
        relay.push(performance.now() - sentAt);

        const before = processorMs(server.pid);
        const dialedAt = performance.now();
        const rings = callee.expect('ring');
        const dialing = caller.request({
          type: 'initiate_call',
          payload: { idempotencyKey: randomUUID(), calleeId: callee.userId, callType: 'video' },
        });
        const { callId } = await rings;
        ring.push(performance.now() - dialedAt);
        await dialing;
        const over = callee.expect('call_ended', callId);
        await caller.request({ type: 'cancel_call', callId, payload: {} });
        await over;
        serverMs += processorMs(server.pid) - before;
      }
    }
    for (const device of lines.flat()) device.close();
    from.close();
    to.close();
  } finally {
    await dispose();
  }
  return { ring, relay, serverMs: serverMs / ring.length };
}

async function openRoom(relayUrl: string): Promise<readonly [WebSocket, WebSocket]> {
  const open = async (): Promise<WebSocket> => {
    const socket = new WebSocket(`${relayUrl.replace('http', 'ws')}/?room=ringing`, {
      perMessageDeflate: false,
    });
    await once(socket, 'open');
    return socket;
  };
  return [await open(), await open()];
}

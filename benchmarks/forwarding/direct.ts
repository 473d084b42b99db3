import { ADDRESS, receivePath, sendPath, type Crowd, type ForwardedCall } from './calls.ts';
import { DEVICES, PAYLOAD_TYPE, TALKING, ssrcsOf } from './load.ts';

const CALL = 'direct';

/** The same senders, each straight to a receiver of its own: what the devices and the machine take by themselves. */
export async function openDirectCall({ senders, receivers }: Crowd): Promise<ForwardedCall> {
  for (let device = 0; device < DEVICES; device += 1) {
    const sends = sendPath(CALL, device);
    const receives = receivePath(CALL, device);
    const { port } = await receivers.open(receives, ADDRESS);
    await receivers.tell({ type: 'connect_direct', path: receives, address: ADDRESS, port: null });
    await receivers.tell({
      type: 'receive',
      path: receives,
      vp8: PAYLOAD_TYPE.vp8,
      transportSequence: null,
    });
    await senders.open(sends, ADDRESS);
    await senders.tell({ type: 'connect_direct', path: sends, address: ADDRESS, port });
    await senders.tell({
      type: 'send',
      path: sends,
      device,
      ...ssrcsOf(device),
      talks: device < TALKING,
    });
  }
  return {
    name: CALL,
    pid: null,
    idleBytes: 0,
    followDemand: async () => {},
    close: async () => {},
  };
}

import { expect } from 'vitest';
import type { SigningKey } from '../src/index.ts';
import type { CurrentKeys } from '../src/worker/messages.ts';
import { startMember } from '../src/worker/index.ts';
import { plainFrame } from './frameFixtures.ts';
import { ModelDelivery } from './modelDelivery.ts';
import { createVirtualClock } from './virtualClock.ts';
import { CALL } from './memberBench.ts';
import {
  type PlayedFrame,
  type PlayedTransform,
  type WorkerBench,
  createWorkerBench,
  encodedFrame,
  receiving,
  sending,
} from './workerBench.ts';
import { soon } from './soon.ts';

export interface Device {
  readonly bench: WorkerBench;
  readonly keys: () => CurrentKeys | null | undefined;
  readonly microphone: PlayedTransform;
}

/**
 * Devices whose workers hear the model of the server through messages alone.
 *
 * `judges`: whether the page admits everybody at once.
 */
export async function createCall() {
  const devices = new Map<string, Device>();
  const delivery = await ModelDelivery.start(createVirtualClock(), (device, heard) =>
    devices.get(device)?.bench.say({ type: 'hear', heard }),
  );

  async function start(name: string, deviceKey: SigningKey | null = null, judges = true): Promise<Device> {
    const bench = createWorkerBench(startMember);
    const { push } = bench.reports;
    bench.reports.push = (...all) => {
      for (const report of all) {
        if (report.type === 'keys' && report.keys !== null && judges) {
          const members = report.keys.members.map(({ credential, leafKey }) => ({
            credential,
            leafKey,
            admitted: true,
          }));
          bench.say({ type: 'admit_members', members });
        }
        if (report.type !== 'say') continue;
        const answer = delivery.ask.bind(delivery);
        answer(name, report.said, report.request, (heard) => bench.say({ type: 'hear', heard }));
      }
      return push.apply(bench.reports, all);
    };
    const microphone = bench.attach(sending('microphone', 'opus'));
    const keys = () => {
      const found = bench.reports.filter((report) => report.type === 'keys').at(-1);
      return found?.type === 'keys' ? found.keys : undefined;
    };
    const device = { bench, keys, microphone };
    devices.set(name, device);
    delivery.enter(name);
    const own = { userId: `user of ${name}`, deviceId: name, deviceKey, confirmation: null };
    bench.say({ type: 'start_keys', callId: CALL, device: own });
    return device;
  }
  return { delivery, start };
}

export const until = (device: Device, members: readonly string[]): Promise<void> =>
  soon(() => {
    expect(device.keys()?.members.map(({ deviceId }) => deviceId)).toEqual(members);
  });

/** What is sent by the one now, as the others get it; it is said again while there is no key to send with. */
export async function speak({ microphone }: Device, name: string): Promise<PlayedFrame> {
  const before = microphone.out.length;
  await soon(async () => {
    await microphone.put(encodedFrame(name, plainFrame('opus', 'delta', 60)));
    expect(microphone.out.length).toBeGreaterThan(before);
  });
  return microphone.out.at(-1) ?? expect.fail();
}

export const listen = ({ bench }: Device, device: string): PlayedTransform => {
  bench.say({ type: 'bind_track', track: 'track', device, slots: ['microphone'], codec: 'opus' });
  return bench.attach(receiving);
};
export const copyOf = (frame: PlayedFrame): PlayedFrame => ({ ...frame, data: frame.data.slice(0) });
export const droppedOf = ({ bench }: Device) => bench.counters().received[0]?.dropped;

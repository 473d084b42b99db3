import { RATES } from '@visavis/protocol';
import { connectDevice, type SimulatedDevice, type Traffic } from '../lib/simulatedDevice.ts';
import type { Pair } from '../lib/population.ts';
import { playCall } from './completeCall.ts';

/** Devices that are all connected, and calls that are still allowed to them. */
export interface Pool {
  /** Plays calls, `atOnce` of them at a time, and counts what went over the sockets meanwhile. */
  play(count: number, atOnce: number): Promise<Traffic>;
  close(): void;
}

interface Line {
  readonly devices: readonly [SimulatedDevice, SimulatedDevice];
  played: number;
}

/** Each device may dial that often at once; a pair takes turns. */
const CALLS_PER_PAIR = RATES.initiate_call.burst * 2;

export async function openPool(url: string, pairs: readonly Pair[]): Promise<Pool> {
  const lines: Line[] = [];
  for (const [one, other] of pairs) {
    lines.push({
      devices: await Promise.all([connectDevice(url, one), connectDevice(url, other)]),
      played: 0,
    });
  }

  async function playNext(lane: readonly Line[]): Promise<void> {
    const line = lane.toSorted((one, other) => one.played - other.played)[0];
    if (line === undefined || line.played >= CALLS_PER_PAIR)
      throw new Error('too few pairs for so many calls');
    const [one, other] = line.devices;
    line.played += 1;
    await (line.played % 2 === 1 ? playCall(one, other) : playCall(other, one));
  }

  const countTraffic = (): Traffic => {
    const sum: Traffic = { framesIn: 0, bytesIn: 0, framesOut: 0, bytesOut: 0 };
    for (const { traffic } of lines.flatMap(({ devices }) => [...devices])) {
      sum.framesIn += traffic.framesIn;
      sum.bytesIn += traffic.bytesIn;
      sum.framesOut += traffic.framesOut;
      sum.bytesOut += traffic.bytesOut;
    }
    return sum;
  };

  return {
    play: async (count, atOnce) => {
      const before = countTraffic();
      let left = count;
      // A pair belongs to one lane, so that nobody is called twice at a time.
      const lanes = Array.from({ length: atOnce }, (_, lane) =>
        lines.filter((_line, index) => index % atOnce === lane),
      );
      await Promise.all(
        lanes.map(async (lane) => {
          while (left > 0) {
            left -= 1;
            await playNext(lane);
          }
        }),
      );
      const after = countTraffic();
      return {
        framesIn: after.framesIn - before.framesIn,
        bytesIn: after.bytesIn - before.bytesIn,
        framesOut: after.framesOut - before.framesOut,
        bytesOut: after.bytesOut - before.bytesOut,
      };
    },
    close: () => {
      for (const { devices } of lines) for (const device of devices) device.close();
    },
  };
}

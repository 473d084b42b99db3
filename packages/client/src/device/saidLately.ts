import type { Bytes } from '@visavis/encryption';
import type { KeptContent } from './callContent.ts';
import type { CallSeal, SealedDevice } from './seal.ts';

/** Of one call, in ms and lines. More: who comes back is told what they have read long ago; fewer: they miss what was said meanwhile. */
export const AGAIN_MS = 60_000;
const MOST_LINES = 20;
/** How often one line is said again. More: a call whose keys are made anew again and again fills up with it. */
const MOST_TIMES = 4;

/** What this device has said to the members of a call, as long as somebody may have missed it. */
export interface Said {
  readonly content: KeptContent;
  /** Whether the server has passed it on. */
  sent: Promise<boolean>;
  /** The end of the frame that brought it, by which it is known; null until it is sealed. */
  tag: Bytes | null;
  /** When it was sealed, in the server's time. */
  at: number;
  /** The newest {@link Stay.arrival} then: it is of no concern to whoever came later. */
  arrivals: number;
  times: number;
  /** A user who was in the call when it was said, and has perhaps not got it. */
  readonly onMissed: (userId: string) => void;
}

/** Somebody who was there and may have missed something: it is said again, or cannot be. */
export interface Missing {
  readonly said: Said;
  readonly again: boolean;
  readonly userIds: readonly string[];
}

/** Follows who of a call comes back into its keys, and what of this device they have missed by then. */
export interface SaidLately {
  /** It is about to be sealed; again, where it could not be. */
  add(said: Said): void;
  /** Whose stay this is, another one's is not: with another seal everything is forgotten. */
  readonly seal: CallSeal;
  /** The newest arrival so far. */
  readonly arrivals: number;
  /**
   * @param devices - that have the keys now, besides this one
   * @param present - ids of those in the call
   * @returns in the order in which it was said
   */
  follow(
    devices: readonly SealedDevice[],
    present: ReadonlySet<string>,
    serverNow: number,
  ): readonly Missing[];
}

/** Whether nobody among these came after it was said. */
export const mayHear = (devices: readonly SealedDevice[], said: Said): boolean =>
  devices.every(({ arrival }) => arrival <= said.arrivals);

export function createSaidLately(seal: CallSeal): SaidLately {
  let lately: readonly Said[] = [];
  const last = new Map<string, SealedDevice>();
  let arrivals = 0;
  return {
    seal,
    get arrivals() {
      return arrivals;
    },
    add(said) {
      lately = [...lately.filter((other) => other !== said), said].slice(-MOST_LINES);
    },
    follow(devices, present, serverNow) {
      for (const deviceId of last.keys()) if (!present.has(deviceId)) last.delete(deviceId);
      const back: { readonly device: SealedDevice; readonly before: SealedDevice }[] = [];
      for (const device of devices.filter(({ deviceId }) => present.has(deviceId))) {
        const before = last.get(device.deviceId);
        last.set(device.deviceId, device);
        arrivals = Math.max(arrivals, device.arrival);
        if (before !== undefined && (before.arrival !== device.arrival || before.returns !== device.returns))
          back.push({ device, before });
      }
      lately = lately.filter(({ tag, at }) => tag === null || serverNow - at < AGAIN_MS);
      if (back.length === 0) return [];
      return lately.flatMap((said): Missing[] => {
        const were = back.filter(({ before }) => before.arrival <= said.arrivals);
        if (were.length === 0) return [];
        const same = were.filter(({ device, before }) => device.arrival === before.arrival);
        const again = same.length > 0 && said.times < MOST_TIMES;
        if (again) said.times += 1;
        const idsOf = (of: typeof were): string[] => of.map(({ device }) => device.userId);
        const others = were.filter((each) => !again || !same.includes(each));
        return [
          ...(again ? [{ said, again, userIds: idsOf(same) }] : []),
          ...(others.length > 0 ? [{ said, again: false, userIds: idsOf(others) }] : []),
        ];
      });
    },
  };
}

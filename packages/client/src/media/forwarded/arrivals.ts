import type { PublishedTrack } from '@visavis/protocol';
import type { Timers } from '../../timers.ts';
import { isCutOff, isQuiet, stepWatch, UNWATCHED, type Watch } from './cutOff.ts';
import type { SfuConsumer } from './sfuLibrary.ts';

/** Often enough to say it within 2 s; it costs a number of each track. */
const LOOK_MS = 500;

export interface ReceivedPart {
  readonly track: PublishedTrack;
  readonly consumer: SfuConsumer;
  readonly isWanted: boolean;
  /** The media server says that it sends no layer of it. */
  readonly isWithheld: boolean;
}

/** Who of the others sends and does not get through. */
export interface Arrivals {
  start(): void;
  isCutOff(deviceId: string): boolean;
  close(): void;
}

interface Seen {
  newest: number | null;
  packets: number | null;
}

const nothing = (): void => {};
const idsOf = (parts: readonly ReceivedPart[]): string[] => parts.map(({ track }) => track.trackId);

/** @param parts - everything that is received at present */
export function createArrivals(
  parts: () => readonly ReceivedPart[],
  timers: Timers,
  onChange: () => void,
): Arrivals {
  let watches = new Map<string, Watch>();
  let cutOff = new Set<string>();
  const seen = new WeakMap<SfuConsumer, Seen>();
  let cancelLook = nothing;
  let isClosed = false;

  const seenOf = (consumer: SfuConsumer): Seen => {
    const known = seen.get(consumer) ?? { newest: null, packets: null };
    seen.set(consumer, known);
    return known;
  };

  function isPlayed({ consumer }: ReceivedPart): boolean {
    const known = seenOf(consumer);
    const newest = consumer.getNewest();
    const isNews = newest !== null && newest !== known.newest;
    known.newest = newest;
    return isNews;
  }

  /** Against the count of the look before: the first says nothing about when they came. */
  async function hasPackets({ consumer }: ReceivedPart): Promise<boolean> {
    const known = seenOf(consumer);
    const packets = await consumer.countPackets().catch(() => known.packets);
    const isNews = packets !== null && known.packets !== null && packets > known.packets;
    known.packets = packets;
    return isNews;
  }

  async function hasArrived(of: readonly ReceivedPart[], watch: Watch): Promise<boolean> {
    // Each is asked, since the next look compares with what they answer.
    const isAnyPlayed = of.map(isPlayed).includes(true);
    if (!isAnyPlayed && isQuiet(watch, timers.now())) {
      return (await Promise.all(of.map(hasPackets))).includes(true);
    }
    for (const { consumer } of of) seenOf(consumer).packets = null;
    return isAnyPlayed;
  }

  async function look(): Promise<void> {
    const received = parts();
    const deviceIds = new Set(received.map(({ track }) => track.deviceId));
    const looks = [...deviceIds].map(async (deviceId): Promise<[string, Watch]> => {
      const of = received.filter(({ track }) => track.deviceId === deviceId);
      const watch = watches.get(deviceId) ?? UNWATCHED;
      // A screen that stands still sends nothing: that one comes says something, and that none comes does not.
      const sent = of.filter(
        ({ track, isWanted }) => isWanted && !track.paused && !track.source.startsWith('screen'),
      );
      return [
        deviceId,
        stepWatch(watch, {
          sent: idsOf(sent),
          withheld: idsOf(sent.filter(({ isWithheld }) => isWithheld)),
          arrived: await hasArrived(of, watch),
          now: timers.now(),
        }),
      ];
    });
    watches = new Map(await Promise.all(looks));
    if (isClosed) return;
    tell();
    cancelLook = timers.after(LOOK_MS, () => void look());
  }

  function tell(): void {
    const before = cutOff;
    const now = timers.now();
    cutOff = new Set([...watches].filter(([, watch]) => isCutOff(watch, now)).map(([deviceId]) => deviceId));
    if (cutOff.size !== before.size || [...cutOff].some((deviceId) => !before.has(deviceId))) onChange();
  }

  return {
    start() {
      cancelLook();
      cancelLook = timers.after(LOOK_MS, () => void look());
    },
    isCutOff: (deviceId) => cutOff.has(deviceId),
    close() {
      isClosed = true;
      cancelLook();
    },
  };
}

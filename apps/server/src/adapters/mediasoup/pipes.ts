import type { types } from 'mediasoup';
import type { Track } from './peers.ts';
import type { Place } from './places.ts';

/** Between workers of one machine. */
const LOOPBACK = { protocol: 'udp', ip: '127.0.0.1' } as const;

/** The way from one worker to another, for all tracks of a call that go there. */
interface Way {
  readonly near: types.PipeTransport;
  readonly far: types.PipeTransport;
}

/** A track on its way to a worker that it does not come in at. */
interface Pipe {
  readonly track: Track;
  readonly place: Place;
  readonly opening: Promise<void>;
  /** Null while it is being opened. */
  consumer: types.Consumer | null;
  isTurning: boolean;
}

/** What goes between the workers of one call. */
export interface Pipes {
  /** Brings a track to a place, once for all who are there. */
  bring(track: Track, place: Place): Promise<void>;
  /** Who watches a track has changed: it goes only where somebody does. */
  follow(track: Track): void;
  /** How many tracks go between workers at present. */
  count(): number;
}

/** @param isWatched - whether anybody at that place is sent the track */
export function createPipes(isWatched: (track: Track, place: Place) => boolean): Pipes {
  const ways = new Map<string, Promise<Way>>();
  const pipes = new Map<string, Pipe>();

  async function wayBetween({ router: from }: Place, { router: to }: Place): Promise<Way> {
    const key = `${from.id} ${to.id}`;
    let way = ways.get(key);
    if (way === undefined) {
      way = openWay(from, to);
      way.catch(() => ways.delete(key));
      ways.set(key, way);
    }
    return way;
  }

  async function open(track: Track, place: Place, handleOpen: (consumer: types.Consumer) => void) {
    const { near, far } = await wayBetween(track.place, place);
    const consumer = await near.consume({ producerId: track.producer.id });
    handleOpen(consumer);
    const producer = await far.produce({
      id: consumer.producerId,
      kind: consumer.kind,
      rtpParameters: consumer.rtpParameters,
      paused: isSilent(consumer),
    });
    // The sender's pauses and our own come out alike at the other end. A worker that dies meanwhile says so by itself.
    const pass = (): void => void (isSilent(consumer) ? producer.pause() : producer.resume()).catch(() => {});
    consumer.observer.on('pause', pass);
    consumer.observer.on('resume', pass);
    consumer.observer.on('close', () => producer.close());
    producer.observer.on('close', () => consumer.close());
    if (consumer.closed) producer.close();
    else if (producer.paused !== isSilent(consumer)) pass();
  }

  async function turn(pipe: Pipe): Promise<void> {
    const { consumer, track, place } = pipe;
    if (consumer === null || pipe.isTurning) return;
    pipe.isTurning = true;
    try {
      while (!consumer.closed && consumer.paused === isWatched(track, place))
        await (consumer.paused ? consumer.resume() : consumer.pause());
    } catch {
      // It closed meanwhile.
    } finally {
      pipe.isTurning = false;
    }
  }

  return {
    async bring(track, place) {
      const { media, router } = track.place;
      if (router === place.router) return;
      const key = `${track.producer.id} ${place.router.id}`;
      let pipe = pipes.get(key);
      if (pipe === undefined) {
        const forget = (): void => void pipes.delete(key);
        const handleOpen = (consumer: types.Consumer): void => {
          made.consumer = consumer;
          media.consumers += 1;
          consumer.observer.on('close', () => {
            media.consumers -= 1;
            forget();
          });
        };
        const made: Pipe = {
          track,
          place,
          opening: open(track, place, handleOpen),
          consumer: null,
          isTurning: false,
        };
        pipe = made;
        pipes.set(key, made);
        made.opening.catch(() => {
          made.consumer?.close();
          forget();
        });
      }
      await pipe.opening;
    },
    follow(track) {
      for (const pipe of pipes.values()) if (pipe.track === track) void turn(pipe);
    },
    count: () =>
      [...pipes.values()].filter(({ consumer }) => consumer !== null && !isSilent(consumer)).length,
  };
}

const isSilent = ({ paused, producerPaused }: types.Consumer): boolean => paused || producerPaused;

async function openWay(from: types.Router, to: types.Router): Promise<Way> {
  const [near, far] = await Promise.all([openEnd(from), openEnd(to)]);
  await Promise.all([connect(near, far), connect(far, near)]);
  return { near, far };
}

const openEnd = async (router: types.Router): Promise<types.PipeTransport> =>
  router.createPipeTransport({ listenInfo: LOOPBACK, enableRtx: true });
const connect = async (one: types.PipeTransport, { tuple }: types.PipeTransport): Promise<void> =>
  one.connect({ ip: tuple.localAddress, port: tuple.localPort });

import { residentBytes } from '../../lib/machine.ts';
import { ADDRESS, receivePath, sendPath, type Crowd, type ForwardedCall } from '../calls.ts';
import { DEVICES, LAYERS, TALKING, ssrcsOf, watchedBy } from '../load.ts';
import { createIceCredentials, type Peers } from '../peers/index.ts';
import { startJanus } from './process.ts';
import { numberingOf, publisherOffer, remoteOf, subscriberAnswer, type LocalEnd } from './sdp.ts';
import { openSession, type Session } from './session.ts';

const CALL = 'janus';
const ROOM = 1;
/** Of the highest of three temporal layers. */
const ALL_FRAMES = 2;
/** Janus has no device 0. */
const feedOf = (device: number): number => device + 1;

/** The same call through a room of Janus's video room. */
export async function openJanusCall({ senders, receivers }: Crowd): Promise<ForwardedCall> {
  const janus = await startJanus(ADDRESS);
  const idleBytes = residentBytes(janus.pid);
  try {
    const session = await openSession(janus.url);
    const room = await session.attach();
    await room.ask({
      request: 'create',
      room: ROOM,
      publishers: DEVICES,
      // bit/s; what Janus tells the senders, who do not listen.
      bitrate: 0,
      fir_freq: 0,
      audiocodec: 'opus',
      videocodec: 'vp8',
      notify_joining: false,
    });
    const devices = Array.from({ length: DEVICES }, (_, device) => device);
    await Promise.all(devices.map(async (device) => publish(session, device, senders)));
    await Promise.all(devices.map(async (device) => subscribe(session, device, receivers)));
    return {
      name: CALL,
      pid: janus.pid,
      idleBytes,
      // Janus tells nobody what is watched.
      followDemand: async () => {},
      close: async () => {
        session.close();
        await janus.dispose();
      },
    };
  } catch (error) {
    await janus.dispose();
    throw new Error(`the call through Janus could not be set up\n${janus.output()}`, { cause: error });
  }
}

async function openEnd(peers: Peers, path: string): Promise<LocalEnd> {
  return { address: ADDRESS, ice: createIceCredentials(), ...(await peers.open(path, ADDRESS)) };
}

async function publish(session: Session, device: number, senders: Peers): Promise<void> {
  const path = sendPath(CALL, device);
  const end = await openEnd(senders, path);
  const handle = await session.attach();
  const ssrcs = ssrcsOf(device);
  await handle.ask({ request: 'join', ptype: 'publisher', room: ROOM, id: feedOf(device) });
  const { jsep } = await handle.ask(
    { request: 'publish' },
    { type: 'offer', sdp: publisherOffer(end, ssrcs) },
  );
  if (jsep === null) throw new Error('Janus answers no offer');
  await senders.tell({ type: 'connect', path, local: end.ice, remote: remoteOf(jsep.sdp) });
  await senders.tell({ type: 'send', path, device, ...ssrcs, talks: device < TALKING });
}

async function subscribe(session: Session, device: number, receivers: Peers): Promise<void> {
  const path = receivePath(CALL, device);
  const { large, small } = watchedBy(device);
  const end = await openEnd(receivers, path);
  const handle = await session.attach();
  const others = Array.from({ length: DEVICES }, (_, other) => other).filter((other) => other !== device);
  const { data, jsep } = await handle.ask({
    request: 'join',
    ptype: 'subscriber',
    room: ROOM,
    streams: [
      ...others.map((other) => ({ feed: feedOf(other), mid: '0' })),
      ...[large, ...small].map((other) => ({ feed: feedOf(other), mid: '1' })),
    ],
  });
  if (jsep === null) throw new Error('Janus offers nothing');
  await handle.ask({ request: 'start' }, { type: 'answer', sdp: subscriberAnswer(jsep.sdp, end) });
  await receivers.tell({ type: 'connect', path, local: end.ice, remote: remoteOf(jsep.sdp) });
  await receivers.tell({ type: 'receive', path, ...numberingOf(jsep.sdp) });
  await handle.ask({
    request: 'configure',
    streams: (data.streams ?? [])
      .filter(({ type }) => type === 'video')
      .map(({ mid, feed_id }) => ({
        mid,
        substream: feed_id === feedOf(large) ? LAYERS.length - 1 : 0,
        temporal: ALL_FRAMES,
      })),
  });
}

import { randomUUID } from 'node:crypto';
import { createLink, realTimers, type Link } from '@visavis/client';
import { SIGNALING_PATH, type ServerEvent } from '@visavis/protocol';
import { WebSocket } from 'ws';
import { createCandidate } from '../lib/sdp.ts';
import type { Pair, SeededDevice } from '../lib/population.ts';
import type { Member } from './crowd.ts';

/** What becomes of a device. */
interface Fate {
  readonly events: ServerEvent[];
  lostAt: number | null;
  backAt: number | null;
  isBack: boolean;
  isResumed: boolean;
}

/** A device with the product's own link. */
interface Device {
  readonly seeded: SeededDevice;
  readonly link: Link;
  readonly fate: Fate;
}

/** Connects a device and resolves when it has registered. */
async function openDevice(url: string, seeded: SeededDevice): Promise<Device> {
  const fate: Fate = { events: [], lostAt: null, backAt: null, isBack: false, isResumed: false };
  const registered = Promise.withResolvers<void>();
  const link = createLink({
    url: `${url.replace('http', 'ws')}${SIGNALING_PATH}?device=${seeded.deviceId}`,
    deviceId: seeded.deviceId,
    openSocket: (address, handlers) => {
      const socket = new WebSocket(address, {
        headers: { origin: url, cookie: seeded.cookie },
        perMessageDeflate: false,
      });
      socket.on('open', () => handlers.onOpen());
      socket.on('message', (data) => handlers.onText(Buffer.isBuffer(data) ? data.toString('utf8') : ''));
      socket.on('error', () => {});
      socket.on('close', (code) => handlers.onClose(code));
      return {
        send: (text) => {
          if (socket.readyState === WebSocket.OPEN) socket.send(text);
        },
        close: () => socket.terminate(),
      };
    },
    timers: realTimers,
    random: Math.random,
    makeId: () => randomUUID(),
    handlers: {
      onState: ({ name }) => {
        if (name === 'registered' || !fate.isBack) return;
        fate.isBack = false;
        fate.lostAt = performance.now();
      },
      onRegistered: ({ resumed }) => {
        fate.isBack = true;
        fate.isResumed = resumed;
        fate.backAt = performance.now();
        registered.resolve();
      },
      onEvent: (event) => fate.events.push(event),
      onNotice: () => {},
    },
  });
  await registered.promise;
  return { seeded, link, fate };
}

/** @param talks - whether the two are in a call and send candidates to each other */
export async function openPair(url: string, [one, other]: Pair, talks: boolean): Promise<readonly Member[]> {
  const [caller, callee] = await Promise.all([openDevice(url, one), openDevice(url, other)]);
  const callId = talks ? await connect(caller, callee) : null;
  return [toMember(caller, callee, callId), toMember(callee, caller, callId)];
}

async function connect(caller: Device, callee: Device): Promise<string> {
  const dialed = await caller.link.request({
    type: 'initiate_call',
    payload: { idempotencyKey: randomUUID(), calleeId: callee.seeded.userId, callType: 'video' },
  });
  const callId = dialed.type === 'ok' ? dialed.payload.callId : undefined;
  if (callId === undefined) throw new Error('a dial was refused');
  const answered = await callee.link.request({ type: 'answer_call', callId, payload: { media: 'video' } });
  if (answered.type !== 'ok') throw new Error('an answer was refused');
  for (const { link } of [caller, callee]) link.setBusy(true);
  return callId;
}

/** The number is the candidate's port. */
function toMember(device: Device, partner: Device, callId: string | null): Member {
  const connectionId = randomUUID();
  const payloadOf = (n: number) => ({
    ...createCandidate(connectionId, 1),
    candidate: `candidate:1 1 udp 1 192.0.2.1 ${String(n)} typ host`,
  });
  return {
    send:
      callId === null
        ? null
        : async (n) => {
            const payload = payloadOf(n);
            return (await device.link.request({ type: 'ice_candidate', callId, payload })).type === 'ok';
          },
    get arrived() {
      return partner.fate.events.flatMap((event) =>
        event.type === 'ice_candidate' && event.payload.connectionId === connectionId
          ? [Number(event.payload.candidate.split(' ')[5])]
          : [],
      );
    },
    isBack: () => device.fate.isBack,
    lostAt: () => device.fate.lostAt,
    backAt: () => device.fate.backAt,
    isResumed: () => device.fate.isResumed,
    close: () => device.link.close(),
  };
}

import { randomUUID } from 'node:crypto';
import {
  decodeServerMessage,
  isServerMessage,
  PROTOCOL_VERSION,
  SIGNALING_PATH,
  type ClientRequest,
  type RequestAnswer,
  type ServerEvent,
  type ServerMessage,
} from '@visavis/protocol';
import { WebSocket } from 'ws';
import type { SeededDevice } from './population.ts';

/** Real devices acknowledge that much later, everything up to then at once. */
const ACK_DELAY_MS = 40;

type Unidentified<Request> = Request extends ClientRequest ? Omit<Request, 'id'> : never;
type OkAnswer = Extract<RequestAnswer, { type: 'ok' }>;
type EventOf<Type> = Extract<ServerEvent, { type: Type }>;

/** A device without camera and screen: speaks the protocol as the web client does, over a real socket. */
export interface SimulatedDevice {
  readonly userId: string;
  request(request: Unidentified<ClientRequest>): Promise<OkAnswer>;
  /** The next event of this type and call, one that came already included. */
  expect<Type extends ServerEvent['type']>(type: Type, callId?: string): Promise<EventOf<Type>>;
  readonly traffic: Traffic;
  close(): void;
}

/** Frames and bytes, as the server sees them. */
export interface Traffic {
  framesIn: number;
  bytesIn: number;
  framesOut: number;
  bytesOut: number;
}

/** As quickly as it can be done: whoever makes the load shares the cores with the server. */
function read(text: string): ServerMessage {
  const value: unknown = JSON.parse(text);
  if (isServerMessage(value)) return value;
  const decoded = decodeServerMessage(text);
  if (!decoded.ok) throw new Error(`the server said something unknown: ${decoded.detail}`);
  return decoded.message;
}

interface Waiter {
  readonly matches: (event: ServerEvent) => boolean;
  readonly resolve: (event: ServerEvent) => void;
}

export interface DeviceOptions {
  /** Takes an event that nobody else is to see. */
  readonly claim?: (event: ServerEvent) => boolean;
}

export async function connectDevice(
  url: string,
  seeded: SeededDevice,
  { claim = () => false }: DeviceOptions = {},
): Promise<SimulatedDevice> {
  const { userId, deviceId, cookie } = seeded;
  const socket = new WebSocket(`${url.replace('http', 'ws')}${SIGNALING_PATH}?device=${deviceId}`, {
    headers: { origin: url, cookie },
    perMessageDeflate: false,
  });
  const traffic: Traffic = { framesIn: 0, bytesIn: 0, framesOut: 0, bytesOut: 0 };
  const pending = new Map<string, (answer: RequestAnswer) => void>();
  const waiters = new Set<Waiter>();
  let unclaimed: ServerEvent[] = [];
  let lastSeq = 0;
  let ackTimer: NodeJS.Timeout | null = null;

  const send = (frame: object): void => {
    const text = JSON.stringify(frame);
    traffic.framesIn += 1;
    traffic.bytesIn += text.length;
    socket.send(text);
  };
  const handleEvent = (event: ServerEvent): void => {
    if (event.seq !== lastSeq + 1) throw new Error(`event ${event.seq} came after event ${lastSeq}`);
    lastSeq = event.seq;
    ackTimer ??= setTimeout(() => {
      ackTimer = null;
      if (socket.readyState === WebSocket.OPEN) send({ type: 'ack', payload: { seq: lastSeq } });
    }, ACK_DELAY_MS);
    if (claim(event)) return;
    const waiter = [...waiters].find(({ matches }) => matches(event));
    if (waiter === undefined) unclaimed.push(event);
    else {
      waiters.delete(waiter);
      waiter.resolve(event);
    }
  };
  const registered = Promise.withResolvers<void>();
  socket.on('message', (data) => {
    const text = Buffer.isBuffer(data) ? data.toString('utf8') : '';
    traffic.framesOut += 1;
    traffic.bytesOut += text.length;
    const message = read(text);
    if ('seq' in message) handleEvent(message);
    else if (message.type === 'registered') registered.resolve();
    else if ((message.type === 'ok' || message.type === 'error') && message.id !== undefined) {
      pending.get(message.id)?.(message);
      pending.delete(message.id);
    }
  });
  socket.on('open', () => {
    send({
      type: 'register',
      id: randomUUID(),
      payload: { protocol: PROTOCOL_VERSION, deviceId, resume: null },
    });
  });
  socket.on('error', registered.reject);
  socket.on('close', (code) => registered.reject(new Error(`the server closed the socket with ${code}`)));
  await registered.promise;

  return {
    userId,
    traffic,
    request: async (request) => {
      const id = randomUUID();
      const answer = new Promise<RequestAnswer>((resolve) => pending.set(id, resolve));
      send({ ...request, id });
      const settled = await answer;
      if (settled.type === 'error') throw new Error(`${request.type} was refused: ${settled.payload.code}`);
      return settled;
    },
    expect: async (type, callId) => {
      const matches = (event: ServerEvent): event is EventOf<typeof type> =>
        event.type === type && (callId === undefined || event.callId === callId);
      const early = unclaimed.find(matches);
      if (early !== undefined) {
        unclaimed = unclaimed.filter((event) => event !== early);
        return early;
      }
      return new Promise((resolve) => {
        waiters.add({
          matches,
          resolve: (event) => {
            if (matches(event)) resolve(event);
          },
        });
      });
    },
    close: () => {
      if (ackTimer !== null) clearTimeout(ackTimer);
      socket.close();
    },
  };
}

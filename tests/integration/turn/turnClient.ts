import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Credentials, RunningCoturn } from '../../harness/coturn.ts';
import {
  METHOD,
  decodeMessage,
  encodeMessage,
  messageLength,
  type Address,
  type Attributes,
  type Key,
  type Message,
} from './stun.ts';

/** A TURN client that asks for one thing at a time and tells what it was answered. */
export interface TurnClient {
  /** 200, or the code of the refusal. */
  allocate(options?: AllocateOptions): Promise<number>;
  /** Asks to let packets of this peer in and out. */
  permit(peer: Address): Promise<number>;
  bindChannel(peer: Address): Promise<number>;
  refresh(lifetimeSeconds: number): Promise<number>;
  /** Where peers reach it, once it has an allocation. */
  readonly relayed: Address | null;
  /** Asks who it is, without credentials. */
  ask(method: number, attributes: Attributes): Promise<Message>;
  close(): void;
}

export interface AllocateOptions {
  readonly family?: 4 | 6;
  /** IANA protocol number of what is to be relayed. */
  readonly transport?: number;
}

const UDP = 17;
const FIRST_CHANNEL = 0x4000;
/** An answer that takes longer is none. UDP on loopback is not lost. */
const ANSWER_MS = 5_000;

const UNAUTHORIZED = 401;
const STALE_NONCE = 438;

const codeOf = (message: Message): number => message.code ?? 200;

type Transport = 'udp' | 'tcp' | 'tls';

interface Wire {
  send(bytes: Buffer): void;
  close(): void;
}

/** @param credentials - null: it never signs anything */
export async function createTurnClient(
  coturn: RunningCoturn,
  credentials: Credentials | null,
  transport: Transport = 'udp',
): Promise<TurnClient> {
  const waiting = new Map<string, (message: Message) => void>();
  const wire = await openWire(coturn, transport, (bytes) => {
    const message = decodeMessage(bytes);
    waiting.get(message.transaction)?.(message);
  });
  let challenge: { readonly realm: string; readonly nonce: string } | null = null;
  let relayed: Address | null = null;
  let nextChannel = FIRST_CHANNEL;

  const exchange = (method: number, attributes: Attributes, key: Key | null): Promise<Message> =>
    new Promise((resolve, reject) => {
      const { bytes, transaction } = encodeMessage(method, attributes, key);
      const timer = setTimeout(() => reject(new Error('the TURN server is silent')), ANSWER_MS);
      waiting.set(transaction, (message) => {
        clearTimeout(timer);
        waiting.delete(transaction);
        resolve(message);
      });
      wire.send(bytes);
    });

  /** Signs once the server has said for which realm and with which nonce, as RFC 8489, 9.2 has it. */
  async function ask(method: number, attributes: Attributes): Promise<Message> {
    for (let attempt = 0; ; attempt += 1) {
      const isUnsigned = credentials === null || challenge === null;
      const answer = await (credentials === null || challenge === null
        ? exchange(method, attributes, null)
        : exchange(
            method,
            { ...attributes, username: credentials.username, ...challenge },
            { username: credentials.username, realm: challenge.realm, password: credentials.credential },
          ));
      const isChallenge = answer.code === STALE_NONCE || (answer.code === UNAUTHORIZED && isUnsigned);
      if (!isChallenge || credentials === null || attempt > 1) return answer;
      challenge = { realm: answer.realm ?? '', nonce: answer.nonce ?? '' };
    }
  }
  return {
    ask,
    get relayed() {
      return relayed;
    },
    async allocate({ family, transport: wanted = UDP } = {}) {
      const answer = await ask(METHOD.allocate, {
        transport: wanted,
        ...(family === undefined ? {} : { family }),
      });
      relayed = answer.relayed;
      return codeOf(answer);
    },
    permit: async (peer) => codeOf(await ask(METHOD.createPermission, { peer })),
    async bindChannel(peer) {
      const channelNumber = nextChannel;
      nextChannel += 1;
      return codeOf(await ask(METHOD.channelBind, { channelNumber, peer }));
    },
    refresh: async (lifetime) => codeOf(await ask(METHOD.refresh, { lifetime })),
    close: () => wire.close(),
  };
}

/** By port of a server: an allocation outlives its socket, and whoever gets its port is refused (RFC 8656, 7.2). */
const usedPorts = new Map<number, Set<number>>();

async function openUdp(port: number): Promise<Socket> {
  const used = usedPorts.get(port) ?? new Set<number>();
  usedPorts.set(port, used);
  for (;;) {
    const socket = createSocket('udp4');
    socket.connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const { port: own } = socket.address();
    if (!used.has(own)) {
      used.add(own);
      return socket;
    }
    socket.close();
  }
}

async function openWire(
  { port, tlsPort, authority }: RunningCoturn,
  transport: Transport,
  handleMessage: (bytes: Buffer) => void,
): Promise<Wire> {
  if (transport === 'udp') {
    const socket = await openUdp(port);
    socket.on('message', handleMessage);
    return { send: (bytes) => socket.send(bytes), close: () => socket.close() };
  }
  const socket =
    transport === 'tcp'
      ? connectTcp(port, '127.0.0.1')
      : connectTls({ port: tlsPort, host: '127.0.0.1', ca: authority });
  await once(socket, transport === 'tcp' ? 'connect' : 'secureConnect');
  let buffered = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    buffered = Buffer.concat([buffered, chunk]);
    for (;;) {
      const length = messageLength(buffered);
      if (length === null || buffered.length < length) return;
      handleMessage(buffered.subarray(0, length));
      buffered = buffered.subarray(length);
    }
  });
  return { send: (bytes) => void socket.write(bytes), close: () => void socket.destroy() };
}

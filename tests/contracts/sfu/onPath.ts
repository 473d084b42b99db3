import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Sfu } from '@visavis/server';

const ADDRESS = '127.0.0.1';
/** Packets, the first ones: set-ups are among them. */
const MOST_KEPT = 4_000;

/** Somebody between devices and the media server: passes on what goes by, keeps it, and says what they like in anybody's name. */
export interface OnPath {
  /** The same SFU, reached through this. */
  readonly sfu: Sfu;
  /** What devices have said so far, of all kinds: STUN, DTLS, SRTP and SRTCP. */
  kept(): readonly Buffer[];
  /** How many packets of a stream devices have sent through this, without what was said again. */
  sent(ssrc: number): number;
  /** Says all of it once more, each from the address that it came from. */
  sayAgain(): void;
  /** Says it from the address of every device that goes through this. */
  sayAsAll(packet: Buffer): void;
  close(): void;
}

export async function standBetween(sfu: Sfu): Promise<OnPath> {
  const front = await openUdp();
  const ways = new Map<number, Socket>();
  const kept: { readonly way: Socket; readonly packet: Buffer }[] = [];
  const sent = new Map<number, number>();
  let port = 0;

  /** One address for each device, as a NAT has. */
  async function wayOf(from: number): Promise<Socket> {
    const known = ways.get(from);
    if (known !== undefined) return known;
    const way = await openUdp();
    const other = ways.get(from);
    if (other !== undefined) {
      way.close();
      return other;
    }
    ways.set(from, way);
    way.on('message', (packet) => front.send(packet, from, ADDRESS));
    return way;
  }
  front.on('message', (packet, { port: from }) => {
    if (isMedia(packet)) {
      const ssrc = packet.readUInt32BE(8);
      sent.set(ssrc, (sent.get(ssrc) ?? 0) + 1);
    }
    void wayOf(from).then((way) => {
      if (kept.length < MOST_KEPT) kept.push({ way, packet });
      way.send(packet, port, ADDRESS);
    });
  });

  type Transport = Awaited<ReturnType<Sfu['open']>>['send'];
  const through = (transport: Transport): Transport => ({
    ...transport,
    iceCandidates: transport.iceCandidates.map((candidate) => {
      if (candidate.protocol !== 'udp') return candidate;
      port = candidate.port;
      return { ...candidate, port: front.address().port };
    }),
  });
  return {
    sfu: {
      ...sfu,
      async open(...asked) {
        const opened = await sfu.open(...asked);
        return { ...opened, send: through(opened.send), receive: through(opened.receive) };
      },
    },
    kept: () => kept.map(({ packet }) => packet),
    sent: (ssrc) => sent.get(ssrc) ?? 0,
    sayAgain: () => kept.forEach(({ way, packet }) => way.send(packet, port, ADDRESS)),
    sayAsAll: (packet) => ways.forEach((way) => way.send(packet, port, ADDRESS)),
    close() {
      front.close();
      for (const way of ways.values()) way.close();
    },
  };
}

/** RFC 7983: by the first byte. */
const isMedia = (packet: Buffer): boolean => {
  const first = packet[0] ?? 0;
  return first >= 128 && first < 192 && packet.length >= 12;
};

export async function openUdp(): Promise<Socket> {
  const socket = createSocket('udp4');
  // What is said to a worker that has just ended is lost, and nobody waits for it.
  socket.on('error', () => {});
  socket.bind(0, ADDRESS);
  await once(socket, 'listening');
  return socket;
}

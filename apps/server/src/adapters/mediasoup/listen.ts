import type { types } from 'mediasoup';

/** An address to listen on, and the one that browsers are told where that differs. */
export interface ListenAddress {
  readonly ip: string;
  readonly announced: string | null;
}

/** Where a node exchanges media with other nodes (MED6), each way between two with a UDP port of its own. */
export interface PipeListen extends ListenAddress {
  /** Null: any port. */
  readonly ports: { readonly min: number; readonly max: number } | null;
}

/** How many ports above the wanted one are tried. */
const PORTS_TRIED = 200;

/**
 * Gives a worker its one UDP and one TCP port, the same number on every address: the wanted one or the next that is free
 * (port 0: any).
 */
export async function listen(
  worker: types.Worker,
  addresses: readonly ListenAddress[],
  wanted: number,
): Promise<{ readonly server: types.WebRtcServer; readonly port: number }> {
  for (let port = wanted; ; port += 1) {
    try {
      const server = await worker.createWebRtcServer({
        listenInfos: addresses.flatMap((one) => infos(one, port)),
      });
      return { server, port: wanted === 0 ? ((await server.dump()).udpSockets[0]?.port ?? 0) : port };
    } catch (error) {
      const isTaken = error instanceof Error && /address already in use/.test(error.message);
      if (!isTaken || wanted === 0 || port === 65_535 || port - wanted >= PORTS_TRIED) throw error;
    }
  }
}

const infos = ({ ip, announced }: ListenAddress, port: number): types.TransportListenInfo[] =>
  (['udp', 'tcp'] as const).map((protocol) => ({
    protocol,
    ip,
    ...(announced === null ? {} : { announcedAddress: announced }),
    ...(port === 0 ? {} : { port }),
  }));

import { once } from 'node:events';
import { isIP } from 'node:net';
import { type TLSSocket, checkServerIdentity, connect, createServer } from 'node:tls';

interface Visit {
  readonly key: string;
  readonly cert: string;
  /** What the visitor's name for the server is. */
  readonly name: string;
  /** The authority that the visitor trusts, if any. */
  readonly trusted?: string;
}

/** Shakes hands with a server that has this certificate, over real sockets. Returns the TLS version, or throws. */
export async function visitOverTls({ key, cert, name, trusted }: Visit): Promise<string | null> {
  const server = createServer({ key, cert });
  // A refused handshake is the visitor's to report.
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  let socket: TLSSocket | undefined;
  try {
    socket = connect({
      host: '127.0.0.1',
      port,
      ca: trusted === undefined ? [] : [trusted],
      ...(isIP(name) === 0 && { servername: name }),
      checkServerIdentity: (_host, certificate) => checkServerIdentity(name, certificate),
    });
    await once(socket, 'secureConnect');
    return socket.getProtocol();
  } finally {
    socket?.destroy();
    server.close();
  }
}

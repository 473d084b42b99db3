import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { CLOSE, LIMITS, SIGNALING_PATH, describeError, type ErrorCode } from '@visavis/protocol';
import { WebSocketServer, type WebSocket } from 'ws';
import { authenticate } from '../http/authenticate.ts';
import { isOwnOrigin } from '../http/origin.ts';
import type { Accounts, Log, SignedInDevice } from '../ports.ts';
import { toError } from '../toError.ts';
import { Unavailable } from '../unavailable.ts';
import type { Connection } from './connection.ts';
import type { Gateway } from './gateway.ts';

/** Frames up to this size are read, so that one over the limit of a message gets an answer; larger ones end the socket. */
const READ_BYTES = 2 * LIMITS.messageBytes;
/** How long a client has to answer a close. */
const CLOSE_MS = 1_000;

interface UpgradeParts {
  readonly accounts: Accounts;
  readonly gateway: Gateway;
  readonly log: Log;
  readonly publicOrigins: readonly string[];
  readonly socketsPerAddress: number;
  readonly parseCookies: (header: string) => Readonly<Record<string, string | undefined>>;
}

export type HandleUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** Turns an HTTP upgrade into a connection of the gateway: path, origin, number of sockets, cookie. */
export function createUpgrade(parts: UpgradeParts): HandleUpgrade {
  const { accounts, gateway, log, publicOrigins, socketsPerAddress, parseCookies } = parts;
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: READ_BYTES,
  });

  const upgrade = async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const address = request.socket.remoteAddress ?? 'unknown';
    if (url.pathname !== SIGNALING_PATH) {
      refuseUpgrade(socket, 404, 'NOT_FOUND');
      return;
    }
    if (!isOwnOrigin(request.headers.origin, request.headers.host, publicOrigins)) {
      refuseUpgrade(socket, 403, 'FORBIDDEN');
      return;
    }
    if (gateway.countSockets(address) >= socketsPerAddress) {
      refuseUpgrade(socket, 429, 'TOO_MANY_SESSIONS');
      return;
    }
    const cookies = parseCookies(request.headers.cookie ?? '');
    const device = await authenticate(accounts, url.searchParams.get('device'), cookies);
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      if (device === null) {
        // A page cannot read why an upgrade was refused, but it can read a close code.
        webSocket.on('error', () => {});
        webSocket.close(CLOSE.unauthenticated);
      } else connect(webSocket, gateway, device, address, log);
    });
  };

  return (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    upgrade(request, socket, head).catch((error: unknown) => {
      log.error('an upgrade failed', { error: toError(error) });
      if (error instanceof Unavailable) refuseUpgrade(socket, 503, 'TRY_LATER');
      else refuseUpgrade(socket, 500, 'INTERNAL');
    });
  };
}

function connect(
  webSocket: WebSocket,
  gateway: Gateway,
  device: SignedInDevice,
  address: string,
  log: Log,
): void {
  const handler = gateway.accept(wrap(webSocket), device, address);
  webSocket.on('message', (data, isBinary) => {
    if (isBinary) handler.handleBinary();
    else handler.handleText(Buffer.isBuffer(data) ? data.toString('utf8') : '');
  });
  webSocket.on('pong', () => {
    handler.handlePong();
  });
  webSocket.on('close', () => {
    handler.handleClose();
  });
  // A frame that breaks RFC 6455 or is far too large: ws closes the socket itself.
  webSocket.on('error', (error) => {
    log.debug('a socket failed', { error });
  });
}

const wrap = (webSocket: WebSocket): Connection => ({
  send: (text) => {
    webSocket.send(text);
  },
  ping: () => {
    webSocket.ping();
  },
  close: (code) => {
    webSocket.close(code);
    setTimeout(() => {
      webSocket.terminate();
    }, CLOSE_MS).unref();
  },
  terminate: () => {
    webSocket.terminate();
  },
  bufferedBytes: () => webSocket.bufferedAmount,
});

function refuseUpgrade(socket: Duplex, status: number, code: ErrorCode): void {
  const body = JSON.stringify({ code, message: describeError(code) });
  socket.end(
    [
      `HTTP/1.1 ${String(status)} ${code}`,
      'connection: close',
      'content-type: application/json',
      `content-length: ${String(Buffer.byteLength(body))}`,
      '',
      body,
    ].join('\r\n'),
  );
}

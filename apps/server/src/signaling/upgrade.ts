import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { CLOSE, LIMITS, SIGNALING_PATH, describeError, type ErrorCode } from '@visavis/protocol';
import { WebSocketServer, type WebSocket } from 'ws';
import { authenticate } from '../http/authenticate.ts';
import type { ClientAddress } from '../http/clientAddress.ts';
import { isOwnOrigin } from '../http/origin.ts';
import type { Accounts, Log } from '../ports.ts';
import { toError } from '../toError.ts';
import { Unavailable } from '../unavailable.ts';
import type { Connection, ConnectionHandler } from './connection.ts';
import type { Gateway } from './gateway.ts';
import { createOutgoing, type Outgoing, type OutgoingSocket } from './outgoing.ts';

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
  readonly clientAddress: ClientAddress;
  readonly parseCookies: (header: string) => Readonly<Record<string, string | undefined>>;
}

export type HandleUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** Turns an HTTP upgrade into a connection of the gateway: path, origin, number of sockets, cookie. */
export function createUpgrade(parts: UpgradeParts): HandleUpgrade {
  const { accounts, gateway, log, publicOrigins, socketsPerAddress, clientAddress, parseCookies } = parts;
  // At the end of a turn, after everything that has arrived is read.
  const createOutput = createOutgoing((task) => setImmediate(task));
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: READ_BYTES,
  });

  const refuse = (socket: Duplex, status: number, code: ErrorCode): void => {
    log.info('a socket was refused', { code });
    refuseUpgrade(socket, status, code);
  };

  const upgrade = async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const address = clientAddress(request);
    if (url.pathname !== SIGNALING_PATH) {
      refuseUpgrade(socket, 404, 'NOT_FOUND');
      return;
    }
    if (!isOwnOrigin(request.headers.origin, request.headers.host, publicOrigins)) {
      refuse(socket, 403, 'FORBIDDEN');
      return;
    }
    if (gateway.getState() !== 'accepting') {
      refuseUpgrade(socket, 503, 'SERVER_CLOSING');
      return;
    }
    if (gateway.countSockets(address) >= socketsPerAddress) {
      refuse(socket, 429, 'TOO_MANY_SESSIONS');
      return;
    }
    const cookies = parseCookies(request.headers.cookie ?? '');
    const device = await authenticate(accounts, url.searchParams.get('device'), cookies);
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      if (device === null) {
        // A page cannot read why an upgrade was refused, but it can read a close code.
        log.info('a socket was refused', { code: 'UNAUTHENTICATED' });
        webSocket.on('error', () => {});
        webSocket.close(CLOSE.unauthenticated);
      } else {
        const connection = new SocketConnection(webSocket, socket, createOutput);
        const handler = gateway.accept(connection, device, address);
        listen(webSocket, handler, log);
      }
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

function listen(webSocket: WebSocket, handler: ConnectionHandler, log: Log): void {
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

/** A WebSocket and the socket under it: ws reads from that and answers what the protocol wants answered. */
class SocketConnection implements Connection, OutgoingSocket {
  readonly #webSocket: WebSocket;
  readonly #socket: Duplex;
  readonly #output: Outgoing;

  constructor(webSocket: WebSocket, socket: Duplex, createOutput: (socket: OutgoingSocket) => Outgoing) {
    this.#webSocket = webSocket;
    this.#socket = socket;
    this.#output = createOutput(this);
  }

  isOpen(): boolean {
    return this.#webSocket.readyState === this.#webSocket.OPEN;
  }

  write(frames: string): void {
    this.#socket.write(frames, 'latin1');
  }

  send(text: string): void {
    this.#output.send(text);
  }

  ping(): void {
    this.#webSocket.ping();
  }

  close(code: number): void {
    this.#output.flush();
    this.#webSocket.close(code);
    setTimeout(() => {
      this.#webSocket.terminate();
    }, CLOSE_MS).unref();
  }

  terminate(): void {
    this.#webSocket.terminate();
  }

  bufferedBytes(): number {
    return this.#webSocket.bufferedAmount + this.#output.waiting();
  }
}

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

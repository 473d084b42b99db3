import { once } from 'node:events';
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import { findFreePort } from './freePort.ts';

/** What a lying server makes of what it passes on. Each returns the text as it goes on. */
export interface Lies {
  /** A message of the product's server to a device. */
  readonly toDevice?: (text: string) => string;
  /** A message of a device to the product's server. */
  readonly fromDevice?: (text: string) => string;
  /** An answer over HTTP to `METHOD /path`; null: as it is. */
  readonly overHttp?: (
    what: string,
    body: string,
  ) => { readonly status: number; readonly body: string } | null;
}

/** The product's server as somebody in between shows it to whoever opens this address. */
export interface LyingServer {
  readonly url: string;
  /** From now on. */
  lie(lies: Lies): void;
  /** How many messages and answers came out changed. */
  lied(): number;
  close(): Promise<void>;
}

/** @param real - address of the product's server, over HTTP */
export async function startLyingServer(real: string): Promise<LyingServer> {
  const port = await findFreePort();
  let lies: Lies = {};
  let lied = 0;
  const told = (before: string, after: string): string => {
    if (before !== after) lied += 1;
    return after;
  };

  const server = createServer((incoming, outgoing) => void passOn(incoming, outgoing));
  const sockets = new WebSocketServer({ noServer: true });

  async function passOn(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/', headers } = incoming;
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    await once(incoming, 'end');
    const lie = lies.overHttp;
    // What is to be changed has to be readable.
    const asked = ask(`${real}${url}`, { method, headers: { ...headers, 'accept-encoding': 'identity' } });
    asked.on('error', () => outgoing.destroy());
    asked.on('response', (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => {
        const body = Buffer.concat(parts);
        const change = url.startsWith('/api/') ? lie?.(`${method} ${url}`, body.toString()) : undefined;
        const { 'content-length': _, 'transfer-encoding': __, ...kept } = answer.headers;
        if (change !== undefined && change !== null) told(body.toString(), `${change.body} `);
        outgoing.writeHead(change?.status ?? answer.statusCode ?? 500, kept);
        outgoing.end(change?.body ?? body);
      });
    });
    asked.end(Buffer.concat(chunks));
  }

  server.on('upgrade', (incoming, socket, head) => {
    const { cookie, origin, host } = incoming.headers;
    const headers = Object.fromEntries(
      Object.entries({ cookie, origin, host }).filter(
        (entry): entry is [string, string] => entry[1] !== undefined,
      ),
    );
    const onward = new WebSocket(`${real.replace('http', 'ws')}${incoming.url ?? '/'}`, { headers });
    onward.on('error', () => socket.destroy());
    onward.on('open', () => {
      sockets.handleUpgrade(incoming, socket, head, (device) => {
        device.on('message', (data: Buffer) => {
          const text = data.toString();
          onward.send(told(text, lies.fromDevice?.(text) ?? text));
        });
        onward.on('message', (data: Buffer) => {
          const text = data.toString();
          device.send(told(text, lies.toDevice?.(text) ?? text));
        });
        device.on('close', () => onward.close());
        onward.on('close', () => device.close());
      });
    });
  });

  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${port}`,
    lie(next) {
      lies = next;
    },
    lied: () => lied,
    close: () =>
      new Promise((resolve) => {
        for (const client of sockets.clients) client.terminate();
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

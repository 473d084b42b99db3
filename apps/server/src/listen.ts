/** What is needed of a Fastify instance. */
interface Listener {
  listen(options: { port: number; host: string }): Promise<string>;
}

export interface ListenRequest {
  /** The port asked for; 0 lets the system choose. */
  readonly port: number;
  readonly host: string;
  /** How many ports in a row are tried. */
  readonly attempts?: number;
  /** Tells the person who started the server why it is not where they asked for it. */
  readonly notify: (message: string) => void;
}

const DEFAULT_ATTEMPTS = 20;
const LAST_PORT = 65_535;

/** The server cannot listen where it was told to; the message says what to do. */
export class CannotListen extends Error {
  override readonly name = 'CannotListen';
}

/**
 * Listens on the port asked for or, if others hold it, on the next free one.
 *
 * @returns the address that it listens on, such as `http://127.0.0.1:3000`
 * @throws {CannotListen}
 */
export async function listenOnFreePort(server: Listener, request: ListenRequest): Promise<string> {
  const { port: wanted, host, attempts = DEFAULT_ATTEMPTS, notify } = request;
  const last = Math.min(wanted + attempts - 1, LAST_PORT);
  for (let port = wanted; port <= last; port += 1) {
    try {
      return await server.listen({ port, host });
    } catch (error) {
      if (codeOf(error) !== 'EADDRINUSE') throw explain(error, port, host);
      if (port < last) notify(`Port ${port} is taken by another program. Trying ${port + 1}.`);
    }
  }
  throw new CannotListen(
    attempts > 1 ? `The ports ${wanted} to ${last} are all taken.` : `Port ${wanted} is taken.`,
  );
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

function explain(error: unknown, port: number, host: string): unknown {
  switch (codeOf(error)) {
    case 'EACCES':
      return new CannotListen(
        `This account may not listen on port ${port}. Ports below 1024 are the administrator's: take one above.`,
        { cause: error },
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new CannotListen(`${host} is not an address of this machine.`, { cause: error });
    default:
      return error;
  }
}

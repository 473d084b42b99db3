import { CLOSE } from '@visavis/protocol';
import { Unavailable, type Connection, type ConnectionHandler } from '@visavis/server';
import type { Socket, SocketHandlers } from '@visavis/client';
import { latency, type World } from '../world.ts';
import type { SimulatedNode } from './node.ts';
import type { Population } from './population.ts';

/** A WebSocket between a page and a node. */
export interface SimulatedSocket extends Socket {
  /** The path dies, and nobody is told. */
  cut(): void;
  /** The connection is reset: both ends are told. */
  drop(): void;
  /** Whether the path works, as far as this socket goes. */
  isSound(): boolean;
}

const SLOW_MS = 300;
/** How long the server waits for the answer to a close. */
const CLOSE_MS = 1_000;
/** What a page hears of a socket that ended without a word. */
const ABNORMAL = 1006;

export function openSocket(
  world: World,
  { run }: SimulatedNode,
  population: Population,
  deviceId: string,
  page: SocketHandlers,
): SimulatedSocket {
  const { clock, random } = world;
  const { process, database, core } = run();
  let isPathDead = false;
  let isPageOpen = true;
  let isServerOpen = true;
  let handler: ConnectionHandler | null = null;
  const early: (() => void)[] = [];
  const direction = () => {
    let freeAt = 0;
    return (arrive: () => void): void => {
      freeAt = Math.max(freeAt, clock.now() + latency(world, SLOW_MS));
      clock.after(freeAt - clock.now(), () => {
        if (!isPathDead) arrive();
      });
    };
  };
  const up = direction();
  const down = direction();

  const closePage = (code: number): void => {
    if (!isPageOpen) return;
    isPageOpen = false;
    page.onClose(code);
  };
  const closeServer = (): void => {
    process.enter(() => {
      isServerOpen = false;
      handler?.handleClose();
      handler = null;
    });
  };
  const tell = (task: (handler: ConnectionHandler) => void): void => {
    process.enter(() => {
      if (handler !== null) task(handler);
      else early.push(() => handler !== null && task(handler));
    });
  };
  const connection: Connection = {
    send: (text) => {
      if (!process.leave() || !isServerOpen) return;
      down(() => {
        if (isPageOpen) page.onText(text);
      });
    },
    ping: () => {
      if (!process.leave() || !isServerOpen) return;
      down(() => {
        if (isPageOpen) up(() => tell((server) => server.handlePong()));
      });
    },
    close: (code) => {
      if (!process.leave() || !isServerOpen) return;
      isServerOpen = false;
      down(() => closePage(code));
      clock.after(CLOSE_MS, closeServer);
    },
    terminate: () => {
      if (!process.leave()) return;
      isServerOpen = false;
      down(() => closePage(ABNORMAL));
      clock.after(0, closeServer);
    },
    bufferedBytes: () => 0,
  };

  const upgrade = async (): Promise<void> => {
    const device = await database.query(() => population.devices.get(deviceId) ?? null);
    const gateway = core()?.gateway;
    if (gateway === undefined) connection.terminate();
    else if (device === null) connection.close(CLOSE.unauthenticated);
    else {
      handler = gateway.accept(connection, device, deviceId);
      if (process.leave())
        down(() => {
          if (isPageOpen) page.onOpen();
        });
      for (const task of early.splice(0)) task();
    }
  };
  const refuse = (): void => down(() => closePage(ABNORMAL));
  up(() => {
    if (!process.isAlive() || core() === null) {
      refuse();
      return;
    }
    process.enter(() => {
      upgrade().catch((error: unknown) => {
        if (error instanceof Unavailable) refuse();
        else world.fail(error);
      });
    });
  });
  // A machine that loses its power says nothing; of a process that is killed the kernel tells.
  const isSilentDeath = random.chance(0.15);
  process.onDeath(() => {
    if (isSilentDeath) isPathDead = true;
    else down(() => closePage(ABNORMAL));
  });

  return {
    send: (text) => {
      if (isPageOpen) up(() => tell((server) => server.handleText(text)));
    },
    close: () => {
      if (!isPageOpen) return;
      isPageOpen = false;
      up(closeServer);
    },
    cut: () => {
      isPathDead = true;
    },
    drop: () => {
      up(closeServer);
      down(() => closePage(ABNORMAL));
    },
    isSound: () => isPageOpen && !isPathDead && process.isAlive() && !process.isPaused(),
  };
}

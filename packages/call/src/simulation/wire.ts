import {
  decodeClientMessage,
  decodeServerMessage,
  type ClientMessage,
  type Decoded,
  type ServerMessage,
} from '@visavis/protocol';
import { must, type World } from './world.ts';

/** What the device's end of a socket is told. */
export interface DeviceEnd {
  receive(message: ServerMessage): void;
  closed(): void;
}
/** What the server's end of a socket is told. */
export interface ServerEnd {
  receive(message: ClientMessage): void;
  closed(): void;
}

/**
 * One socket: each direction keeps its order, as TCP does, and takes its own time. Another socket may be faster.
 */
export interface Wire {
  sendUp(message: ClientMessage): void;
  sendDown(message: ServerMessage): void;
  /** The path dies: whatever is under way is lost, and each end finds out in its own time. */
  cut(): void;
  /** The device leaves: what it has sent arrives, then the server sees the socket closed. Nothing comes down any more. */
  abandon(): void;
  /** The server closes: what it has sent arrives, then the device sees the socket closed. */
  shut(): void;
}

/** How long until a device and a server notice that the path is dead (SES4). */
const DEVICE_NOTICES_MS = 4_000;
const SERVER_NOTICES_MS = 10_000;

export function createWire(world: World, device: DeviceEnd, server: ServerEnd): Wire {
  const { clock, random } = world;
  const slownessMs = random.chance(0.1) ? 1_500 : 60;
  let upFreeAt = 0;
  let downFreeAt = 0;
  let isUpOpen = true;
  let isDownOpen = true;

  function arriveAfter(freeAt: number): number {
    return Math.max(freeAt, clock.now() + random.between(0, slownessMs));
  }
  function up(run: () => void): void {
    upFreeAt = arriveAfter(upFreeAt);
    clock.after(upFreeAt - clock.now(), () => {
      if (isUpOpen) run();
    });
  }
  function down(run: () => void): void {
    downFreeAt = arriveAfter(downFreeAt);
    clock.after(downFreeAt - clock.now(), () => {
      if (isDownOpen) run();
    });
  }

  return {
    sendUp(message) {
      if (!isUpOpen) return;
      const read = world.isWireReal ? unwrap(decodeClientMessage(JSON.stringify(message))) : message;
      up(() => server.receive(read));
    },
    sendDown(message) {
      if (!isDownOpen) return;
      const read = world.isWireReal ? unwrap(decodeServerMessage(JSON.stringify(message))) : message;
      down(() => device.receive(read));
    },
    cut() {
      if (!isUpOpen && !isDownOpen) return;
      isUpOpen = false;
      isDownOpen = false;
      clock.after(random.between(0, DEVICE_NOTICES_MS), () => device.closed());
      clock.after(random.between(0, SERVER_NOTICES_MS), () => server.closed());
    },
    abandon() {
      isDownOpen = false;
      up(() => {
        isUpOpen = false;
        server.closed();
      });
    },
    shut() {
      isUpOpen = false;
      down(() => {
        isDownOpen = false;
        device.closed();
      });
    },
  };
}

/** What the machines say has to be what the protocol allows. */
function unwrap<Message>(decoded: Decoded<Message>): Message {
  must(decoded.ok, () => `the protocol refuses a message: ${decoded.ok ? '' : decoded.detail}`);
  return decoded.message;
}

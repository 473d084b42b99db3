/** Where frames go: texts whose characters are bytes (`latin1`), which cost Node less than buffers. */
export interface OutgoingSocket {
  /** Whether anything may still be sent: after a closing frame nothing may follow. */
  isOpen(): boolean;
  write(frames: string): void;
}

/** What a socket is told, as frames of RFC 6455. */
export interface Outgoing {
  /** Goes out with everything else that is sent in this turn of the event loop. */
  send(text: string): void;
  /** Goes out now. */
  flush(): void;
  /** Characters that wait for the end of this turn. */
  waiting(): number;
}

/**
 * Sockets that are written to once for each turn of the event loop, however much they are told in it: a system call costs more
 * than all the rest of passing a message on.
 *
 * @param defer - runs a task at the end of this turn
 */
export function createOutgoing(defer: (task: () => void) => void): (socket: OutgoingSocket) => Outgoing {
  let waiting: Outgoing[] = [];
  const flushAll = (): void => {
    const all = waiting;
    waiting = [];
    for (const each of all) each.flush();
  };
  const wait = (output: Outgoing): void => {
    if (waiting.length === 0) defer(flushAll);
    waiting.push(output);
  };
  return (socket) => new Output(socket, wait);
}

/** A class, because there is one for each socket and closures would be five times as large. */
class Output implements Outgoing {
  readonly #socket: OutgoingSocket;
  readonly #wait: (output: Outgoing) => void;
  /** Null while nothing waits. */
  #texts: string[] | null = null;
  #length = 0;

  constructor(socket: OutgoingSocket, wait: (output: Outgoing) => void) {
    this.#socket = socket;
    this.#wait = wait;
  }

  send(text: string): void {
    if (this.#texts === null) {
      this.#texts = [];
      this.#wait(this);
    }
    this.#texts.push(text);
    this.#length += text.length;
  }

  flush(): void {
    const texts = this.#texts;
    this.#texts = null;
    this.#length = 0;
    if (texts !== null && this.#socket.isOpen()) this.#socket.write(encodeTextFrames(texts));
  }

  waiting(): number {
    return this.#length;
  }
}

/** RFC 6455 §5.2: the last fragment of a message, and of text. */
const FINAL_TEXT = 0x81;
/** Payloads of this length and more have it in two bytes, and then in eight. */
const TWO_BYTES = 126;
const EIGHT_BYTES = 65_536;

/** Whole messages as a server sends them, not masked, one after the other, each character a byte. */
export function encodeTextFrames(texts: readonly string[]): string {
  let frames = '';
  for (const text of texts) {
    const length = Buffer.byteLength(text);
    const isAscii = length === text.length;
    frames += encodeHeader(length) + (isAscii ? text : Buffer.from(text).toString('latin1'));
  }
  return frames;
}

function encodeHeader(length: number): string {
  if (length < TWO_BYTES) return String.fromCharCode(FINAL_TEXT, length);
  if (length < EIGHT_BYTES) return String.fromCharCode(FINAL_TEXT, TWO_BYTES, length >>> 8, length & 0xff);
  const header = Buffer.alloc(10);
  header[0] = FINAL_TEXT;
  header[1] = TWO_BYTES + 1;
  header.writeBigUInt64BE(BigInt(length), 2);
  return header.toString('latin1');
}

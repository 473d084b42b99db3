/** A socket, as far as signaling needs one. Tests have one in memory. */
export interface Connection {
  send(text: string): void;
  /** Asks for a sign of life; the answer comes as `handlePong`. */
  ping(): void;
  /** Closes with a code of RFC 6455 §7.4; nothing more is sent or handled afterwards. */
  close(code: number): void;
  /** Drops a socket that does not answer any more. */
  terminate(): void;
  /** Bytes that were sent and have not left yet. */
  bufferedBytes(): number;
}

/** What a socket tells the server. */
export interface ConnectionHandler {
  handleText(text: string): void;
  handleBinary(): void;
  handlePong(): void;
  handleClose(): void;
}

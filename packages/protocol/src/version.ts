/** The one version of the protocol this code speaks. A `register` with another one is refused (SES1). */
export const PROTOCOL_VERSION = 1;

/** Where the server accepts WebSocket connections. */
export const SIGNALING_PATH = '/signaling';

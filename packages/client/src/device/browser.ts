import { SIGNALING_PATH } from '@visavis/protocol';
import type { Socket, SocketHandlers } from '../signaling/index.ts';

/** A WebSocket of the browser as the link takes it. */
export function openBrowserSocket(url: string, handlers: SocketHandlers): Socket {
  const socket = new WebSocket(url);
  socket.addEventListener('open', () => handlers.onOpen());
  socket.addEventListener('message', ({ data }) => {
    if (typeof data === 'string') handlers.onText(data);
  });
  socket.addEventListener('close', ({ code }) => handlers.onClose(code));
  return {
    send(text) {
      // A socket that is closing says so by its close event; what is lost is sent again after the next `register`.
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close: (code) => socket.close(code),
  };
}

/** Where the server that this page came from takes signaling for a device. */
export function signalingUrl(page: Pick<Location, 'protocol' | 'host'>, deviceId: string): string {
  const scheme = page.protocol === 'https:' ? 'wss:' : 'ws:';
  return `${scheme}//${page.host}${SIGNALING_PATH}?device=${deviceId}`;
}

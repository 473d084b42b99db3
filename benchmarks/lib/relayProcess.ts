import { createServer } from 'node:http';
import { WebSocketServer, type WebSocket } from 'ws';

/** The page for bare peers: as large a picture as the product shows. */
const PAGE = `<!doctype html><title>Bare</title>
<style>body{margin:0}video{width:100vw;height:90vh;object-fit:cover}</style>
<button>Dial</button><button>Answer</button><video aria-label="Video of nobody" autoplay playsinline></video>`;

const rooms = new Map<string, Set<WebSocket>>();

/** Passes each frame to everybody else in the room. */
function join(socket: WebSocket, name: string): void {
  const room = rooms.get(name) ?? new Set<WebSocket>();
  rooms.set(name, room.add(socket));
  socket.on('message', (data, isBinary) => {
    for (const other of room) if (other !== socket) other.send(data, { binary: isBinary });
  });
  socket.on('close', () => room.delete(socket));
}

/** Reads each frame as JSON and writes back as many frames for it, on average, as it was told to, of that size. */
function answer(socket: WebSocket, framesEach: number, bytes: number): void {
  const frame = JSON.stringify({ type: 'ok', filler: 'x'.repeat(Math.max(0, bytes - 26)) });
  let owed = 0;
  socket.on('message', (data) => {
    JSON.parse(Buffer.isBuffer(data) ? data.toString('utf8') : 'null');
    for (owed += framesEach; owed >= 1; owed -= 1) socket.send(frame);
  });
}

const http = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
});
const sockets = new WebSocketServer({ server: http, perMessageDeflate: false });
sockets.on('connection', (socket, request) => {
  const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const room = searchParams.get('room');
  if (room !== null) join(socket, room);
  else answer(socket, Number(searchParams.get('frames')), Number(searchParams.get('bytes')));
});
http.listen(0, '127.0.0.1', () => {
  const address = http.address();
  if (address !== null && typeof address === 'object') process.send?.(address.port);
});
process.once('disconnect', () => process.exit(0));

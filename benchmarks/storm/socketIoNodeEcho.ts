// A Socket.IO node that passes messages on between people, with what it has to survive the loss of a node.
import { createServer } from 'node:http';
import { createAdapter } from '@socket.io/redis-streams-adapter';
import { createClient } from '@redis/client';
import { Server } from 'socket.io';

const redis = createClient({ url: process.argv[2] ?? '' });
await redis.connect();
const http = createServer();
const io = new Server(http, {
  transports: ['websocket'],
  serveClient: false,
  // Nothing is trimmed while it may be missed.
  adapter: createAdapter(redis, { maxLen: 1_000_000 }),
  connectionStateRecovery: { maxDisconnectionDuration: 60_000 },
});
io.on('connection', (socket) => {
  socket.on('join', async (name: string, done: () => void) => {
    await socket.join(name);
    done();
  });
  socket.on('pass', (name: string, message: unknown, done: () => void) => {
    io.to(name).emit('message', message);
    done();
  });
});
http.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => {
  const address = http.address();
  if (address !== null && typeof address === 'object') process.send?.(address.port);
});
process.once('disconnect', () => process.exit(0));

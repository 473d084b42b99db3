import { createHash } from 'node:crypto';
import { connect, createServer } from 'node:net';

/** @typedef {(done: number, total: number) => void} OnProgress */

/**
 * The abstract socket that stands for a path. The kernel takes it back whichever way its owner ends, so that nobody
 * ever waits for a dead one.
 *
 * @param {string} path
 */
const addressOf = (path) => `\0visavis-${createHash('sha256').update(path).digest('hex').slice(0, 32)}`;

/** @param {string} address @returns {Promise<import('node:net').Server | undefined>} undefined if another has it */
function listen(address) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', (error) => {
      if ('code' in error && error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(address, () => resolve(server));
  });
}

/**
 * Waits until the owner has ended, and passes on what it says of its progress.
 *
 * @param {string} address
 * @param {AbortSignal | undefined} signal
 * @param {OnProgress} onProgress
 * @returns {Promise<void>}
 */
function follow(address, signal, onProgress) {
  return new Promise((resolve, reject) => {
    const socket = connect(address);
    const end = () => socket.destroy();
    signal?.addEventListener('abort', end);
    if (signal?.aborted) end();
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk) => {
      const lines = (text + String(chunk)).split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) {
        const [done = 0, total = 0] = line.split('/').map(Number);
        onProgress(done, total);
      }
    });
    // Refused: it has ended in between, which is all that is asked here.
    socket.on('error', end);
    socket.on('close', () => {
      signal?.removeEventListener('abort', end);
      if (signal?.aborted) reject(signal.reason);
      else resolve();
    });
  });
}

/**
 * Does a piece of work while nobody else on this machine does it; who comes second waits and sees the progress.
 *
 * @template T
 * @param {string} path what the work is about
 * @param {{ signal: AbortSignal | undefined, onProgress: OnProgress }} options
 * @param {(onProgress: OnProgress) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function alone(path, { signal, onProgress }, work) {
  // Only Linux has such sockets. Elsewhere nothing is built here, and two downloads do not get in each other's way.
  if (process.platform !== 'linux') return work(onProgress);

  const address = addressOf(path);
  let server = await listen(address);
  while (server === undefined) {
    await follow(address, signal, onProgress);
    signal?.throwIfAborted();
    server = await listen(address);
  }
  /** @type {Set<import('node:net').Socket>} */
  const followers = new Set();
  let latest = '';
  server.on('connection', (socket) => {
    followers.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => followers.delete(socket));
    if (latest !== '') socket.write(latest);
  });
  try {
    return await work((done, total) => {
      latest = `${done}/${total}\n`;
      for (const socket of followers) socket.write(latest);
      onProgress(done, total);
    });
  } finally {
    server.close();
    for (const socket of followers) socket.destroy();
  }
}

import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createOutgoing, encodeTextFrames } from '../src/signaling/outgoing.ts';

/** Reads frames as a browser does: by a library of others, over a real socket. */
async function readFrames(frames: string): Promise<string[]> {
  const texts: string[] = [];
  const http = createServer();
  const server = new WebSocketServer({ noServer: true });
  http.on('upgrade', (request, socket, head) => {
    server.handleUpgrade(request, socket, head, (webSocket) => {
      socket.write(frames, 'latin1');
      webSocket.close();
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const address = http.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  const client = new WebSocket(`ws://127.0.0.1:${address.port}`);
  client.on('message', (data, isBinary) => {
    if (isBinary || !Buffer.isBuffer(data)) throw new Error('not a text');
    texts.push(data.toString('utf8'));
  });
  await once(client, 'close');
  http.close();
  return texts;
}

function createSocket() {
  const written: string[] = [];
  const tasks: (() => void)[] = [];
  let isOpen = true;
  const output = createOutgoing((task) => tasks.push(task))({
    isOpen: () => isOpen,
    write: (frames) => written.push(frames),
  });
  return {
    output,
    written,
    close: () => {
      isOpen = false;
    },
    endTurn: () => {
      for (const task of tasks.splice(0)) task();
    },
  };
}

describe('frames', () => {
  test.each([0, 1, 125, 126, 127, 65_535, 65_536, 100_000])(
    'of %i bytes are read as they were',
    async (length) => {
      const text = 'x'.repeat(length);
      expect(await readFrames(encodeTextFrames([text, 'next']))).toEqual([text, 'next']);
    },
  );

  test('of any characters, by their length in bytes', async () => {
    const texts = ['é'.repeat(63), 'é'.repeat(62), '漢字', '👋'.repeat(40_000), 'ÿ', ''];
    expect(await readFrames(encodeTextFrames(texts))).toEqual(texts);
  });
});

describe('a socket', () => {
  test('is written to once for all that it is told in one turn, in order', async () => {
    const { output, written, endTurn } = createSocket();
    output.send('one');
    output.send('two');
    expect(written).toEqual([]);
    expect(output.waiting()).toBe(6);
    endTurn();
    expect(written.length).toBe(1);
    expect(output.waiting()).toBe(0);
    output.send('three');
    endTurn();
    expect(await readFrames(written.join(''))).toEqual(['one', 'two', 'three']);
  });

  test('gets at once what waits when it is flushed, and nothing twice', async () => {
    const { output, written, endTurn } = createSocket();
    output.send('last words');
    output.flush();
    endTurn();
    expect(await readFrames(written.join(''))).toEqual(['last words']);
  });

  test('gets nothing after its closing frame', () => {
    const { output, written, close, endTurn } = createSocket();
    output.send('too late');
    close();
    endTurn();
    expect(written).toEqual([]);
  });
});

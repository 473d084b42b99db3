/*
 * Runs in the server's namespace: `node reflector.ts ADDRESS ALTERNATE`. Listens on two ports of two addresses and tells
 * whoever asks from where the question came, through whichever of the four sockets they want (as STUN servers do, RFC 5780).
 */
import { createSocket, type Socket } from 'node:dgram';
import { PROBE_PORTS, Question, parse } from './probeProtocol.ts';

const sockets = new Map<string, Socket>();
const addresses = process.argv.slice(2);
let waiting = addresses.length * PROBE_PORTS.length;

for (const address of addresses) {
  for (const port of PROBE_PORTS) {
    const socket = createSocket('udp4');
    sockets.set(`${address}:${String(port)}`, socket);
    socket.on('message', (bytes, from) => {
      const { id, answerFrom } = parse(Question, bytes.toString());
      const answer = JSON.stringify({ id, seen: `${from.address}:${String(from.port)}` });
      sockets.get(answerFrom)?.send(answer, from.port, from.address);
    });
    socket.bind(port, address, () => {
      waiting -= 1;
      if (waiting === 0) process.stdout.write('ready\n');
    });
  }
}

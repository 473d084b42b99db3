// A TCP proxy, as one stands before several nodes: new connections go to them by turns, past those that do not answer.
import { connect, createServer, type Socket } from 'node:net';

const ports = process.argv.slice(2).map(Number);
let turn = 0;

function open(client: Socket, tries: number): void {
  turn += 1;
  const node = connect({ port: ports[turn % ports.length] ?? 0, host: '127.0.0.1', noDelay: true });
  node.once('connect', () => {
    node.removeAllListeners('error');
    client.pipe(node);
    node.pipe(client);
    for (const [one, other] of [
      [client, node],
      [node, client],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  node.once('error', () => {
    if (tries > 1 && !client.destroyed) open(client, tries - 1);
    else client.destroy();
  });
}

const server = createServer({ noDelay: true }, (client) => {
  client.on('error', () => {});
  open(client, ports.length);
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') process.send?.(address.port);
});
process.once('disconnect', () => process.exit(0));

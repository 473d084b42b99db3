// Many devices' senders or receivers in a process of their own, told over the channel to the parent what to do.
import type { Socket } from 'node:dgram';
import * as z from 'zod';
import { quantile } from '../../lib/statistics.ts';
import { nowMs } from './clock.ts';
import type { Command, Reply, Tally } from './commands.ts';
import { connectPath, openDirectPath, openSocket, ownFingerprint, type Path } from './path.ts';
import { createReceivingDevice, type ReceivingDevice } from './receiving.ts';
import { createSendingDevice, type SendingDevice } from './sending.ts';

/** Coarser: bursts that no camera makes; finer: a process that does nothing but look at the clock. */
const TICK_MS = 2;

const sockets = new Map<string, Socket>();
const paths = new Map<string, Path>();
const senders = new Map<string, SendingDevice>();
const receivers = new Map<string, ReceivingDevice>();
/** What each call's senders had sent when that was last asked. */
const told = new Map<string, { readonly packets: number; readonly bytes: number }>();
/** The call whose devices send at present. */
let active: string | null = null;

const inCall = <Value>(all: ReadonlyMap<string, Value>, call: string): Value[] =>
  [...all].filter(([key]) => key.startsWith(`${call}/`)).map(([, value]) => value);

const find = <Value>(all: ReadonlyMap<string, Value>, key: string): Value => {
  const value = all.get(key);
  if (value === undefined) throw new Error(`there is no ${key}`);
  return value;
};

async function perform(command: Command): Promise<Reply> {
  switch (command.type) {
    case 'open': {
      const socket = await openSocket(command.address);
      sockets.set(command.path, socket);
      return { port: socket.address().port, fingerprint: await ownFingerprint() };
    }
    case 'connect':
      paths.set(command.path, await connectPath(find(sockets, command.path), command.local, command.remote));
      return null;
    case 'connect_direct':
      paths.set(
        command.path,
        await openDirectPath(find(sockets, command.path), command.address, command.port),
      );
      return null;
    case 'send':
      senders.set(command.path, createSendingDevice(find(paths, command.path), command));
      return null;
    case 'receive':
      receivers.set(command.path, createReceivingDevice(find(paths, command.path), command));
      return null;
    case 'set_layers':
      senders.get(command.path)?.setLayers(command.layers);
      return null;
    case 'start':
      active = command.call;
      for (const sender of inCall(senders, command.call)) sender.start(nowMs());
      return null;
    case 'stop':
      active = null;
      return null;
    case 'tally':
      return tally(command.call);
    case 'close':
      for (const path of inCall(paths, command.call)) path.close();
      for (const all of [sockets, paths, senders, receivers])
        for (const key of all.keys()) if (key.startsWith(`${command.call}/`)) all.delete(key);
      return null;
  }
}

function tally(call: string): Tally {
  const received = inCall(receivers, call).map((receiver) => receiver.take());
  const latencies = received.flatMap(({ latenciesMs }) => latenciesMs);
  const sum = (of: (one: (typeof received)[number]) => number): number =>
    received.reduce((total, one) => total + of(one), 0);
  const before = told.get(call) ?? { packets: 0, bytes: 0 };
  const sent = { packets: 0, bytes: 0 };
  for (const { packets, bytes } of inCall(senders, call)) {
    sent.packets += packets;
    sent.bytes += bytes;
  }
  told.set(call, sent);
  return {
    sent: { packets: sent.packets - before.packets, bytes: sent.bytes - before.bytes },
    received: {
      packets: sum(({ packets }) => packets),
      bytes: sum(({ bytes }) => bytes),
      video: sum(({ video }) => video),
    },
    probes: sum(({ probes }) => probes),
    broken: sum(({ broken }) => broken),
    latencyMs:
      latencies.length === 0 ? null : { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) },
  };
}

function tick(): void {
  const now = nowMs();
  if (active !== null) {
    for (const sender of inCall(senders, active)) sender.advance(now);
    for (const receiver of inCall(receivers, active)) receiver.advance(now);
  }
  setTimeout(tick, TICK_MS);
}

const Envelope = z.object({ id: z.number(), command: z.custom<Command>() });
process.on('message', (message) => {
  const { id, command } = Envelope.parse(message);
  perform(command).then(
    (reply) => process.send?.({ id, reply }),
    (error: unknown) => process.send?.({ id, error: String(error) }),
  );
});
process.once('disconnect', () => process.exit(0));
tick();
process.send?.('ready');

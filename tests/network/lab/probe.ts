/*
 * Runs in a home: `node probe.ts ADDRESS ALTERNATE [ADDRESS:PORT…]`. Finds out what the NAT before the reflector does, and which
 * of these TCP ports can be reached. Prints a Behaviour.
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { Answer, PROBE_PORTS, parse, type Behaviour, type Question } from './probeProtocol.ts';

/** These networks lose nothing and take no time: what has not come by then does not come. */
const SILENCE_MS = 1_000;
const [address = '', alternate = '', ...tcpPorts] = process.argv.slice(2);
const [port, otherPort] = PROBE_PORTS;

interface Probe {
  /** @returns what it was answered; null: nothing */
  ask(at: string, answerFrom: string): Promise<Answer | null>;
  sendTo(at: string, text: string): void;
  hears(text: string): Promise<boolean>;
  close(): void;
}

async function openProbe(): Promise<Probe> {
  const socket: Socket = createSocket('udp4');
  socket.bind(0);
  await once(socket, 'listening');
  const listeners = new Set<(text: string) => void>();
  socket.on('message', (bytes) => {
    for (const listener of listeners) listener(bytes.toString());
  });
  const sendTo = (at: string, text: string): void => {
    const [host, portText] = at.split(':');
    socket.send(text, Number(portText), host);
  };
  const first = <Value>(read: (text: string) => Value | null): Promise<Value | null> =>
    new Promise((resolve) => {
      const finish = (value: Value | null): void => {
        clearTimeout(timer);
        listeners.delete(listener);
        resolve(value);
      };
      const timer = setTimeout(finish, SILENCE_MS, null);
      const listener = (text: string): void => {
        const value = read(text);
        if (value !== null) finish(value);
      };
      listeners.add(listener);
    });
  return {
    sendTo,
    ask(at, answerFrom) {
      const question: Question = { id: crypto.randomUUID(), answerFrom };
      sendTo(at, JSON.stringify(question));
      return first((text) => {
        if (!text.startsWith('{')) return null;
        const answer = parse(Answer, text);
        return answer.id === question.id ? answer : null;
      });
    },
    hears: async (text) => (await first((heard) => (heard === text ? true : null))) === true,
    close: () => socket.close(),
  };
}

const at = (host: string, where: number): string => `${host}:${String(where)}`;

async function findMapping(probe: Probe): Promise<Behaviour['mapping']> {
  const ask = async (where: string): Promise<string | undefined> => (await probe.ask(where, where))?.seen;
  const first = await ask(at(address, port));
  const sameAddress = await ask(at(address, otherPort));
  const elsewhere = await ask(at(alternate, port));
  if (first === sameAddress && first === elsewhere) return 'endpoint-independent';
  return first === sameAddress ? 'address-dependent' : 'address-and-port-dependent';
}

/** From a socket that has not yet sent to the places which answer. */
async function findFiltering(probe: Probe): Promise<Behaviour['filtering']> {
  const asked = at(address, port);
  const [fromElsewhere, fromOtherPort] = await Promise.all([
    probe.ask(asked, at(alternate, otherPort)),
    probe.ask(asked, at(address, otherPort)),
  ]);
  if (fromElsewhere !== null) return 'endpoint-independent';
  return fromOtherPort === null ? 'address-and-port-dependent' : 'address-dependent';
}

async function findHairpin(one: Probe, other: Probe): Promise<boolean> {
  const where = at(address, port);
  const [mine, others] = [await one.ask(where, where), await other.ask(where, where)];
  if (mine === null || others === null) return false;
  const heard = other.hears('from the neighbour');
  // The neighbour has sent there before, so that a NAT that lets only answers in has no reason to refuse.
  other.sendTo(mine.seen, 'opening');
  one.sendTo(others.seen, 'from the neighbour');
  return heard;
}

const canConnect = (target: string): Promise<boolean> =>
  new Promise((resolve) => {
    const [host = '', portText] = target.split(':');
    const socket = connect(Number(portText), host);
    const finish = (isOpen: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(isOpen);
    };
    const timer = setTimeout(finish, SILENCE_MS, false);
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
  });

async function findUdp(): Promise<Omit<Behaviour, 'tcp'>> {
  const [first, second, third] = await Promise.all([openProbe(), openProbe(), openProbe()]);
  try {
    const answer = await first.ask(at(address, port), at(address, port));
    if (answer === null)
      return { udp: 'blocked', isTranslated: null, mapping: null, filtering: null, hairpin: null };
    const own = Object.values(networkInterfaces()).flatMap((all) => all?.map((each) => each.address) ?? []);
    return {
      udp: 'passes',
      isTranslated: !own.includes(answer.seen.split(':')[0] ?? ''),
      mapping: await findMapping(first),
      filtering: await findFiltering(second),
      hairpin: await findHairpin(first, third),
    };
  } finally {
    for (const probe of [first, second, third]) probe.close();
  }
}

const [udp, reached] = await Promise.all([
  findUdp(),
  Promise.all(tcpPorts.map((target) => canConnect(target))),
]);
const behaviour: Behaviour = { ...udp, tcp: tcpPorts.filter((_, index) => reached[index] === true) };
process.stdout.write(JSON.stringify(behaviour));

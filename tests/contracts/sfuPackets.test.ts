import type { Socket as UdpSocket } from 'node:dgram';
import { connect, type Socket } from 'node:net';
import { createRandom, type Random } from '@visavis/call/simulation';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ssrcsOf } from '../../benchmarks/forwarding/load.ts';
import { until } from '../harness/until.ts';
import { openUdp, standBetween, type OnPath } from './sfu/onPath.ts';
import { startSfu, type TestSfu } from './sfu/sfu.ts';
import { startTalkers, type Talker, type Talkers } from './sfu/talkers.ts';
import { listWorkers } from './sfu/workers.ts';

const SEED = Number(process.env['VISAVIS_SEED'] ?? 1);
const ADDRESS = '127.0.0.1';
const CALL = 'call';
const OTHER_CALL = 'other';
/** First bytes of STUN, DTLS, TURN channels, RTP and RTCP, and of nothing (RFC 7983). */
const FIRST_BYTES = [0, 1, 2, 3, 20, 21, 22, 23, 63, 64, 79, 128, 144, 191, 192, 255];
const FLOOD = { everyMs: 5, packets: 20 } as const;

let sfu: TestSfu;
let path: OnPath;
let attacker: UdpSocket;
let callers: Talkers;
let others: Talkers;
let connections: Socket[];
beforeEach(async () => {
  sfu = await startSfu();
  path = await standBetween(sfu);
  attacker = await openUdp();
  [callers, others] = [await startTalkers(path.sfu, CALL), await startTalkers(sfu, OTHER_CALL)];
  connections = [];
});
afterEach(async () => {
  for (const connection of connections) connection.destroy();
  await Promise.all([callers.close(), others.close()]);
  attacker.close();
  path.close();
  await sfu.close();
  expect(listWorkers()).toEqual([]);
});

function randomPacket(random: Random): Buffer {
  const packet = Buffer.from(Array.from({ length: random.between(0, 1_500) }, () => random.between(0, 255)));
  if (packet.length > 0 && random.chance(0.8)) packet[0] = random.pick(FIRST_BYTES) ?? 0;
  // The magic cookie of STUN (RFC 8489 §5), which a worker looks for.
  if (packet.length >= 20 && random.chance(0.3)) packet.writeUInt32BE(0x2112a442, 4);
  return packet;
}

const portOf = (opened: Talker['opened'], protocol: 'udp' | 'tcp'): number =>
  opened.send.iceCandidates.find((candidate) => candidate.protocol === protocol)?.port ?? 0;

/** Talks to the port of TCP as nobody should: random bytes, lengths that nothing comes for, and silence. */
function knock(port: number, random: Random): void {
  const connection = connect(port, ADDRESS);
  connection.on('error', () => {});
  connections.push(connection);
  if (random.chance(0.2)) return;
  const frame = randomPacket(random);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(random.chance(0.5) ? frame.length : random.between(0, 65_535));
  connection.write(random.chance(0.7) ? Buffer.concat([length, frame]) : frame);
}

async function untilHears(who: Talker, least = 20): Promise<number> {
  let come = 0;
  await until('sound comes', async () => {
    const { sound, broken } = await who.take();
    expect(broken).toBe(0);
    come += sound;
    return come >= least;
  });
  return come;
}

async function pair(talkers: Talkers): Promise<readonly [Talker, Talker]> {
  const one = await talkers.join('one', { talks: true });
  const two = await talkers.join('two');
  await two.watch([one.microphone]);
  return [one, two];
}

describe(`what strangers say to the ports of the media server (seed ${SEED})`, () => {
  test('random packets, while devices connect: they connect, hear each other, and nothing ends', async () => {
    const random = createRandom(SEED);
    const workers = listWorkers();
    const [speaker, bystander] = await pair(others);
    await others.start();
    await untilHears(bystander);
    const [udp, tcp] = [portOf(speaker.opened, 'udp'), portOf(speaker.opened, 'tcp')];
    let said = 0;
    const flood = setInterval(() => {
      for (let count = 0; count < FLOOD.packets; count += 1) {
        const packet = randomPacket(random);
        said += 1;
        if (random.chance(0.5)) attacker.send(packet, udp, ADDRESS);
        else path.sayAsAll(packet);
      }
      if (connections.length < 300) knock(tcp, random);
    }, FLOOD.everyMs);
    try {
      const [, listener] = await pair(callers);
      await callers.start();
      await untilHears(listener);
      await bystander.take();
      await untilHears(bystander);
      await until('much was said', () => said >= 5_000 && connections.length >= 100);
    } finally {
      clearInterval(flood);
    }
    const late = await callers.join('late', { talks: true });
    const last = await callers.join('last');
    await last.watch([late.microphone]);
    await callers.start();
    await untilHears(last);
    expect(listWorkers()).toEqual(workers);
    expect(sfu.of('call_lost')).toEqual([]);
  });

  test('what devices said before is heard once, from whichever address it comes again', async () => {
    const workers = listWorkers();
    const [{ opened }, bystander] = await pair(others);
    const [, listener] = await pair(callers);
    await Promise.all([others.start(), callers.start()]);
    let heard = await untilHears(listener, 100);
    const { microphone } = ssrcsOf(1);
    for (let round = 0; round < 3; round += 1) {
      path.sayAgain();
      heard += await untilHears(listener);
    }
    heard += await untilHears(listener, 50);
    expect(path.kept().length).toBeGreaterThan(500);
    expect(heard).toBeLessThanOrEqual(path.sent(microphone));

    // Checks that a stranger says again lead media to them, until the device's own next one.
    for (const packet of path.kept()) attacker.send(packet, portOf(opened, 'udp'), ADDRESS);
    await listener.take();
    await untilHears(listener);
    await bystander.take();
    await untilHears(bystander);
    expect(listWorkers()).toEqual(workers);
    expect(sfu.of('call_lost')).toEqual([]);
  });
});

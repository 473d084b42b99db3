import type { PipeMessage, RemoteTrack, SfuNodes } from '@visavis/server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../harness/until.ts';
import { startSfu, type TestSfu } from './sfu/sfu.ts';
import { LARGEST_LAYER, startTalkers, type Talker, type Talkers } from './sfu/talkers.ts';
import { listWorkers } from './sfu/workers.ts';

const CALL = 'call';
/** At the home the call has its own name, at another node one more beside it. */
const CALL_THERE = 'call there';

/** A node with its workers at an address of its own, as it would be on another machine. */
interface Node {
  readonly sfu: TestSfu;
  readonly nodes: SfuNodes;
  readonly callId: string;
  readonly workerId: number;
  talkers: Talkers;
}
interface Said {
  readonly from: string;
  readonly message: PipeMessage;
}

let home: Node;
let there: Node;
let said: Said[];
/** What becomes of a message on its way. */
let carry: (message: PipeMessage) => PipeMessage;

async function startNode(ip: string, callId: string): Promise<Node> {
  const others = listWorkers();
  const sfu = await startSfu({
    basePort: 0,
    addresses: () => [{ ip, announced: null }],
    pipeListen: { ip, announced: null, ports: { min: 46_000, max: 46_099 } },
  });
  const { nodes } = sfu;
  if (nodes === null) throw new Error('it has no port for other nodes');
  const workerId = listWorkers().find((id) => !others.includes(id)) ?? 0;
  return { sfu, nodes, callId, workerId, talkers: await startTalkers(sfu, callId) };
}
/** Brings what one says to the other, and which tracks and voices there are, as the home of the call does. */
function link(name: string, from: Node, to: Node): void {
  from.sfu.subscribe((event) => {
    if (event.type === 'pipe') {
      said.push({ from: name, message: event.message });
      const message = carry(event.message);
      queueMicrotask(() => to.nodes.hear(to.callId, name, message));
    } else if (event.type === 'levels' && from === there)
      home.nodes.hearLevels(home.callId, name, event.volumes);
    else if (event.type.startsWith('track_')) to.nodes.setRemote(to.callId, ownTracks(from, to, name));
  });
}
const ownTracks = (from: Node, to: Node, nodeId: string): RemoteTrack[] => {
  const foreign = new Set(
    to.sfu.events.flatMap((one) => (one.type === 'track_published' ? [one.track.trackId] : [])),
  );
  return from.sfu
    .tracks(from.callId)
    .filter(({ trackId }) => !foreign.has(trackId))
    .map((track) => ({ ...track, nodeId }));
};

beforeEach(async () => {
  said = [];
  carry = (message) => message;
  home = await startNode('127.0.0.2', CALL);
  there = await startNode('127.0.0.3', CALL_THERE);
  link('home', home, there);
  link('there', there, home);
});
afterEach(async () => {
  for (const { talkers, sfu } of [home, there]) {
    await talkers.close();
    await sfu.close();
  }
  expect(listWorkers()).toEqual([]);
});

const addressOf = ({ opened }: Talker): string | undefined => opened.send.iceCandidates[0]?.address;

/** Ana is at the home, Ben and Cem are at the other node. */
async function gather(): Promise<readonly [Talker, Talker, Talker]> {
  const ana = await home.talkers.join('ana');
  const ben = await there.talkers.join('ben');
  const cem = await there.talkers.join('cem', { talks: true });
  expect([ana, ben, cem].map(addressOf)).toEqual(['127.0.0.2', '127.0.0.3', '127.0.0.3']);
  return [ana, ben, cem];
}
async function start(): Promise<void> {
  for (const { talkers } of [home, there]) await talkers.start();
}
async function untilCome(who: Talker, what: 'sound' | 'pictures', least = 5): Promise<void> {
  let come = 0;
  await until(`${what} come`, async () => {
    const taken = await who.take();
    expect(taken.broken).toBe(0);
    come += taken[what];
    return come >= least;
  });
}
/** What Ana was told last of who watches. */
const demand = () => home.sfu.of('demand').at(-1);
const countAsked = (): number => said.filter(({ message }) => message.type === 'ask').length;

describe('a call of three at two nodes', () => {
  test('MED6 sound and pictures go between the nodes both ways, each track once, and who speaks there is found', async () => {
    const [ana, ben, cem] = await gather();
    await ana.watch([cem.microphone, cem.camera]);
    await ben.watch([ana.microphone, ana.camera]);
    await cem.watch([ana.microphone, ana.camera]);
    await ana.prefer(cem.camera, 0);
    for (const who of [ben, cem]) await who.prefer(ana.camera, 0);
    await start();
    for (const who of [ana, ben, cem]) {
      await untilCome(who, 'sound');
      await untilCome(who, 'pictures');
    }
    await until('Cem is heard to speak at the home', () => home.sfu.of('speaker').at(-1)?.deviceId === 'cem');
    expect(countAsked()).toBe(4);
    expect([home, there].map(({ nodes }) => nodes.count())).toEqual([2, 2]);
    const ends = said.flatMap(({ message }) =>
      message.type === 'opened' || message.type === 'connect' ? [message.end] : [],
    );
    for (const { ip, port, cryptoSuite } of ends) {
      expect(cryptoSuite).toBe('AEAD_AES_256_GCM');
      expect(['127.0.0.2', '127.0.0.3']).toContain(ip);
      expect(port).toBeGreaterThanOrEqual(46_000);
      expect(port).toBeLessThanOrEqual(46_099);
    }
    // One way each, for whatever goes there.
    expect(new Set(ends.map(({ ip, port }) => `${ip} ${String(port)}`)).size).toBe(4);
  });

  test('MED6 what nobody watches at the other node does not go there, and comes again when somebody does', async () => {
    const [ana, , cem] = await gather();
    expect(countAsked()).toBe(0);
    await cem.watch([ana.camera]);
    await start();
    expect(home.nodes.count()).toBe(0);
    await cem.prefer(ana.camera, 0);
    await untilCome(cem, 'pictures');
    expect(home.nodes.count()).toBe(1);
    await cem.prefer(ana.camera, null);
    await until('it goes no more', () => home.nodes.count() === 0);
    await cem.prefer(ana.camera, 0);
    await cem.take();
    await untilCome(cem, 'pictures');
    // Its sender pauses, and goes on.
    await home.sfu.setPaused(CALL, 'ana', ana.camera, true);
    await until('it goes no more', () => home.nodes.count() === 0);
    expect(await there.sfu.receive(CALL_THERE, 'cem', [ana.camera])).toMatchObject([
      { producerPaused: true },
    ]);
    await home.sfu.setPaused(CALL, 'ana', ana.camera, false);
    await cem.take();
    await untilCome(cem, 'pictures');
    await home.sfu.unpublish(CALL, 'ana', ana.camera);
    await until('it is closed', () => home.nodes.count() === 0);
    expect(await there.sfu.receive(CALL_THERE, 'cem', [ana.camera])).toEqual([]);
    expect(countAsked()).toBe(1);
  });

  test('MED6 the sender hears what is watched of its picture at any node', async () => {
    const [ana, ben, cem] = await gather();
    for (const who of [ben, cem]) await who.watch([ana.camera]);
    await cem.prefer(ana.camera, 0);
    await until('the small one', () => demand()?.maxSpatialLayer === 0);
    await ben.prefer(ana.camera, LARGEST_LAYER);
    await until('the large one', () => demand()?.maxSpatialLayer === LARGEST_LAYER);
    await start();
    await untilCome(ben, 'pictures');
    await there.sfu.leave(CALL_THERE, 'ben');
    await until('the small one again', () => demand()?.maxSpatialLayer === 0);
    await there.sfu.leave(CALL_THERE, 'cem');
    await until('none', () => demand()?.maxSpatialLayer === null);
    expect(demand()).toMatchObject({ deviceId: 'ana', trackId: ana.camera });
  });

  test('MED6 who is removed is sent nowhere any more, and gets nothing', async () => {
    const [ana, ben, cem] = await gather();
    await ana.watch([cem.microphone]);
    await ben.watch([cem.microphone]);
    await cem.watch([ana.microphone]);
    await start();
    for (const who of [ana, ben, cem]) await untilCome(who, 'sound');
    await there.sfu.leave(CALL_THERE, 'cem');
    await until('nothing goes between the nodes', () =>
      [home, there].every(({ nodes }) => nodes.count() === 0),
    );
    expect(home.sfu.tracks(CALL).map(({ deviceId }) => deviceId)).not.toContain('cem');
    expect(await home.sfu.receive(CALL, 'ana', [cem.microphone])).toEqual([]);
  });

  test('MED6 what comes with another key is dropped', async () => {
    const [ana, ben, cem] = await gather();
    carry = (message) =>
      message.type === 'opened'
        ? { ...message, end: { ...message.end, keyBase64: turned(message.end.keyBase64) } }
        : message;
    await ana.watch([cem.microphone]);
    await ben.watch([cem.microphone]);
    await start();
    await untilCome(ben, 'sound', 50);
    expect(there.nodes.count()).toBe(1);
    expect(await ana.take()).toMatchObject({ sound: 0, pictures: 0 });
  });

  test('MED6 the worker of the other node dies: what goes there ends, and goes again when it is back', async () => {
    const [ana, , cem] = await gather();
    await cem.watch([ana.microphone]);
    await start();
    await untilCome(cem, 'sound');
    process.kill(there.workerId, 'SIGKILL');
    await until('the call is lost there', () => there.sfu.of('call_lost').length === 1);
    await until('nothing goes between the nodes', () =>
      [home, there].every(({ nodes }) => nodes.count() === 0),
    );
    await until('both have a worker', () => listWorkers().length === 2);
    await until('both are ready', () => [home, there].every(({ sfu }) => sfu.state().name === 'ready'));
    for (const node of [home, there]) {
      await node.talkers.close();
      await node.sfu.end(node.callId);
      node.talkers = await startTalkers(node.sfu, node.callId);
    }
    const anew = await gather();
    await anew[2].watch([anew[0].microphone]);
    await start();
    await untilCome(anew[2], 'sound');
  });
});

function turned(keyBase64: string): string {
  const key = Buffer.from(keyBase64, 'base64');
  key[0] = (key[0] ?? 0) ^ 1;
  return key.toString('base64');
}

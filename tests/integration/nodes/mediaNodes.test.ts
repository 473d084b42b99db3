import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { listWorkers } from '../../contracts/sfu/workers.ts';
import { SocketDevice } from '../../harness/socketDevice.ts';
import { startMediaCluster, type MediaCluster, type RunningMediaNode } from '../support/mediaCluster.ts';
import { askToOpen, countLosses, countMoves, hear, meet, openMedia, speak } from '../support/mediaDevices.ts';
import { until } from '../support/until.ts';

/** Two devices are all that a media node is to carry. */
const CAPACITY = 8;

let cluster: MediaCluster;
const devices: SocketDevice[] = [];
beforeAll(async () => {
  cluster = await startMediaCluster(CAPACITY);
}, 120_000);
afterEach(async () => {
  for (const device of devices.splice(0)) {
    expect(device.faults).toEqual([]);
    await device.http('POST', '/api/sign-out');
    device.close();
  }
});
afterAll(async () => {
  await cluster.dispose();
});

const online = async (region: 'east' | 'west', handle: string): Promise<SocketDevice> => {
  const device = await SocketDevice.online(cluster.signaling[region].url, handle);
  devices.push(device);
  return device;
};
const known = async (region: string) => (await cluster.listNodes()).filter((node) => node.region === region);
const isKnown = async ({ region }: RunningMediaNode): Promise<boolean> =>
  (await known(region)).some(({ silentMs, isDraining }) => silentMs < 1_000 && !isDraining);
/** Both are there, and nobody is at them. */
const untilIdle = async (): Promise<void> => {
  const { east, west } = cluster.media;
  await until('both media nodes are there and idle', async () => {
    const areThere = (await isKnown(east)) && (await isKnown(west));
    return areThere && (await cluster.listNodes()).every(({ load }) => load === 0);
  });
};
/** A call whose devices are at both signaling nodes, and who hear each other by a media node. */
async function talk(region: 'east' | 'west') {
  const ana = await online(region, 'ana');
  const ben = await online(region === 'east' ? 'west' : 'east', 'ben');
  const callId = await meet(ana, ben);
  const ip = await hearEachOther(ana, ben, callId);
  return { ana, ben, callId, ip };
}
async function hearEachOther(ana: SocketDevice, ben: SocketDevice, callId: string): Promise<string> {
  const hers = await openMedia(ana, callId);
  const his = await openMedia(ben, callId);
  expect(his.ip).toBe(hers.ip);
  const [herTrack, hisTrack] = [
    await speak(ana, callId, hers.transportId),
    await speak(ben, callId, his.transportId),
  ];
  await hear(ana, callId, hisTrack);
  await hear(ben, callId, herTrack);
  return hers.ip;
}
const untilLost = async (callId: string, ...who: readonly SocketDevice[]): Promise<void> => {
  await until('everybody hears that media are lost', () =>
    who.every((device) => countLosses(device, callId) > 0),
  );
};

test('MED3 a media node has workers and no pages, a signaling node has pages and no workers', async () => {
  const { media, signaling } = cluster;
  for (const { server } of [media.east, media.west]) {
    expect(listWorkers(server.pid)).toHaveLength(1);
    for (const path of ['/healthz', '/readyz'])
      expect((await fetch(`${server.url}${path}`)).status).toBe(200);
    for (const path of ['/', '/api/service', '/api/demo/people', '/signaling'])
      expect((await fetch(`${server.url}${path}`)).status).toBe(404);
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/signaling`);
    const refusal: unknown = await once(socket, 'error');
    expect(String(refusal)).toContain('404');
  }
  for (const { url, pid } of [signaling.east, signaling.west]) {
    expect(listWorkers(pid)).toEqual([]);
    await until('group calls can be had', async () => {
      const service: unknown = await (await fetch(`${url}/api/service`)).json();
      return JSON.stringify(service).includes('"groupCalls":{"state":"ready"}');
    });
  }
});

test('MED1 MED2 a call goes to the region of who asks first, and elsewhere when that is full', async () => {
  await untilIdle();
  const first = await talk('east');
  expect(first.ip).toBe(cluster.media.east.ip);
  await until('the node says that it is full', async () => ((await known('east'))[0]?.load ?? 0) >= 1);
  const chidi = await online('east', 'chidi');
  const dilnoza = await online('east', 'dilnoza');
  const callId = await meet(chidi, dilnoza);
  expect((await openMedia(chidi, callId)).ip).toBe(cluster.media.west.ip);
  for (const device of [first.ana, first.ben])
    await device.request('end_call', { callId: first.callId, payload: { reason: 'hangup' } });
  await until('its media are closed', async () => (await known('east'))[0]?.load === 0);
  expect((await openMedia(dilnoza, callId)).ip).toBe(cluster.media.west.ip);
});

test('MED5 when Redis forgets everything no media are lost', async () => {
  await untilIdle();
  const { ana, ben, callId } = await talk('west');
  for (const device of [ana, ben])
    device.stayOnline([cluster.signaling.east.url, cluster.signaling.west.url]);
  await cluster.emptyRedis();
  const { east, west } = cluster.media;
  await until('both are known again', async () => (await isKnown(east)) && (await isKnown(west)));
  await until('both devices are back', () =>
    [ana, ben].every((device) => device.returns > 0 && device.isRegistered),
  );
  expect((await ana.request('list_tracks', { callId })).type).toBe('ok');
  expect([ana, ben].map((device) => countLosses(device, callId))).toEqual([0, 0]);
});

test('MED4 a media node that is told to stop gives its calls away, nobody is refused and nothing is lost', async ({
  annotate,
}) => {
  await untilIdle();
  const { ana, ben, callId, ip } = await talk('east');
  const { east, west } = cluster.media;
  expect(ip).toBe(east.ip);
  const startedAt = performance.now();
  const stopped = east.server.stop();
  await until('everybody hears where to go', () =>
    [ana, ben].every((device) => countMoves(device, callId) > 0),
  );
  const toldAt = performance.now();
  // Still there, and taking nobody.
  expect((await fetch(`${east.server.url}/readyz`)).status).toBe(503);
  for (const device of [ana, ben]) expect((await askToOpen(device, callId)).type).toBe('ok');
  expect(await hearEachOther(ana, ben, callId)).toBe(west.ip);
  const backAt = performance.now();
  expect(await stopped).toBe(0);
  await annotate(
    `told after ${String(Math.round(toldAt - startedAt))} ms, open again after ${String(Math.round(backAt - toldAt))} ms more, ended after ${String(Math.round(performance.now() - startedAt))} ms`,
  );
  expect(await known('east')).toEqual([]);
  expect([ana, ben].map((device) => countMoves(device, callId))).toEqual([1, 1]);
  expect([ana, ben].map((device) => countLosses(device, callId))).toEqual([0, 0]);
  await east.server.restart();
});

test('MED5 a media node that is killed loses its calls to another, and nobody has to ask', async ({
  annotate,
}) => {
  await untilIdle();
  const { ana, ben, callId, ip } = await talk('west');
  const { east, west } = cluster.media;
  expect(ip).toBe(west.ip);
  const startedAt = performance.now();
  await west.server.kill();
  await untilLost(callId, ana, ben);
  const toldAt = performance.now();
  expect(await hearEachOther(ana, ben, callId)).toBe(east.ip);
  const backAt = performance.now();
  await annotate(
    `told after ${String(Math.round(toldAt - startedAt))} ms, open again after ${String(Math.round(backAt - startedAt))} ms`,
  );
  await until('it is forgotten', async () => (await known('west')).length === 0);
  expect([ana, ben].map((device) => countLosses(device, callId))).toEqual([1, 1]);
  await west.server.restart();
});

test('MED5 a media node that stood still finds its calls gone, and says nothing more of them', async () => {
  await untilIdle();
  const { ana, ben, callId, ip } = await talk('east');
  const { east, west } = cluster.media;
  expect(ip).toBe(east.ip);
  process.kill(east.server.pid, 'SIGSTOP');
  try {
    await untilLost(callId, ana, ben);
    expect(await hearEachOther(ana, ben, callId)).toBe(west.ip);
  } finally {
    process.kill(east.server.pid, 'SIGCONT');
  }
  await until('it has closed what it had', async () =>
    (await known('east')).some(({ load, silentMs }) => silentMs < 1_000 && load === 0),
  );
  const tracks = [ana, ben].map((device) =>
    device.mediaNotices.findLast(({ type }) => type === 'media_tracks'),
  );
  for (const notice of tracks)
    expect(notice).toMatchObject({ callId, payload: { tracks: [{ source: 'microphone' }] } });
  expect([ana, ben].map((device) => countLosses(device, callId))).toEqual([1, 1]);
});

test('MED5 GRP9 without any media node calls go on, and have media again when one comes', async () => {
  await untilIdle();
  const { ana, ben, callId } = await talk('east');
  const { east, west } = cluster.media;
  await west.server.kill();
  await east.server.kill();
  await until('nobody is there', async () =>
    (await cluster.listNodes()).every(({ silentMs }) => silentMs > 2_500),
  );
  const refused = await askToOpen(ana, callId);
  expect(refused).toMatchObject({ type: 'error', payload: { code: 'MEDIA_UNAVAILABLE' } });
  await until('that is told', async () => {
    const service: unknown = await (await fetch(`${cluster.signaling.east.url}/api/service`)).json();
    return JSON.stringify(service).includes('"groupCalls":{"state":"unavailable"');
  });
  await west.server.restart();
  expect(await hearEachOther(ana, ben, callId)).toBe(west.ip);
  await east.server.restart();
});

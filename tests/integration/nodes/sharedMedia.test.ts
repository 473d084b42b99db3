import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { SocketDevice } from '../../harness/socketDevice.ts';
import { startMediaCluster, type MediaCluster, type RunningMediaNode } from '../support/mediaCluster.ts';
import { countLosses, countMoves, hear, meet, openMedia, speak } from '../support/mediaDevices.ts';
import { until } from '../support/until.ts';

type Region = 'east' | 'west';

let cluster: MediaCluster;
const devices: SocketDevice[] = [];
beforeAll(async () => {
  cluster = await startMediaCluster(400, { isShared: true });
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

const online = async (region: Region, handle: string): Promise<SocketDevice> => {
  const device = await SocketDevice.online(cluster.signaling[region].url, handle);
  devices.push(device);
  return device;
};
const isKnown = async ({ region }: RunningMediaNode): Promise<boolean> =>
  (await cluster.listNodes()).some(
    (node) => node.region === region && node.silentMs < 1_000 && !node.isDraining && node.hasPipes,
  );
/** Both are there, and nobody is at them. */
const untilIdle = async (): Promise<void> => {
  const { east, west } = cluster.media;
  await until('both media nodes are there and idle', async () => {
    const areThere = (await isKnown(east)) && (await isKnown(west));
    return areThere && (await cluster.listNodes()).every(({ load }) => load === 0);
  });
};
const untilEmpty = async (region: Region): Promise<void> => {
  await until(`nothing is left in the ${region}`, async () =>
    (await cluster.listNodes()).some(
      (node) => node.region === region && node.silentMs < 1_000 && node.load === 0,
    ),
  );
};

interface Heard {
  readonly ip: string;
  readonly trackId: string;
}
async function talk(device: SocketDevice, callId: string): Promise<Heard> {
  const { ip, transportId } = await openMedia(device, callId);
  return { ip, trackId: await speak(device, callId, transportId) };
}
/** Ana's call is in the east, and has a part in the west, where Ben is. */
async function share() {
  await untilIdle();
  const ana = await online('east', 'ana');
  const ben = await online('west', 'ben');
  const callId = await meet(ana, ben);
  const hers = await talk(ana, callId);
  const his = await talk(ben, callId);
  expect([hers.ip, his.ip]).toEqual([cluster.media.east.ip, cluster.media.west.ip]);
  await hear(ana, callId, his.trackId);
  await hear(ben, callId, hers.trackId);
  return { ana, ben, callId, hers, his };
}
const tracksOf = (device: SocketDevice): readonly string[] => {
  const told = device.mediaNotices.findLast(({ type }) => type === 'media_tracks');
  return told?.type === 'media_tracks' ? told.payload.tracks.map(({ trackId }) => trackId) : [];
};
const losses = (callId: string, ...who: readonly SocketDevice[]): readonly number[] =>
  who.map((device) => countLosses(device, callId));

test('MED6 each is at the media node of their region, hears those at the other, and leaves both when the call ends', async () => {
  const { ana, ben, callId, hers, his } = await share();
  const listed = await ben.request('list_tracks', { callId });
  expect(listed).toMatchObject({ type: 'ok', payload: { tracks: [{ trackId: hers.trackId }] } });
  await ben.request('pause_track', { callId, payload: { trackId: his.trackId, paused: true } });
  await until('Ana hears that Ben has paused', () => {
    const told = ana.mediaNotices.findLast(({ type }) => type === 'media_tracks');
    return told?.type === 'media_tracks' && told.payload.tracks.some(({ paused }) => paused);
  });
  // Anew at the same node: only the new track is there.
  const again = await talk(ben, callId);
  expect(again.ip).toBe(cluster.media.west.ip);
  await hear(ana, callId, again.trackId);
  expect(tracksOf(ana)).toEqual([again.trackId]);
  await ana.request('end_call', { callId, payload: { reason: 'hangup' } });
  await untilEmpty('east');
  await ben.request('end_call', { callId, payload: { reason: 'hangup' } });
  await untilEmpty('west');
  expect(losses(callId, ana, ben)).toEqual([0, 0]);
});

test('MED6 who leaves at one node is forwarded at none', async () => {
  const { ana, ben, callId } = await share();
  await ben.request('end_call', { callId, payload: { reason: 'hangup' } });
  await until('Ana is told of no track of his', () => tracksOf(ana).length === 0);
  await untilEmpty('west');
  expect(losses(callId, ana)).toEqual([0]);
});

test('MED5 MED6 when Redis forgets everything no part of a call is lost', async () => {
  const { ana, ben, callId, hers, his } = await share();
  for (const device of [ana, ben])
    device.stayOnline([cluster.signaling.east.url, cluster.signaling.west.url]);
  await cluster.emptyRedis();
  const { east, west } = cluster.media;
  await until('both are known again', async () => (await isKnown(east)) && (await isKnown(west)));
  await until('both devices are back', () =>
    [ana, ben].every((device) => device.returns > 0 && device.isRegistered),
  );
  for (const [device, trackId] of [
    [ana, his.trackId],
    [ben, hers.trackId],
  ] as const) {
    const listed = await device.request('list_tracks', { callId });
    expect(listed).toMatchObject({ type: 'ok', payload: { tracks: [{ trackId }] } });
  }
  expect(losses(callId, ana, ben)).toEqual([0, 0]);
});

test('MED5 MED6 a node with a part of a call is killed: only those who were there open anew, at the home', async () => {
  const { ana, ben, callId, hers } = await share();
  await cluster.media.west.server.kill();
  await until('Ben hears that his media are lost', () => countLosses(ben, callId) > 0);
  const anew = await talk(ben, callId);
  expect(anew.ip).toBe(cluster.media.east.ip);
  await hear(ana, callId, anew.trackId);
  await hear(ben, callId, hers.trackId);
  expect(tracksOf(ana)).toEqual([anew.trackId]);
  expect(losses(callId, ana, ben)).toEqual([0, 1]);
  await cluster.media.west.server.restart();
});

test('MED5 MED6 the home is killed: the other node gets the call, and everybody opens anew', async () => {
  const { ana, ben, callId } = await share();
  await cluster.media.east.server.kill();
  await until('everybody hears that media are lost', () =>
    [ana, ben].every((device) => countLosses(device, callId) > 0),
  );
  const [hers, his] = [await talk(ana, callId), await talk(ben, callId)];
  expect([hers.ip, his.ip]).toEqual([cluster.media.west.ip, cluster.media.west.ip]);
  await hear(ana, callId, his.trackId);
  await hear(ben, callId, hers.trackId);
  expect(losses(callId, ana, ben)).toEqual([1, 1]);
  await cluster.media.east.server.restart();
});

test('MED4 MED6 a node with a part of a call stops: those who are there go to the home, and nothing is lost', async () => {
  const { ana, ben, callId, hers, his } = await share();
  const { west } = cluster.media;
  const stopped = west.server.stop();
  await until('Ben hears where to go', () => countMoves(ben, callId) > 0);
  // What he sent stays until he sends it anew.
  expect(tracksOf(ana)).toEqual([his.trackId]);
  const anew = await talk(ben, callId);
  expect(anew.ip).toBe(cluster.media.east.ip);
  await hear(ana, callId, anew.trackId);
  await hear(ben, callId, hers.trackId);
  expect(tracksOf(ana)).toEqual([anew.trackId]);
  expect(await stopped).toBe(0);
  expect([ana, ben].map((device) => countMoves(device, callId))).toEqual([0, 1]);
  expect(losses(callId, ana, ben)).toEqual([0, 0]);
  await west.server.restart();
});

test('MED4 MED6 the home stops: the call goes to the other node with everybody, and nothing is lost', async () => {
  const { ana, ben, callId } = await share();
  const { east, west } = cluster.media;
  const stopped = east.server.stop();
  await until('everybody hears where to go', () =>
    [ana, ben].every((device) => countMoves(device, callId) > 0),
  );
  const [hers, his] = [await talk(ana, callId), await talk(ben, callId)];
  expect([hers.ip, his.ip]).toEqual([west.ip, west.ip]);
  await hear(ana, callId, his.trackId);
  await hear(ben, callId, hers.trackId);
  expect(await stopped).toBe(0);
  expect([ana, ben].map((device) => countMoves(device, callId))).toEqual([1, 1]);
  expect(losses(callId, ana, ben)).toEqual([0, 0]);
  await east.server.restart();
});

test('MED6 a node with a part that does not answer loses it', async () => {
  const { ana, ben, callId } = await share();
  const { west, east } = cluster.media;
  process.kill(west.server.pid, 'SIGSTOP');
  try {
    await until('Ben hears that his media are lost', () => countLosses(ben, callId) > 0);
    const anew = await talk(ben, callId);
    expect(anew.ip).toBe(east.ip);
    await hear(ana, callId, anew.trackId);
  } finally {
    process.kill(west.server.pid, 'SIGCONT');
  }
  await untilEmpty('west');
  expect(losses(callId, ana, ben)).toEqual([0, 1]);
});

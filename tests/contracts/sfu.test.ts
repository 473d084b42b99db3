import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  SfuRefusal,
  type RtpParameters,
  type SfuOpened,
  type SfuRefusalCode,
  type TrackToPublish,
} from '@visavis/server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mediaWorker } from '../harness/mediaWorker.ts';
import { until } from '../harness/until.ts';
import { CAPABILITIES, DTLS, camera, microphone } from './sfu/browser.ts';
import { createSfu, startSfu, type TestSfu } from './sfu/sfu.ts';
import { listWorkers } from './sfu/workers.ts';

const CALL = 'call';
let sfu: TestSfu;

const open = async (deviceId: string, callId = CALL): Promise<SfuOpened> =>
  sfu.open(callId, deviceId, { rtpCapabilities: CAPABILITIES });

async function publish(
  deviceId: string,
  opened: SfuOpened,
  input: Partial<TrackToPublish> = {},
  callId = CALL,
) {
  const { trackId } = await sfu.publish(callId, deviceId, {
    transportId: opened.send.id,
    source: 'camera',
    kind: 'video',
    rtpParameters: camera(),
    paused: false,
    ...input,
  });
  return trackId;
}
const speak = { source: 'microphone', kind: 'audio' } as const;
const wish = (trackId: string, spatialLayer: number | null = null, paused = false) => ({
  trackId,
  paused,
  spatialLayer,
  temporalLayer: null,
  priority: 1,
});

async function refusal(work: Promise<unknown>): Promise<SfuRefusalCode> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof SfuRefusal)) throw new Error('it was not refused', { cause: error });
  return error.code;
}

afterEach(async () => {
  await sfu.close();
  expect(listWorkers()).toEqual([]);
});

describe('one worker', () => {
  beforeEach(async () => {
    sfu = await startSfu();
  });

  test('a device gets two transports at one UDP and one TCP port', async () => {
    const { send, receive, routerRtpCapabilities } = await open('ana');
    expect(send.id).not.toBe(receive.id);
    const ports = [send, receive].flatMap(({ iceCandidates }) => iceCandidates.map(({ port }) => port));
    expect(new Set(ports).size).toBe(1);
    expect(send.iceCandidates.map(({ protocol }) => protocol).toSorted()).toEqual(['tcp', 'udp']);
    expect(send.iceParameters.iceLite).toBe(true);
    const codecs = routerRtpCapabilities.codecs.map(({ mimeType }) => mimeType);
    expect(codecs).toEqual(
      expect.arrayContaining(['audio/opus', 'video/VP8', 'video/VP9', 'video/AV1', 'video/H264']),
    );
    expect(routerRtpCapabilities.codecs[0]?.parameters).toMatchObject({ useinbandfec: 1, usedtx: 1 });
  });

  test('GRP4 who opens gets what others publish with it: sound that flows, and nine pictures that wait', async () => {
    const others = Array.from({ length: 10 }, (_, place) => `other ${place}`);
    const tracks: string[] = [];
    for (const other of others) {
      const opened = await open(other);
      tracks.push(await publish(other, opened, { ...speak, rtpParameters: microphone() }));
      tracks.push(await publish(other, opened, { rtpParameters: camera() }));
    }
    const { received } = await open('ana');
    expect(received.filter(({ kind }) => kind === 'audio')).toHaveLength(10);
    expect(received.filter(({ kind }) => kind === 'video')).toHaveLength(9);
    expect(sfu.of('demand').filter(({ maxSpatialLayer }) => maxSpatialLayer !== null)).toEqual([]);
    // The same is there for who asks for it after all.
    const again = await sfu.receive(CALL, 'ana', tracks);
    expect(again).toHaveLength(20);
    expect(again).toEqual(expect.arrayContaining([...received]));
  });

  test('a track goes from its sender to a receiver, and out again', async () => {
    const ana = await open('ana');
    await open('ben');
    const sound = await publish('ana', ana, { ...speak, rtpParameters: microphone() });
    const picture = await publish('ana', ana, { paused: true });
    expect(sfu.tracks(CALL)).toEqual([
      { trackId: sound, deviceId: 'ana', source: 'microphone', kind: 'audio', paused: false },
      { trackId: picture, deviceId: 'ana', source: 'camera', kind: 'video', paused: true },
    ]);
    expect(sfu.of('track_published').map(({ track }) => track.trackId)).toEqual([sound, picture]);

    const received = await sfu.receive(CALL, 'ben', [sound, picture]);
    expect(received).toMatchObject([
      { trackId: sound, kind: 'audio', producerPaused: false },
      { trackId: picture, kind: 'video', producerPaused: true },
    ]);
    const [, video] = received;
    expect(video?.rtpParameters.encodings).toHaveLength(1);
    expect(video?.rtpParameters.encodings[0]?.scalabilityMode).toBe('L3T3');
    expect(video?.rtpParameters.codecs.map(({ mimeType }) => mimeType)).toEqual(['video/VP8', 'video/rtx']);
    // The same again, also for who asks twice at once.
    const [again, twice] = await Promise.all([
      sfu.receive(CALL, 'ben', [picture]),
      sfu.receive(CALL, 'ben', [picture, picture]),
    ]);
    expect([...again, ...twice]).toEqual([video, video]);

    await sfu.setPaused(CALL, 'ana', picture, false);
    expect(sfu.of('track_paused')).toMatchObject([{ trackId: picture, deviceId: 'ana', paused: false }]);
    await sfu.unpublish(CALL, 'ana', picture);
    await sfu.leave(CALL, 'ana');
    expect(sfu.of('track_closed').map(({ trackId }) => trackId)).toEqual([picture, sound]);
    expect(sfu.tracks(CALL)).toEqual([]);
    // Late, not wrong.
    expect(await sfu.receive(CALL, 'ben', [picture])).toEqual([]);
    await sfu.prefer(CALL, 'ben', [wish(picture)]);
  });

  test('the sender hears which layers are watched', async () => {
    const ana = await open('ana');
    await Promise.all([open('ben'), open('cem')]);
    const picture = await publish('ana', ana);
    await Promise.all([sfu.receive(CALL, 'ben', [picture]), sfu.receive(CALL, 'cem', [picture])]);
    await sfu.prefer(CALL, 'ben', [wish(picture, 0)]);
    await sfu.prefer(CALL, 'cem', [wish(picture, 1)]);
    await sfu.prefer(CALL, 'ben', [wish(picture, null)]);
    await sfu.leave(CALL, 'ben');
    await sfu.prefer(CALL, 'cem', [wish(picture, 1, true)]);
    expect(sfu.of('demand').map(({ maxSpatialLayer }) => maxSpatialLayer)).toEqual([null, 0, 1, 2, 1, null]);
    expect(new Set(sfu.of('demand').map(({ deviceId }) => deviceId))).toEqual(new Set(['ana']));
  });

  test('who opens anew loses what it had before', async () => {
    const former = await open('ana');
    const sound = await publish('ana', former, { ...speak, rtpParameters: microphone() });
    const ana = await open('ana');
    expect(ana.generation).toBe(former.generation);
    expect(sfu.of('track_closed')).toMatchObject([{ trackId: sound }]);
    expect(await refusal(publish('ana', former))).toBe('NO_SUCH_TRANSPORT');
    await publish('ana', ana, { ...speak, rtpParameters: microphone() });
  });

  test('DTLS and ICE: one connection for each transport, and new credentials', async () => {
    const ana = await open('ana');
    await sfu.connect(CALL, 'ana', ana.send.id, DTLS);
    await sfu.connect(CALL, 'ana', ana.receive.id, DTLS);
    const ice = await sfu.restartIce(CALL, 'ana', ana.send.id);
    expect(ice.usernameFragment).not.toBe(ana.send.iceParameters.usernameFragment);
  });

  test('the last one who leaves ends the call; the next begins another generation', async () => {
    const first = await open('ana');
    await open('ben');
    await Promise.all([sfu.leave(CALL, 'ana'), sfu.leave(CALL, 'ben')]);
    const second = await open('ana');
    expect(second.generation).toBeGreaterThan(first.generation);
    await sfu.end(CALL);
    expect(await refusal(publish('ana', second))).toBe('NO_SUCH_TRANSPORT');
    await sfu.leave(CALL, 'ana');
  });

  test('nobody reaches transports and tracks of others', async () => {
    const [ana, ben, eve] = [await open('ana'), await open('ben'), await open('eve', 'other')];
    const sound = await publish('ana', ana, { ...speak, rtpParameters: microphone() });
    for (const foreign of [ana.send.id, ana.receive.id, eve.send.id, 'none', '']) {
      expect(await refusal(sfu.connect(CALL, 'ben', foreign, DTLS))).toBe('NO_SUCH_TRANSPORT');
      expect(await refusal(sfu.restartIce(CALL, 'ben', foreign))).toBe('NO_SUCH_TRANSPORT');
      expect(await refusal(publish('ben', ben, { transportId: foreign }))).toBe('NO_SUCH_TRANSPORT');
    }
    expect(await refusal(publish('ben', ben, { transportId: ben.receive.id }))).toBe('NO_SUCH_TRANSPORT');
    expect(await refusal(sfu.unpublish(CALL, 'ben', sound))).toBe('NO_SUCH_TRACK');
    expect(await refusal(sfu.setPaused(CALL, 'ben', sound, true))).toBe('NO_SUCH_TRACK');
    expect(await refusal(sfu.receive('other', 'eve', [sound]))).toBe('NO_SUCH_TRACK');
    expect(await refusal(sfu.receive(CALL, 'ana', [sound]))).toBe('NO_SUCH_TRACK');
    expect(await refusal(sfu.prefer(CALL, 'ben', [wish(sound)]))).toBe('NO_SUCH_TRACK');
    expect(await refusal(sfu.receive(CALL, 'eve', [sound]))).toBe('NO_SUCH_TRANSPORT');
    expect(sfu.tracks(CALL)).toMatchObject([{ trackId: sound, paused: false }]);
  });

  test('one track of each source, also for who asks twice at once', async () => {
    const ana = await open('ana');
    const codes = await Promise.allSettled([
      publish('ana', ana),
      publish('ana', ana, { rtpParameters: camera('2') }),
    ]);
    expect(codes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await refusal(publish('ana', ana, { rtpParameters: camera('3') }))).toBe('TOO_MANY_TRACKS');
    expect(await refusal(publish('ana', ana, { source: 'screen', kind: 'audio' }))).toBe('BAD_MEDIA');
  });

  test('thousands of tracks: one of each source is taken, and the others of the call have theirs', async () => {
    const [ana, ben] = [await open('ana'), await open('ben')];
    const sources = ['microphone', 'camera', 'screen', 'screen_sound'] as const;
    const codes = await Promise.all(
      Array.from({ length: 2_000 }, async (_, index) => {
        const source = sources[index % sources.length] ?? 'camera';
        const isSound = source === 'microphone' || source === 'screen_sound';
        const kind = isSound ? ('audio' as const) : ('video' as const);
        const rtpParameters = isSound ? microphone(`${index}`) : camera(`${index}`);
        return publish('ana', ana, { source, kind, rtpParameters }).then(
          () => 'taken',
          (error: unknown) => (error instanceof SfuRefusal ? error.code : 'failed'),
        );
      }),
    );
    expect(codes.filter((code) => code === 'taken')).toHaveLength(sources.length);
    expect(new Set(codes)).toEqual(new Set(['taken', 'TOO_MANY_TRACKS']));
    await publish('ben', ben);
    expect(sfu.tracks(CALL).map(({ deviceId }) => deviceId)).toEqual(['ana', 'ana', 'ana', 'ana', 'ben']);
  });

  const bad: readonly [string, (parameters: RtpParameters) => RtpParameters][] = [
    ['no codec', (parameters) => ({ ...parameters, codecs: [] })],
    [
      'an unknown codec',
      (parameters) => ({
        ...parameters,
        codecs: parameters.codecs.map((codec) => ({ ...codec, mimeType: 'video/evil' })),
      }),
    ],
    [
      'a codec that is none',
      (parameters) => ({
        ...parameters,
        codecs: parameters.codecs.map((codec) => ({ ...codec, mimeType: '\0' })),
      }),
    ],
    ['the other kind of codec', (parameters) => ({ ...parameters, codecs: microphone().codecs })],
    [
      'retransmission of nothing',
      (parameters) => ({
        ...parameters,
        codecs: parameters.codecs.map((codec) => ({ ...codec, parameters: { apt: 3 } })),
      }),
    ],
    [
      'a payload type out of range',
      (parameters) => ({
        ...parameters,
        codecs: parameters.codecs.map((codec) => ({ ...codec, payloadType: 70_000 })),
      }),
    ],
    ['no encoding', (parameters) => ({ ...parameters, encodings: [] })],
    [
      'a hundred encodings',
      (parameters) => ({
        ...parameters,
        encodings: Array.from({ length: 100 }, (_, index) => ({ rid: `r${index}` })),
      }),
    ],
    ['a negative SSRC', (parameters) => ({ ...parameters, encodings: [{ ssrc: -1 }] })],
    ['an SSRC that is no number', (parameters) => ({ ...parameters, encodings: [{ ssrc: Number.NaN }] })],
    ['a layer twice', (parameters) => ({ ...parameters, encodings: [{ rid: 'q' }, { rid: 'q' }] })],
    [
      'an extension at a huge number',
      (parameters) => ({
        ...parameters,
        headerExtensions: parameters.headerExtensions.map((one) => ({ ...one, id: 1e9 })),
      }),
    ],
    ['a very long name', (parameters) => ({ ...parameters, mid: 'm'.repeat(100_000) })],
  ];
  test('bad parameters are refused, and harm nobody', async () => {
    const ana = await open('ana');
    const [worker] = listWorkers();
    const answers: Record<string, string> = {};
    for (const [what, spoil] of bad) {
      answers[what] = await refusal(publish('ana', ana, { rtpParameters: spoil(camera()) })).catch(
        async () => {
          // Taken after all: then it must be of no consequence.
          for (const { trackId } of sfu.tracks(CALL)) await sfu.unpublish(CALL, 'ana', trackId);
          return 'taken';
        },
      );
    }
    expect(answers).toEqual(Object.fromEntries(bad.map(([what]) => [what, 'BAD_MEDIA'])));
    expect(await refusal(sfu.connect(CALL, 'ana', ana.send.id, { fingerprints: [] }))).toBe('BAD_MEDIA');
    const fingerprints = [{ algorithm: 'sha-256' as const, value: 'x' }];
    expect(await refusal(sfu.connect(CALL, 'ana', ana.receive.id, { fingerprints }))).toBe('BAD_MEDIA');
    const rtpCapabilities = {
      codecs: CAPABILITIES.codecs.map((codec) => ({ ...codec, clockRate: Number.NaN, mimeType: '' })),
      headerExtensions: [],
    };
    expect(await refusal(sfu.open(CALL, 'eve', { rtpCapabilities }))).toBe('BAD_MEDIA');
    expect(listWorkers()).toEqual([worker]);
    await publish('ana', ana);
  });

  test('who can decode nothing receives nothing, and is not refused', async () => {
    const ana = await open('ana');
    await sfu.open(CALL, 'ben', { rtpCapabilities: { codecs: [], headerExtensions: [] } });
    expect(await sfu.receive(CALL, 'ben', [await publish('ana', ana)])).toEqual([]);
  });

  test('a worker that dies takes its calls along, is replaced, and everybody can open anew', async () => {
    const former = await open('ana');
    await publish('ana', former);
    const [worker = 0] = listWorkers();
    process.kill(worker, 'SIGKILL');
    await until('the call is lost', () => sfu.of('call_lost').length > 0);
    expect(sfu.of('call_lost')).toMatchObject([{ callId: CALL, generation: former.generation }]);
    expect(sfu.tracks(CALL)).toEqual([]);
    expect(await refusal(publish('ana', former))).toBe('NO_SUCH_TRANSPORT');
    await until('there is another worker', () => sfu.state().name === 'ready');
    const ana = await open('ana');
    expect(ana.generation).toBeGreaterThan(former.generation);
    expect(ana.send.iceCandidates[0]?.port).toBe(former.send.iceCandidates[0]?.port);
    await publish('ana', ana);
  });

  test('without a worker it says so', async () => {
    const [worker = 0] = listWorkers();
    process.kill(worker, 'SIGKILL');
    await until('it is gone', () => sfu.state().name !== 'ready');
    expect(await refusal(open('ana'))).toBe('MEDIA_UNAVAILABLE');
    expect(sfu.state()).toMatchObject({ name: 'unavailable' });
    expect(sfu.of('state_changed').length).toBeGreaterThan(0);
  });
});

describe('three workers, with room for one device each', () => {
  beforeEach(async () => {
    sfu = await startSfu({ workers: 3, capacity: 1 });
  });

  test('a call spreads, and everybody receives everybody', async () => {
    const names = ['ana', 'ben', 'cem'];
    const opened = await Promise.all(names.map(async (name) => open(name)));
    expect(new Set(opened.map(({ send }) => send.iceCandidates[0]?.port)).size).toBe(3);
    const tracks = await Promise.all(
      opened.map(async (one, index) => publish(names[index] ?? '', one, { paused: index === 2 })),
    );
    for (const [index, name] of names.entries()) {
      const others = tracks.filter((_, other) => other !== index);
      const received = await sfu.receive(CALL, name, others);
      expect(received.map(({ trackId }) => trackId)).toEqual(others);
      expect(received[0]?.rtpParameters.encodings[0]?.scalabilityMode).toBe('L3T3');
    }
    await sfu.prefer(CALL, 'ben', [wish(tracks[0] ?? '', 1)]);
    expect(sfu.of('demand').at(-1)).toMatchObject({ deviceId: 'ana', maxSpatialLayer: 1 });
    await sfu.unpublish(CALL, 'ana', tracks[0] ?? '');
    await until('ben hears of it', () => sfu.of('demand').length > 0);
    expect(await sfu.receive(CALL, 'ben', [tracks[0] ?? ''])).toEqual([]);

    // One of three dies: whoever was in the call has to begin anew.
    const [worker = 0] = listWorkers();
    process.kill(worker, 'SIGKILL');
    await until('the call is lost', () => sfu.of('call_lost').length === 1);
    await Promise.all(names.map(async (name) => open(name)));
    expect(sfu.tracks(CALL)).toEqual([]);
  });
});

describe('a worker that is not there yet', () => {
  let directory: string;
  let file: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'visavis-sfu-'));
    file = join(directory, 'status.json');
    sfu = createSfu({ source: { kind: 'status', file } });
  });
  afterEach(async () => rm(directory, { recursive: true }));

  test('is waited for, and taken into use when it comes', async () => {
    expect(sfu.state()).toEqual({ name: 'preparing', done: null, total: null });
    expect(await refusal(open('ana'))).toBe('MEDIA_UNAVAILABLE');
    await writeFile(file, '{"state":"prep');
    await writeFile(file, JSON.stringify({ state: 'preparing', done: 3, total: 259 }));
    await until('its progress is seen', () => sfu.of('state_changed').length === 1);
    expect(sfu.state()).toEqual({ name: 'preparing', done: 3, total: 259 });
    await writeFile(file, JSON.stringify({ state: 'unavailable', reason: 'No compiler.' }));
    await until('its lack is seen', () => sfu.state().name === 'unavailable');
    expect(sfu.state()).toEqual({ name: 'unavailable', reason: 'No compiler.' });
    await writeFile(file, JSON.stringify({ state: 'ready', bin: mediaWorker() }));
    await until('it is ready', () => sfu.state().name === 'ready');
    await open('ana');
  });
});

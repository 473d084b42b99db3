import { describe, expect, test, vi } from 'vitest';
import { scaleFor } from '../../src/media/direct/encodings.ts';
import { createIceServers } from '../../src/media/direct/iceServers.ts';
import { hasMissedDirect, pathOf } from '../../src/media/direct/path.ts';
import { withSoundAskedAgain } from '../../src/media/direct/soundAskedAgain.ts';
import { withStartBitrate } from '../../src/media/direct/startBitrate.ts';
import { loudnessOf } from '../../src/media/levels/loudness.ts';
import { realTimers } from '../../src/timers.ts';

test('a picture is never sent larger than 1280×720, whichever way up', () => {
  expect(scaleFor({ width: 1_280, height: 720 }, 720)).toBe(1);
  expect(scaleFor({ width: 1_920, height: 1_080 }, 720)).toBe(1.5);
  expect(scaleFor({ width: 1_080, height: 1_920 }, 720)).toBe(1.5);
  expect(scaleFor({ width: 1_600, height: 1_200 }, 720)).toBeCloseTo(1_200 / 720);
  expect(scaleFor({ width: 640, height: 480 }, 720)).toBe(1);
  expect(scaleFor({}, 720)).toBe(1);
  expect(scaleFor({ width: 720, height: 1_280 }, 180)).toBe(4);
});

test('loudness is logarithmic between silence and full scale', () => {
  expect(loudnessOf(0)).toBe(0);
  expect(loudnessOf(0.0005)).toBe(0);
  expect(loudnessOf(0.1)).toBeCloseTo(2 / 3);
  expect(loudnessOf(1)).toBe(1);
  expect(loudnessOf(3)).toBe(1);
});

const candidates = (pairType: string, remoteType: string) => [
  { id: 'L', type: 'local-candidate', candidateType: pairType },
  { id: 'R', type: 'remote-candidate', candidateType: remoteType },
];
const pair = { id: 'P', type: 'candidate-pair', localCandidateId: 'L', remoteCandidateId: 'R' };
const report = (
  list: readonly ({ readonly id: string } & Readonly<Record<string, unknown>>)[],
): RTCStatsReport => new Map(list.map((entry) => [entry.id, entry]));

describe('the path in use', () => {
  test('is told by the transport or by the pair', () => {
    const transport = { id: 'T', type: 'transport', selectedCandidatePairId: 'P' };
    expect(pathOf(report([transport, pair, ...candidates('host', 'srflx')]))).toBe('direct');
    expect(pathOf(report([{ ...pair, selected: true }, ...candidates('host', 'host')]))).toBe('direct');
  });
  test('is relayed if either end is', () => {
    const transport = { id: 'T', type: 'transport', selectedCandidatePairId: 'P' };
    expect(pathOf(report([transport, pair, ...candidates('relay', 'host')]))).toBe('relayed');
    expect(pathOf(report([transport, pair, ...candidates('host', 'relay')]))).toBe('relayed');
  });
  test('is not known without a pair', () => {
    expect(pathOf(report([pair, ...candidates('host', 'host')]))).toBeNull();
  });
});

const other = (state: string, responsesReceived: number) => ({
  id: 'P2',
  type: 'candidate-pair',
  localCandidateId: 'L2',
  remoteCandidateId: 'R2',
  state,
  responsesReceived,
});

describe('NEG4 a direct path is missed', () => {
  const transport = { id: 'T', type: 'transport', selectedCandidatePairId: 'P' };
  const ends = [
    { id: 'L2', type: 'local-candidate', candidateType: 'srflx' },
    { id: 'R2', type: 'remote-candidate', candidateType: 'prflx' },
  ];
  test('where one has answered and the call goes through a relay all the same', () => {
    const relayed = [transport, { ...pair, state: 'succeeded' }, ...candidates('srflx', 'relay'), ...ends];
    expect(hasMissedDirect(report([...relayed, other('succeeded', 3)]))).toBe(true);
    expect(hasMissedDirect(report([...relayed, other('succeeded', 0)]))).toBe(false);
    expect(hasMissedDirect(report([...relayed, other('failed', 3)]))).toBe(false);
    expect(hasMissedDirect(report(relayed))).toBe(false);
  });
  test('not in a call that is direct', () => {
    const direct = [transport, pair, ...candidates('host', 'host'), ...ends, other('succeeded', 3)];
    expect(hasMissedDirect(report(direct))).toBe(false);
  });
});

describe('ICE servers', () => {
  const turn: RTCIceServer[] = [{ urls: ['stun:a.example', 'turn:b.example'] }];

  test('are asked for once and again when the credentials grow old', async () => {
    vi.useFakeTimers();
    const load = vi.fn(() => Promise.resolve(turn));
    const servers = createIceServers(load, realTimers);
    expect(await servers.get()).toEqual(turn);
    expect(servers.hasRelay()).toBe(true);
    await servers.get();
    expect(load).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(6 * 60_000);
    await servers.get();
    expect(load).toHaveBeenCalledTimes(2);
    vi.useRealTimers();
  });

  test('NEG4 are asked for before each ICE restart, however fresh they are', async () => {
    let asked = 0;
    const load = (): Promise<RTCIceServer[]> => {
      asked += 1;
      return Promise.resolve([{ urls: 'turn:a.example', credential: String(asked) }]);
    };
    const servers = createIceServers(load, realTimers);
    expect((await servers.get())[0]?.credential).toBe('1');
    expect((await servers.get())[0]?.credential).toBe('1');
    expect((await servers.renew())[0]?.credential).toBe('2');
    expect((await servers.renew())[0]?.credential).toBe('3');
    expect((await servers.get())[0]?.credential).toBe('3');
  });

  test('NEG4 that hang on a network that is gone delay a restart by 0.3 s, and are asked for again', async () => {
    vi.useFakeTimers();
    const answers = [Promise.resolve(turn), new Promise<never>(() => {}), Promise.resolve([])];
    const servers = createIceServers(() => answers.shift() ?? Promise.reject(new Error('no')), realTimers);
    await servers.get();
    let renewed: readonly RTCIceServer[] | null = null;
    void servers.renew().then((list) => {
      renewed = list;
    });
    await vi.advanceTimersByTimeAsync(299);
    expect(renewed).toBeNull();
    await vi.advanceTimersByTimeAsync(1);
    expect(renewed).toEqual(turn);
    expect(await servers.renew()).toEqual([]);
    vi.useRealTimers();
  });

  test('that do not come in time, or at all, keep nobody waiting', async () => {
    vi.useFakeTimers();
    const silent = createIceServers(() => new Promise(() => {}), realTimers);
    const waiting = silent.get();
    await vi.advanceTimersByTimeAsync(1_500);
    expect(await waiting).toEqual([]);
    vi.useRealTimers();
    const refused = createIceServers(() => Promise.reject(new Error('no')), realTimers);
    expect(await refused.get()).toEqual([]);
    expect(refused.hasRelay()).toBe(false);
  });
});

test('the first bitrate is added to each video codec once, with or without format parameters', () => {
  const lines = [
    'm=audio 9 UDP/TLS/RTP/SAVPF 111',
    'a=rtpmap:111 opus/48000/2',
    'a=fmtp:111 minptime=10;useinbandfec=1',
    'm=video 9 UDP/TLS/RTP/SAVPF 96 97 98',
    'a=rtpmap:96 VP8/90000',
    'a=rtpmap:97 rtx/90000',
    'a=fmtp:97 apt=96',
    'a=rtpmap:98 VP9/90000',
    'a=fmtp:98 profile-id=0',
    '',
  ];
  const expected = lines.flatMap((line) => {
    if (line === 'a=rtpmap:96 VP8/90000') return [line, 'a=fmtp:96 x-google-start-bitrate=1000'];
    return [line === 'a=fmtp:98 profile-id=0' ? `${line};x-google-start-bitrate=1000` : line];
  });
  expect(withStartBitrate(lines.join('\r\n'))).toBe(expected.join('\r\n'));
});

test('lost sound may be asked for again, and what is there already is not said twice', () => {
  const opus = ['a=rtpmap:111 opus/48000/2', 'a=rtcp-fb:111 transport-cc', 'a=rtpmap:96 VP8/90000', ''];
  const expected = [opus[0], 'a=rtcp-fb:111 nack', ...opus.slice(1)].join('\r\n');
  expect(withSoundAskedAgain(opus.join('\r\n'))).toBe(expected);
  expect(withSoundAskedAgain(expected)).toBe(expected);
  expect(withSoundAskedAgain('a=rtpmap:96 VP8/90000\r\n')).toBe('a=rtpmap:96 VP8/90000\r\n');
});

import { toGroupCallId, type CallSnapshot, type GroupView, type QualityLevel } from '@visavis/protocol';
import { describe, expect, it } from 'vitest';
import { MOST_POINTS } from '../../src/quality/points.ts';
import { DEFAULT_QUALITY } from '../../src/quality/index.ts';
import { BEN, CALL, createDeviceBench, OWN_DEVICE, REMOTE, snapshot } from './bench.ts';

type Bench = ReturnType<typeof createDeviceBench>;
const OWN = { ...REMOTE.mediaState, paused: false, lowData: false };
const DIRECT: CallSnapshot = snapshot({
  state: 'connected',
  connectedAt: 1,
  remote: REMOTE,
  mediaState: OWN,
});

/** A call of 100 packets a second each way, of which a share is lost, and with so many bytes a second. */
const reports = (loss: number, bytes = 100_000) => {
  let seconds = 0;
  return (): RTCStatsReport => {
    seconds += 1;
    const sent = seconds * 100;
    const lost = Math.round(sent * loss);
    return new Map<string, unknown>([
      [
        'T',
        { type: 'transport', selectedCandidatePairId: 'P', bytesSent: seconds * bytes, bytesReceived: 0 },
      ],
      [
        'P',
        { type: 'candidate-pair', localCandidateId: 'L', remoteCandidateId: 'R', currentRoundTripTime: 0.04 },
      ],
      ['L', { type: 'local-candidate', candidateType: 'host', protocol: 'udp' }],
      ['R', { type: 'remote-candidate', candidateType: 'host', protocol: 'udp' }],
      ['O', { type: 'outbound-rtp', kind: 'video', bytesSent: seconds * bytes, packetsSent: sent }],
      ['S', { type: 'remote-inbound-rtp', kind: 'video', packetsLost: lost }],
      [
        'I',
        {
          type: 'inbound-rtp',
          kind: 'video',
          packetsReceived: sent - lost,
          packetsLost: lost,
          bytesReceived: 0,
        },
      ],
    ]);
  };
};

async function pass(bench: Bench, seconds: number, report: () => RTCStatsReport): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    for (const media of [...bench.medias, ...bench.forwardeds]) media.report = report();
    bench.timers.advance(1_000);
    await new Promise(setImmediate);
  }
}
const told = (bench: Bench) =>
  bench.requests.flatMap(({ request }) => (request.type === 'update_media' ? [request.payload] : []));
const quality = (bench: Bench) => bench.device.getView().calls[0]?.quality;
const keyOf = (bench: Bench): string => bench.device.getView().calls[0]?.call.key ?? '';

function joined(call = DIRECT): Bench {
  const bench = createDeviceBench();
  bench.register([call]);
  return bench;
}
const say = (bench: Bench, change: { readonly line?: QualityLevel; readonly pictures?: number }): void =>
  bench.say({
    type: 'media_changed',
    callId: CALL,
    payload: { deviceId: REMOTE.deviceId, mediaState: { ...OWN, ...change } },
  });
const group = (lines: readonly QualityLevel[]): CallSnapshot => {
  const view: GroupView = {
    title: null,
    savedGroupId: null,
    grewFrom: null,
    hostId: BEN.userId,
    locked: false,
    people: [{ user: BEN, guest: false, status: 'joined' }],
    participants: lines.map((line, index) => ({
      ...REMOTE,
      deviceId: index === 0 ? OWN_DEVICE : `00000000-0000-4000-8000-00000000000${index}`,
      mediaState: { ...OWN, line },
    })),
  };
  return { ...DIRECT, callId: toGroupCallId(CALL), remote: null, group: view };
};

describe('CALL6 whose side it is', () => {
  it('CALL6 a device whose way to the server is bad, too, says that it is its own line, and when it is mended', async () => {
    const bench = joined();
    await pass(bench, 8, reports(0));
    expect(quality(bench)?.mark).toEqual({ level: 'good', side: null });
    expect(told(bench).every(({ line }) => line === undefined || line === 'good')).toBe(true);
    bench.server.answersAfterMs = 350;
    await pass(bench, 12, reports(0.1));
    expect(quality(bench)?.mark).toEqual({ level: 'poor', side: 'own' });
    expect(told(bench).at(-1)).toMatchObject({ line: 'poor' });
    bench.server.answersAfterMs = 20;
    await pass(bench, 40, reports(0));
    expect(quality(bench)?.mark).toEqual({ level: 'good', side: null });
    expect(told(bench).at(-1)).toMatchObject({ line: 'good' });
  });

  it('CALL6 the other device is told, and finds no fault with itself', async () => {
    const bench = joined();
    say(bench, { line: 'poor' });
    await pass(bench, 12, reports(0.1));
    expect(quality(bench)?.mark).toEqual({ level: 'poor', side: 'other' });
    expect(told(bench).every(({ line }) => line === undefined || line === 'good')).toBe(true);
  });

  it('CALL6 in a group what is sent and lost is lost here; the own device is none of the others', async () => {
    const bench = joined(group(['poor', 'good', 'good']));
    await pass(bench, 10, reports(0.1));
    expect(quality(bench)?.mark).toEqual({ level: 'poor', side: 'own' });
  });

  it('CALL6 the server is asked at every fourth look where all is well, and does not have to answer', async () => {
    const bench = joined();
    bench.server.answersAfterMs = null;
    await pass(bench, 30, reports(0));
    expect(quality(bench)?.mark.level).toBe('good');
  });
});

describe('CALL6 pictures that are not wanted', () => {
  it('CALL6 are asked of nobody: the other of two is told, and told again when they are', () => {
    const bench = joined();
    bench.device.hidePictures(keyOf(bench), true);
    expect(told(bench).at(-1)).toMatchObject({ pictures: 0 });
    expect(quality(bench)?.hidesPictures).toBe(true);
    // What is sent is the other's to decide.
    expect(bench.medias[0]?.limits?.camera).not.toBeNull();
    bench.device.hidePictures(keyOf(bench), false);
    expect(told(bench).at(-1)?.pictures).toBeGreaterThan(2_000_000);
  });

  it('CALL6 are not sent to who wants none, and nobody is told that a line is weak', async () => {
    const bench = joined();
    say(bench, { pictures: 0 });
    expect(bench.medias[0]?.limits?.camera).toBeNull();
    await pass(bench, 10, reports(0));
    expect(quality(bench)?.isPaused).toBe(false);
    say(bench, { pictures: 250_000 });
    expect(bench.medias[0]?.limits?.camera).toMatchObject({ bitrate: 250_000, lines: 180 });
  });

  it('GRP4 are asked of no media server, which has all the sound to give', () => {
    const bench = joined(group(['good', 'good']));
    bench.device.hidePictures(keyOf(bench), true);
    expect(bench.forwardeds[0]?.quality).toMatchObject({ wishes: { pictures: 0 } });
    expect(bench.forwardeds[0]?.quality?.limits.camera).not.toBeNull();
  });
});

describe('the budget of a call', () => {
  it('makes pictures smaller both ways, turns the camera off near its end once, and says so', async () => {
    const bench = joined();
    bench.device.setQuality({ ...DEFAULT_QUALITY, budgetMb: 20 });
    const used = reports(0, 200_000);
    await pass(bench, 2, used);
    expect(told(bench).at(-1)).toMatchObject({ pictures: 85_000, camera: true });
    expect(bench.medias[0]?.limits?.camera).toMatchObject({ bitrate: 85_000 });
    await pass(bench, 90, used);
    expect(quality(bench)?.budget).toMatchObject({ megabytes: 20, state: 'sound' });
    expect(told(bench).at(-1)).toMatchObject({ pictures: 0, camera: false });
    bench.device.setCamera(keyOf(bench), true);
    await pass(bench, 2, used);
    expect(told(bench).at(-1)).toMatchObject({ camera: true });
    await pass(bench, 15, used);
    expect(quality(bench)?.budget?.state).toBe('spent');
    bench.device.setQuality(DEFAULT_QUALITY);
    expect(quality(bench)?.budget).toBeNull();
    expect(bench.medias[0]?.limits?.camera).toMatchObject({ lines: 720 });
  });
});

describe('HIST3 what is kept of a call', () => {
  it('HIST3 is told once, when it is over, by this device for itself', async () => {
    const bench = joined();
    await pass(bench, 20, reports(0.1));
    expect(bench.summaries).toEqual([]);
    bench.device.hangUp(keyOf(bench));
    await pass(bench, 3, reports(0));
    expect(bench.summaries).toMatchObject([{ callId: CALL, quality: { seconds: 20, roundTripMs: 40 } }]);
    const { quality: kept } = bench.summaries[0] ?? {};
    expect(kept?.sentLoss).toBeCloseTo(0.1, 1);
    expect((kept?.poorSeconds ?? 0) + (kept?.fairSeconds ?? 0)).toBeGreaterThan(10);
  });

  it('HIST3 is nothing where nothing was known', async () => {
    const bench = joined();
    bench.timers.advance(5_000);
    await new Promise(setImmediate);
    bench.device.hangUp(keyOf(bench));
    expect(bench.summaries).toEqual([]);
  });
});

const absurd = (value: unknown): RTCStatsReport =>
  new Map<string, unknown>([
    ['T', { type: 'transport', selectedCandidatePairId: 'P', bytesSent: value, bytesReceived: value }],
    ['P', { type: 'candidate-pair', currentRoundTripTime: value, availableOutgoingBitrate: value }],
    [
      'O',
      { type: 'outbound-rtp', kind: 'video', packetsSent: value, bytesSent: value, framesPerSecond: value },
    ],
    ['S', { type: 'remote-inbound-rtp', packetsLost: value, roundTripTime: value }],
    ['I', { type: 'inbound-rtp', packetsReceived: value, packetsLost: value, jitter: value }],
    ['X', value],
  ]);

describe('figures that are missing or absurd', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1e300, 1e300, 'many', null, {}])(
    'such as %s never break a call',
    async (value) => {
      const bench = joined();
      bench.device.setQuality({ ...DEFAULT_QUALITY, budgetMb: 20 });
      await pass(bench, 10, () => absurd(value));
      await pass(bench, 5, () => new Map());
      expect(bench.phases()).toEqual(['joined']);
      expect(bench.device.getPoints(keyOf(bench)).length).toBe(15);
      bench.device.hangUp(keyOf(bench));
      for (const { quality: kept } of bench.summaries) expect(kept.seconds).toBe(15);
    },
  );

  it('are no reason not to look again', async () => {
    const bench = joined();
    class Broken extends Map<string, unknown> {
      override forEach(): void {
        throw new Error('no figures');
      }
    }
    await pass(bench, 3, () => new Broken());
    expect(bench.device.getStatistics(keyOf(bench))).toBeNull();
    await pass(bench, 3, reports(0));
    expect(bench.device.getStatistics(keyOf(bench))?.roundTripMs).toBe(40);
  });

  it('are kept for three minutes and no longer, however long the call is', async () => {
    const bench = joined();
    await pass(bench, MOST_POINTS + 40, reports(0));
    const points = bench.device.getPoints(keyOf(bench));
    expect(points.length).toBe(MOST_POINTS);
    expect((points.at(-1)?.atMs ?? 0) - (points[0]?.atMs ?? 0)).toBe((MOST_POINTS - 1) * 1_000);
  });
});

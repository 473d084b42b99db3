import { toGroupCallId, type CallSnapshot, type GroupView } from '@visavis/protocol';
import { describe, expect, it } from 'vitest';
import { DEFAULT_QUALITY } from '../../src/quality/index.ts';
import { BEN, CALL, createDeviceBench, REMOTE, snapshot } from './bench.ts';

const report = (availableOutgoingBitrate: number): RTCStatsReport =>
  new Map<string, unknown>([
    ['T', { id: 'T', type: 'transport', selectedCandidatePairId: 'P', bytesSent: 0, bytesReceived: 0 }],
    ['P', { id: 'P', type: 'candidate-pair', localCandidateId: 'L', availableOutgoingBitrate }],
  ]);

/** Packets each way since the connection began, and how many of them were lost. */
const lossy = (packets: number, lost: number): RTCStatsReport =>
  new Map<string, unknown>([
    ['P', { id: 'P', type: 'candidate-pair', selected: true, currentRoundTripTime: 0.05 }],
    [
      'I',
      { id: 'I', type: 'inbound-rtp', kind: 'audio', packetsReceived: packets - lost, packetsLost: lost },
    ],
    ['O', { id: 'O', type: 'outbound-rtp', kind: 'audio', packetsSent: packets }],
    ['R', { id: 'R', type: 'remote-inbound-rtp', kind: 'audio', packetsLost: lost }],
  ]);

const OWN = { ...REMOTE.mediaState, paused: false, lowData: false };
const DIRECT: CallSnapshot = snapshot({
  state: 'connected',
  connectedAt: 1,
  remote: REMOTE,
  mediaState: OWN,
});

const GROUP: GroupView = {
  title: null,
  savedGroupId: null,
  grewFrom: null,
  hostId: BEN.userId,
  locked: false,
  people: [{ user: BEN, guest: false, status: 'joined' }],
  participants: [REMOTE],
};

type Bench = ReturnType<typeof createDeviceBench>;
/** Looks are once a second, and what the browser says comes later. */
async function pass(bench: Bench, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    bench.timers.advance(1_000);
    await new Promise(setImmediate);
  }
}
const told = (bench: Bench) =>
  bench.requests.flatMap(({ request }) => (request.type === 'update_media' ? [request.payload] : []));

function joined(call = DIRECT): Bench {
  const bench = createDeviceBench();
  bench.register([call]);
  return bench;
}

describe('what a call may cost', () => {
  it('CALL6 a line that is too weak for a picture carries sound alone, and both are told', async () => {
    const bench = joined();
    const media = bench.medias[0];
    if (media === undefined) throw new Error('no media');
    media.report = report(60_000);
    await pass(bench, 5);
    expect(media.limits?.camera).toBeNull();
    expect(told(bench).at(-1)).toMatchObject({ camera: true, paused: true });
    expect(bench.device.getView().calls[0]?.quality.isPaused).toBe(true);
    media.report = report(2_000_000);
    await pass(bench, 14);
    expect(media.limits?.camera).toMatchObject({ lines: 720 });
    expect(told(bench).at(-1)).toMatchObject({ camera: true, paused: false });
  });

  it('CALL6 after a reload a pause of before is over', async () => {
    const bench = joined({ ...DIRECT, mediaState: { ...OWN, paused: true } });
    await pass(bench, 1);
    expect(told(bench).at(-1)).toMatchObject({ paused: false });
  });

  it('CALL6 who saves data says so, sends little, and gets little from who talks with them', () => {
    const bench = joined();
    bench.device.setQuality({ ...DEFAULT_QUALITY, lowData: true });
    expect(told(bench).at(-1)).toMatchObject({ lowData: true });
    expect(bench.medias[0]?.limits?.camera).toMatchObject({ lines: 180 });
    bench.device.setQuality(DEFAULT_QUALITY);
    expect(bench.medias[0]?.limits?.camera).toMatchObject({ lines: 720 });
    const mediaState = { ...OWN, lowData: true };
    bench.say({ type: 'media_changed', callId: CALL, payload: { deviceId: REMOTE.deviceId, mediaState } });
    expect(bench.medias[0]?.limits?.camera).toMatchObject({ lines: 180 });
  });

  it('CALL6 in a group nobody sends less because somebody saves data, and who does asks for less', () => {
    const participants = [{ ...REMOTE, mediaState: { ...OWN, lowData: true } }];
    const group = { ...GROUP, participants };
    const bench = joined({ ...DIRECT, callId: toGroupCallId(CALL), remote: null, group });
    expect(bench.forwardeds[0]?.quality?.limits.camera).toMatchObject({ lines: 720 });
    bench.device.setQuality({ ...DEFAULT_QUALITY, lowData: true });
    expect(bench.forwardeds[0]?.quality).toMatchObject({
      wishes: { lowData: true },
      limits: { camera: { lines: 180 } },
    });
  });

  it.each([
    ['direct', DIRECT, (bench: Bench) => bench.medias[0]],
    [
      'group',
      { ...DIRECT, callId: toGroupCallId(CALL), remote: null, group: GROUP },
      (bench: Bench) => bench.forwardeds[0],
    ],
  ])('sound comes again, and waits, while a %s call loses packets', async (_, call, mediaOf) => {
    const bench = joined(call);
    const media = mediaOf(bench);
    if (media === undefined) throw new Error('no media');
    const now = () =>
      'quality' in media
        ? { repeats: media.quality?.limits.repeats, bufferMs: media.quality?.bufferMs ?? null }
        : { repeats: media.limits?.repeats, bufferMs: media.bufferMs };
    let [packets, lost] = [1_000, 0];
    const losing = async (share: number, count: number): Promise<void> => {
      for (let second = 0; second < count; second += 1) {
        packets += 100;
        lost += 100 * share;
        media.report = lossy(packets, lost);
        await pass(bench, 1);
      }
    };
    await losing(0, 3);
    expect(now()).toEqual({ repeats: 0, bufferMs: null });
    await losing(0.1, 12);
    expect(now()).toEqual({ repeats: 2, bufferMs: 160 });
    await losing(0, 80);
    expect(now()).toEqual({ repeats: 0, bufferMs: null });
  });

  it('says how a call is, once a second, and nothing after it', async () => {
    const bench = joined();
    const media = bench.medias[0];
    if (media === undefined) throw new Error('no media');
    media.report = report(900_000);
    const key = bench.device.getView().calls[0]?.call.key ?? '';
    expect(bench.device.getStatistics(key)).toBeNull();
    await pass(bench, 2);
    expect(bench.device.getStatistics(key)?.availableBitrate).toBe(900_000);
    bench.device.hangUp(key);
    expect(bench.device.getStatistics(key)).toBeNull();
  });
});

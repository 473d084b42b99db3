import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CryptoCounters } from '@visavis/encryption/messages';
import { variantsOf } from '../../src/media/sealed/codecs.ts';
import {
  type CryptoWorker,
  createSealedMedia,
  startCryptoWorker,
  withoutStrayFeedback,
} from '../../src/media/sealed/index.ts';

class FakeTransform {
  readonly worker: unknown;
  readonly options: unknown;
  constructor(worker: unknown, options: unknown) {
    this.worker = worker;
    this.options = options;
  }
}

interface FakeTransceiver {
  readonly sender: { transform: FakeTransform | null };
  readonly receiver: { transform: FakeTransform | null; readonly track: { readonly kind: string } };
  direction: string;
  codecs: string[];
  isStopped: boolean;
}

class FakePeer {
  readonly configuration: unknown;
  readonly transceivers: FakeTransceiver[] = [];
  constructor(configuration: unknown) {
    this.configuration = configuration;
  }
  addTransceiver(track: string | { readonly kind: string }, { direction }: RTCRtpTransceiverInit): unknown {
    const transceiver: FakeTransceiver = {
      sender: { transform: null },
      receiver: { transform: null, track: { kind: typeof track === 'string' ? track : track.kind } },
      direction: direction ?? '',
      codecs: [],
      isStopped: false,
    };
    this.transceivers.push(transceiver);
    return Object.assign(transceiver, {
      setCodecPreferences: (codecs: readonly { mimeType: string }[]) => {
        transceiver.codecs = codecs.map(({ mimeType }) => mimeType);
      },
      stop: () => {
        transceiver.isStopped = true;
      },
    });
  }
}

class FakeWorker extends EventTarget {
  readonly said: unknown[] = [];
  isTerminated = false;
  postMessage(message: unknown): void {
    this.said.push(message);
  }
  terminate(): void {
    this.isTerminated = true;
  }
  report(data: unknown): void {
    this.dispatchEvent(Object.assign(new Event('message'), { data }));
  }
}

const CODECS = ['video/VP8', 'video/rtx', 'video/VP9', 'video/H264', 'video/red', 'video/ulpfec'];
const AUDIO_CODECS = ['audio/opus', 'audio/red', 'audio/CN', 'audio/telephone-event'];

beforeEach(() => {
  vi.stubGlobal('RTCPeerConnection', FakePeer);
  vi.stubGlobal('RTCRtpScriptTransform', FakeTransform);
  vi.stubGlobal('RTCRtpReceiver', {
    getCapabilities: (kind: string) => ({
      codecs: (kind === 'video' ? CODECS : AUDIO_CODECS).map((mimeType) => ({ mimeType })),
    }),
  });
});
afterEach(() => vi.unstubAllGlobals());

function startWorker(): { fake: FakeWorker; worker: CryptoWorker; failures: () => number } {
  const fake = new FakeWorker();
  let failures = 0;
  const worker = startCryptoWorker({
    onFailed: () => {
      failures += 1;
    },
    createWorker: () => fake as unknown as Worker,
  });
  return { fake, worker, failures: () => failures };
}

const asPeer = (peer: FakePeer): RTCPeerConnection => peer as unknown as RTCPeerConnection;
const asFake = (peer: RTCPeerConnection): FakePeer => peer as unknown as FakePeer;

describe('the factory of sealed media', () => {
  const camera = { codec: 'vp8', slots: ['camera_low'], track: 'their camera' } as const;

  test('makes connections that send nothing without a transform, whatever else they are to be', () => {
    const { worker } = startWorker();
    const peer = createSealedMedia(worker).createPeer({ bundlePolicy: 'max-bundle' });
    expect(asFake(peer).configuration).toEqual({
      bundlePolicy: 'max-bundle',
      encodedInsertableStreams: true,
    });
    expect(createSealedMedia(worker).transportSettings).toEqual({ encodedInsertableStreams: true });
  });

  test('seals both ways before it gives a line away', () => {
    const { fake, worker } = startWorker();
    const media = createSealedMedia(worker);
    const peer = media.createPeer({});
    media.addLine(peer, null, camera, [{}]);
    const [line] = asFake(peer).transceivers;
    expect(line?.sender.transform).toEqual({
      worker: fake,
      options: { direction: 'send', codec: 'vp8', slots: ['camera_low'] },
    });
    expect(line?.receiver.transform?.options).toEqual({ direction: 'receive', track: 'their camera' });
    expect(line?.codecs).toEqual(['video/VP8', 'video/rtx', 'video/red', 'video/ulpfec']);
  });

  test('seals a line of the other side before it answers', () => {
    const media = createSealedMedia(startWorker().worker);
    const peer = media.createPeer({});
    const line = peer.addTransceiver('audio', { direction: 'recvonly' });
    media.takeLine(peer, line, { codec: 'opus', slots: ['microphone'], track: 'their voice' });
    expect(asFake(peer).transceivers[0]).toMatchObject({
      direction: 'sendrecv',
      codecs: ['audio/opus'],
      sender: { transform: { options: { direction: 'send', codec: 'opus', slots: ['microphone'] } } },
      receiver: { transform: { options: { direction: 'receive', track: 'their voice' } } },
    });
  });

  test('seals for good: no transform is taken away or changed, of a library’s senders either', () => {
    const media = createSealedMedia(startWorker().worker);
    const peer = media.createPeer({});
    const line = media.addLine(peer, null, camera, [{}]);
    const other = peer.addTransceiver('audio', { direction: 'sendrecv' });
    media.sealSender(other.sender, 'opus', ['microphone']);
    media.sealReceiver(other.receiver, 'their voice');
    for (const end of [line.sender, line.receiver, other.sender, other.receiver]) {
      const { transform } = end;
      expect(transform).toBeInstanceOf(FakeTransform);
      expect(() => {
        end.transform = null;
      }).toThrow(TypeError);
      expect(end.transform).toBe(transform);
    }
  });

  test('takes no connection that was made elsewhere', () => {
    const media = createSealedMedia(startWorker().worker);
    const peer = asPeer(new FakePeer({}));
    expect(() => media.addLine(peer, null, camera, [{}])).toThrow('not a sealed connection');
    const line = peer.addTransceiver('video', {});
    expect(() => media.takeLine(peer, line, camera)).toThrow('not a sealed connection');
    expect(asFake(peer).transceivers.map(({ sender }) => sender.transform)).toEqual([null]);
  });

  test('has cameras that go on begin with a key frame when the worker wants that and cannot ask', () => {
    const { fake, worker } = startWorker();
    const media = createSealedMedia(worker);
    const asked: string[] = [];
    const sender = (name: string, state: string): RTCRtpSender =>
      ({
        transport: { state },
        getParameters: () => ({ encodings: [{}] }),
        setParameters: () => Promise.resolve(void asked.push(name)),
      }) as unknown as RTCRtpSender;
    media.sealSender(sender('camera', 'connected'), 'vp8', ['camera_low']);
    media.sealSender(sender('former camera', 'closed'), 'vp8', ['camera_low']);
    media.sealSender(sender('microphone', 'connected'), 'opus', ['microphone']);
    expect(asked).toEqual([]);
    fake.report({ type: 'want_key_frames' });
    expect(asked).toEqual(['camera']);
  });

  test('stops a line that could not be sealed', () => {
    vi.stubGlobal('RTCRtpScriptTransform', function refuse() {
      throw new Error('no worker');
    });
    const media = createSealedMedia(startWorker().worker);
    const peer = media.createPeer({});
    expect(() => media.addLine(peer, null, camera, [{}])).toThrow('no worker');
    expect(asFake(peer).transceivers.map(({ isStopped }) => isStopped)).toEqual([true]);
  });

  test('makes no line for a codec that the browser lacks, nor for a track of another kind', () => {
    const media = createSealedMedia(startWorker().worker);
    const peer = media.createPeer({});
    expect(() => media.addLine(peer, null, { ...camera, codec: 'av1' }, [{}])).toThrow('no av1');
    const voice = { kind: 'audio' } as unknown as MediaStreamTrack;
    expect(() => media.addLine(peer, voice, camera, [{}])).toThrow('another kind');
    expect(asFake(peer).transceivers).toEqual([]);
  });

  test.each([
    ['opus', AUDIO_CODECS, ['audio/opus']],
    ['vp9', CODECS, ['video/VP9', 'video/rtx', 'video/red', 'video/ulpfec']],
    ['av1', CODECS, []],
  ] as const)('of %s nothing is negotiated but what can be encrypted', (codec, all, expected) => {
    const variants = variantsOf(
      codec,
      all.map((mimeType) => ({ mimeType })),
    );
    expect(variants.map(({ mimeType }) => mimeType)).toEqual(expected);
  });
});

/** A description whose second media line has these lines. */
const lines = (video: readonly string[]): string =>
  [
    'v=0',
    'm=audio 9 UDP/TLS/RTP/SAVPF 109',
    'a=rtcp-fb:109 transport-cc',
    'm=video 0 UDP/TLS/RTP/SAVPF 120 124',
    ...video,
    '',
  ].join('\r\n');

test('feedback of codecs that were taken out is not in a description, and the rest is as it was', () => {
  const kept = ['a=rtcp-fb:120 nack pli', 'a=rtcp-fb:* ccm fir', 'a=rtpmap:120 VP8/90000'];
  const stray = ['a=rtcp-fb:121 nack', 'a=rtcp-fb:109 nack', 'a=rtcp-fb:12 nack'];
  expect(withoutStrayFeedback(lines([...stray, ...kept]))).toBe(lines(kept));
  expect(withoutStrayFeedback(lines(kept))).toBe(lines(kept));
});

describe('the handle of a crypto worker', () => {
  const counters: CryptoCounters = {
    sent: [
      {
        slot: 'data',
        frames: 2,
        keyFrames: 0,
        addedBytes: 40,
        mostAddedBytes: 20,
        repeatedBytes: 0,
        refused: { no_key: 1 },
      },
    ],
    received: [{ track: 'theirs', frames: 3, keyFrames: 1, repaired: 0, dropped: {} }],
    messages: { wrong_epoch: 1 },
  };

  test('gives each who asks their answer', async () => {
    const { fake, worker } = startWorker();
    const [first, second] = [worker.getCounters(), worker.getCounters()];
    fake.report({ type: 'counters', request: 2, counters });
    fake.report({ type: 'counters', request: 1, counters: { sent: [], received: [], messages: {} } });
    expect(await second).toEqual(counters);
    expect(await first).toEqual({ sent: [], received: [], messages: {} });
  });

  test.each([
    ['an error', (fake: FakeWorker) => fake.dispatchEvent(new Event('error'))],
    ['a message that cannot be read', (fake: FakeWorker) => fake.dispatchEvent(new Event('messageerror'))],
    ['a message that is none', (fake: FakeWorker) => fake.report({ type: 'key', bytes: [1, 2] })],
    ['a refusal', (fake: FakeWorker) => fake.report({ type: 'refused', what: 'transform' })],
    [
      'counters that are none',
      (fake: FakeWorker) =>
        fake.report({ type: 'counters', request: 1, counters: { sent: [{}], received: [] } }),
    ],
  ])('%s ends the worker for good, and its owner is told once', async (_, happen) => {
    const { fake, worker, failures } = startWorker();
    const asked = worker.getCounters();
    happen(fake);
    happen(fake);
    await expect(asked).rejects.toThrow('has ended');
    await expect(worker.getCounters()).rejects.toThrow('has ended');
    expect([fake.isTerminated, failures()]).toEqual([true, 1]);
  });

  test('closing is no failure, and tells the worker first', () => {
    const { fake, worker, failures } = startWorker();
    worker.bindTrack('theirs', { device: 'other', slots: ['data'], codec: 'data' });
    worker.close();
    worker.removeTrack('theirs');
    fake.dispatchEvent(new Event('error'));
    expect(fake.said).toEqual([
      { type: 'bind_track', track: 'theirs', device: 'other', slots: ['data'], codec: 'data' },
      { type: 'close' },
    ]);
    expect([fake.isTerminated, failures()]).toEqual([true, 0]);
  });
});

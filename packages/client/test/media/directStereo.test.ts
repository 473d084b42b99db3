import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPeerLink, type ConnectionEvents } from '../../src/media/direct/connection.ts';
import { withStereo } from '../../src/media/direct/stereo.ts';
import type { SealedMedia } from '../../src/media/sealed/index.ts';
import { createVirtualTimers } from '../virtualTimers.ts';

const sdpWith = (...parameters: readonly string[]): string =>
  [
    'm=audio 9 UDP/TLS/RTP/SAVPF 111 96',
    'a=rtpmap:111 opus/48000/2',
    ...parameters.map((each) => `a=fmtp:111 ${each}`),
    'a=rtpmap:96 VP8/90000',
    'a=fmtp:96 x=1',
    '',
  ].join('\r\n');
const PLAIN = 'minptime=10;useinbandfec=1';

describe('Opus in a description', () => {
  it.each([
    [true, PLAIN, `${PLAIN};stereo=1`],
    [true, 'stereo=0;minptime=10', 'minptime=10;stereo=1'],
    [true, 'stereo=1;minptime=10', 'stereo=1;minptime=10'],
    [false, PLAIN, PLAIN],
    [false, 'minptime=10;stereo=1; sprop-stereo=1', 'minptime=10; sprop-stereo=1'],
    [false, 'stereo=1', 'stereo=0'],
  ])('in two channels, %s: %s → %s', (isStereo, before, after) => {
    expect(withStereo(sdpWith(before), isStereo)).toBe(sdpWith(after));
  });

  it('without parameters gets some where it needs them, and a description without it stays as it is', () => {
    expect(withStereo(sdpWith(), true)).toBe(sdpWith('stereo=1'));
    expect(withStereo(sdpWith(), false)).toBe(sdpWith());
    expect(withStereo('a=rtpmap:96 VP8/90000\r\n', true)).toBe('a=rtpmap:96 VP8/90000\r\n');
  });
});

/** A browser's connection, of which only the descriptions are looked at. */
class FakePeer extends EventTarget {
  readonly iceConnectionState = 'new';
  readonly connectionState = 'new';
  readonly iceGatheringState = 'complete';
  localDescription: RTCSessionDescriptionInit | null = null;
  /** Descriptions are taken as they were made, or not at all. */
  isStrict = false;
  readonly remote: string[] = [];
  createOffer = () => Promise.resolve({ type: 'offer', sdp: sdpWith(PLAIN) });
  createAnswer = () => Promise.resolve({ type: 'answer', sdp: sdpWith(PLAIN) });
  setLocalDescription(description: RTCSessionDescriptionInit): Promise<void> {
    if (this.isStrict && description.sdp !== sdpWith(PLAIN)) return Promise.reject(new Error('modified'));
    this.localDescription = description;
    return Promise.resolve();
  }
  setRemoteDescription({ sdp = '' }: RTCSessionDescriptionInit): Promise<void> {
    this.remote.push(sdp);
    return Promise.resolve();
  }
  getTransceivers = () => [];
  close(): void {}
}

const microphone = (channelCount: number, readyState = 'live'): MediaStreamTrack =>
  ({
    kind: 'audio',
    readyState,
    getSettings: () => ({
      channelCount,
      echoCancellation: false,
      noiseSuppression: false,
      autoGainControl: false,
    }),
  }) as unknown as MediaStreamTrack;

function connect(audio: MediaStreamTrack | null, polite = false) {
  const peer = new FakePeer();
  const timers = createVirtualTimers();
  const told: string[] = [];
  const sender = {
    track: null,
    replaceTrack: () => Promise.resolve(),
    getParameters: () => ({ encodings: [] }),
  };
  const receiver = { track: new EventTarget(), jitterBufferTarget: null };
  const events: ConnectionEvents = {
    handleOfferMade: (sdp) => void told.push(`offer ${channelsOf(sdp)}`),
    handleAnswerMade: (sdp) => void told.push(`answer ${channelsOf(sdp)}`),
    handleAnswerApplied: () => void told.push('applied'),
    handleFailed: () => void told.push('failed'),
    handleRefused: () => void told.push('refused'),
    handleCandidate: () => {},
    handlePath: () => {},
    handleRemoteStream: () => {},
    handleArrival: () => {},
    handleOtherChannels: () => void told.push('other channels'),
  };
  const sealed = { addLine: () => ({ sender, receiver }), takeLine: () => {} } as unknown as SealedMedia;
  const link = createPeerLink(
    sealed,
    peer as unknown as RTCPeerConnection,
    { audio, video: null },
    events,
    timers,
    {
      transports: { sign: () => Promise.resolve(null), check: () => Promise.resolve(true) },
      polite,
    },
  );
  /** Waits for candidates as long as an answer does. */
  const pass = async (): Promise<void> => {
    await settle();
    timers.advance(1_000);
    await settle();
  };
  return { peer, told, link, pass };
}
const channelsOf = (sdp: string | undefined): 1 | 2 => (sdp?.includes('stereo=1') === true ? 2 : 1);
async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}

describe('a direct call in two channels', () => {
  beforeEach(() => vi.stubGlobal('MediaStream', EventTarget));
  afterEach(() => vi.unstubAllGlobals());

  it('plays two, and sends as many as its microphone has, whatever the other says of itself', async () => {
    for (const channels of [1, 2] as const) {
      const { peer, told, link } = connect(microphone(channels));
      link.makeOffer('plain', null);
      await settle();
      link.applyAnswer(sdpWith(`${PLAIN};stereo=1`), undefined);
      await settle();
      expect(told).toEqual(['offer 2', 'applied']);
      expect(channelsOf(peer.localDescription?.sdp)).toBe(2);
      expect(peer.remote.map(channelsOf)).toEqual([channels]);
    }
  });

  it('whoever answers does so, too', async () => {
    const { peer, told, link, pass } = connect(microphone(2), true);
    link.answerOffer(sdpWith(PLAIN), undefined);
    await pass();
    expect([told, peer.remote.map(channelsOf)]).toEqual([['answer 2'], [2]]);
  });

  it('asks once for another description when the microphone has other channels, and for none when it ends', async () => {
    const { peer, told, link } = connect(microphone(1));
    link.makeOffer('plain', null);
    await settle();
    link.applyAnswer(sdpWith(PLAIN), undefined);
    await settle();
    told.length = 0;
    const music = microphone(2);
    for (let time = 0; time < 3; time += 1) link.setTracks({ audio: music, video: null });
    expect(told).toEqual(['other channels']);
    link.makeOffer('plain', null);
    await settle();
    link.applyAnswer(sdpWith(PLAIN), undefined);
    await settle();
    expect(peer.remote.map(channelsOf)).toEqual([1, 2]);
    link.setTracks({ audio: microphone(1, 'ended'), video: null });
    link.setTracks({ audio: null, video: null });
    expect(told.filter((each) => each === 'other channels')).toHaveLength(1);
  });

  it('a microphone that was opened while the answer was made is followed right after it', async () => {
    const { told, link, pass } = connect(null, true);
    link.answerOffer(sdpWith(PLAIN), undefined);
    await settle();
    link.setTracks({ audio: microphone(2), video: null });
    expect(told).toEqual([]);
    await pass();
    expect(told).toEqual(['answer 2', 'other channels']);
  });

  it('where a browser takes no description but its own, the call is made with that', async () => {
    const { peer, told, link } = connect(microphone(2));
    peer.isStrict = true;
    link.makeOffer('plain', null);
    await settle();
    expect(told).toEqual(['offer 1']);
  });
});

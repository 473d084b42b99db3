import type { OfferKind, PathState } from '@visavis/call';
import { pathStateOf } from '@visavis/call';
import type { Candidate, TransportProof } from '@visavis/protocol';
import type { Timers } from '../../timers.ts';
import { type SendingLimits, WHOLE_LIMITS } from '../../quality/index.ts';
import { isStereo } from '../forwarded/encodings.ts';
import { applyEncodings } from './encodings.ts';
import { ownCandidates } from './gathering.ts';
import { type SealedMedia, withoutStrayFeedback } from '../sealed/index.ts';
import { makeLines, sendTracks, takeLines, type Lines } from './lines.ts';
import { withSoundAskedAgain } from './soundAskedAgain.ts';
import { withStartBitrate } from './startBitrate.ts';
import { setLocalDescription, withStereo } from './stereo.ts';
import type { LocalTracks } from './types.ts';
import type { Transports } from './transports.ts';

/** What one peer connection tells its owner. Nothing comes after `close`. */
export interface ConnectionEvents {
  readonly handleOfferMade: (sdp: string, proof: TransportProof | undefined) => void;
  readonly handleAnswerMade: (sdp: string, proof: TransportProof | undefined) => void;
  readonly handleAnswerApplied: () => void;
  readonly handleFailed: () => void;
  /** NEG6: a description is not the other device's. The browser has not got it. */
  readonly handleRefused: () => void;
  /** `isDescribed`: it stands in the description that is about to be made. */
  readonly handleCandidate: (candidate: Omit<Candidate, 'connectionId'>, isDescribed: boolean) => void;
  readonly handlePath: (path: PathState) => void;
  /** The first remote description is in force: there is a stream to show. */
  readonly handleRemoteStream: (stream: MediaStream) => void;
  /** A picture or sound has arrived for the first time. */
  readonly handleArrival: () => void;
  /** The microphone has another number of channels than was negotiated. */
  readonly handleOtherChannels: () => void;
}

/** One peer connection, doing what the negotiation says. Nothing is decided here. */
export interface PeerLink {
  /** `configuration`: newer ICE servers, for a restart. */
  makeOffer(kind: OfferKind, configuration: RTCConfiguration | null): void;
  answerOffer(sdp: string, proof: TransportProof | undefined): void;
  applyAnswer(sdp: string, proof: TransportProof | undefined): void;
  addCandidate(candidate: Candidate): void;
  setTracks(tracks: LocalTracks): void;
  setRelayed(isRelayed: boolean): void;
  setLimits(limits: SendingLimits): void;
  setBuffer(targetMs: number | null): void;
  getLines(): Lines;
  getStats(): Promise<RTCStatsReport | null>;
  close(): void;
}

const NO_LINES: Lines = { audio: null, video: null };
/** The other's description, as this browser takes it. */
const taken = (sdp: string, sendsStereo: boolean): string =>
  withStereo(withSoundAskedAgain(withStartBitrate(withoutStrayFeedback(sdp))), sendsStereo);

export function createPeerLink(
  sealed: SealedMedia,
  peer: RTCPeerConnection,
  initialTracks: LocalTracks,
  events: ConnectionEvents,
  timers: Timers,
  { transports, polite }: { readonly transports: Transports; readonly polite: boolean },
): PeerLink {
  const [ownRole, otherRole] = polite ? (['callee', 'caller'] as const) : (['caller', 'callee'] as const);
  let tracks = initialTracks;
  let lines = NO_LINES;
  let isRelayed = false;
  let limits = WHOLE_LIMITS;
  let bufferMs: number | null = null;
  let remoteStream: MediaStream | null = null;
  let isClosed = false;
  let isAnswering = false;
  /** As negotiated; null: it is about to be. */
  let sendsStereo: boolean | null = null;
  /** While a description is looked at its candidates wait: the browser refuses those that come before it. */
  let waiting: (() => void)[] | null = null;

  const handlePath = (): void => {
    if (!isClosed) events.handlePath(pathStateOf(peer.iceConnectionState, peer.connectionState));
  };
  const handleCandidate = ({ candidate }: RTCPeerConnectionIceEvent): void => {
    if (isClosed || candidate === null || candidate.candidate === '') return;
    const { sdpMid, sdpMLineIndex, usernameFragment } = candidate;
    const found = { candidate: candidate.candidate, sdpMid, sdpMLineIndex, usernameFragment };
    events.handleCandidate(found, isAnswering);
  };
  peer.addEventListener('icecandidate', handleCandidate);
  peer.addEventListener('iceconnectionstatechange', handlePath);
  peer.addEventListener('connectionstatechange', handlePath);

  const showRemote = (): void => {
    if (remoteStream !== null || isClosed) return;
    const received = [lines.audio, lines.video].flatMap((line) =>
      line === null ? [] : [line.receiver.track],
    );
    for (const track of received) track.addEventListener('unmute', () => !isClosed && events.handleArrival());
    remoteStream = new MediaStream(received);
    events.handleRemoteStream(remoteStream);
  };
  /** The browser takes another number of channels only with another description. */
  const followChannels = (): void => {
    const { audio } = tracks;
    // A track that has ended says nothing of itself any more.
    if (sendsStereo === null || audio === null || audio.readyState !== 'live') return;
    if (isStereo(audio) === sendsStereo) return;
    sendsStereo = null;
    events.handleOtherChannels();
  };
  const tune = (): void => {
    followChannels();
    void applyEncodings(lines, tracks, isRelayed, limits);
    for (const line of [lines.audio, lines.video])
      if (line !== null) line.receiver.jitterBufferTarget = bufferMs;
  };

  /** Begins at once, so that the browser's own queue keeps the order; a refusal is the negotiation's to handle. */
  const run = (work: () => Promise<void>): void => {
    work().catch(() => {
      if (!isClosed) events.handleFailed();
    });
  };

  /** Whether the other device says that it is its own; the browser gets no other. */
  async function isTheirs(type: 'offer' | 'answer', sdp: string, proof?: TransportProof): Promise<boolean> {
    waiting ??= [];
    const isSigned = await transports.check(type, otherRole, sdp, proof);
    if (!isSigned && !isClosed) events.handleRefused();
    return isSigned && !isClosed;
  }
  function setRemote(type: 'offer' | 'answer', sdp: string): Promise<void> {
    sendsStereo = tracks.audio !== null && isStereo(tracks.audio);
    const set = peer.setRemoteDescription({ type, sdp: taken(sdp, sendsStereo) });
    for (const add of waiting ?? []) add();
    waiting = null;
    return set;
  }
  const sign = async (type: 'offer' | 'answer', sdp: string): Promise<TransportProof | undefined> =>
    (await transports.sign(type, ownRole, sdp)) ?? undefined;

  return {
    makeOffer: (kind, configuration) =>
      run(async () => {
        if (configuration !== null) sealed.configurePeer(peer, configuration);
        if (lines === NO_LINES) lines = makeLines(sealed, peer, tracks);
        await setLocalDescription(peer, await peer.createOffer({ iceRestart: kind === 'restart' }));
        const own = peer.localDescription?.sdp ?? '';
        const proof = await sign('offer', own);
        if (!isClosed) events.handleOfferMade(own, proof);
      }),
    answerOffer: (sdp, proof) =>
      run(async () => {
        if (!(await isTheirs('offer', sdp, proof))) return;
        await setRemote('offer', sdp);
        if (isClosed) return;
        if (lines === NO_LINES) lines = takeLines(sealed, peer, tracks);
        isAnswering = true;
        await setLocalDescription(peer, await peer.createAnswer());
        await ownCandidates(peer, timers);
        isAnswering = false;
        const own = peer.localDescription?.sdp ?? '';
        const signed = await sign('answer', own);
        if (isClosed) return;
        events.handleAnswerMade(own, signed);
        showRemote();
        tune();
      }),
    applyAnswer: (sdp, proof) =>
      run(async () => {
        if (!(await isTheirs('answer', sdp, proof))) return;
        await setRemote('answer', sdp);
        if (isClosed) return;
        events.handleAnswerApplied();
        showRemote();
        tune();
      }),
    addCandidate(candidate) {
      const { connectionId: _, ...init } = candidate;
      // One that the browser cannot use is one path less, no more.
      const add = (): void => void peer.addIceCandidate(init).catch(() => {});
      if (waiting === null) add();
      else waiting.push(add);
    },
    setTracks(next) {
      tracks = next;
      sendTracks(lines, next);
      if (remoteStream !== null) tune();
    },
    setRelayed(next) {
      if (next === isRelayed) return;
      isRelayed = next;
      tune();
    },
    setLimits(next) {
      limits = next;
      if (remoteStream !== null) tune();
    },
    setBuffer(next) {
      bufferMs = next;
      if (remoteStream !== null) tune();
    },
    getLines: () => lines,
    getStats: () => (isClosed ? Promise.resolve(null) : peer.getStats()),
    close() {
      if (isClosed) return;
      isClosed = true;
      peer.removeEventListener('icecandidate', handleCandidate);
      peer.removeEventListener('iceconnectionstatechange', handlePath);
      peer.removeEventListener('connectionstatechange', handlePath);
      peer.close();
    },
  };
}

import { codecOf, slotsOf, type SealedLine, type SealedMedia } from '../sealed/index.ts';
import { WHOLE_LIMITS } from '../../quality/index.ts';
import { audioEncoding, cameraEncoding } from './encodings.ts';
import type { LocalTracks } from './types.ts';

/** What one connection sends and receives through: one microphone, one camera. Null where the other side offered none. */
export interface Lines {
  readonly audio: RTCRtpTransceiver | null;
  readonly video: RTCRtpTransceiver | null;
}

/** Enough for one bundled connection: its candidates are there before the first description is. */
const CANDIDATE_POOL = 1;

export const peerConfiguration = (
  iceServers: readonly RTCIceServer[],
  relayOnly: boolean,
): RTCConfiguration => ({
  iceServers: [...iceServers],
  iceTransportPolicy: relayOnly ? 'relay' : 'all',
  bundlePolicy: 'max-bundle',
  rtcpMuxPolicy: 'require',
  iceCandidatePoolSize: CANDIDATE_POOL,
});

/** What the other's tracks are called in the crypto worker: the same on every connection of a call, because they are the same. */
export const DIRECT_TRACKS = { audio: 'microphone', video: 'camera' } as const;

const lineOf = (kind: keyof Lines): SealedLine => {
  const source = DIRECT_TRACKS[kind];
  return { codec: codecOf(source), slots: slotsOf(source).slice(0, 1), track: source };
};

/** For the side that offers. Both kinds are always negotiated: what is sent later changes without a new description. */
export const makeLines = (sealed: SealedMedia, peer: RTCPeerConnection, tracks: LocalTracks): Lines => ({
  audio: sealed.addLine(peer, tracks.audio, lineOf('audio'), [audioEncoding(WHOLE_LIMITS)]),
  video: sealed.addLine(peer, tracks.video, lineOf('video'), [
    cameraEncoding(tracks.video, false, WHOLE_LIMITS),
  ]),
});

/**
 * For the side that answers, in the task in which the remote offer is set: takes the first line of each kind and refuses all
 * others (RFC 8829 §5.10: lines made beforehand would not be matched with the offer's).
 */
export function takeLines(sealed: SealedMedia, peer: RTCPeerConnection, tracks: LocalTracks): Lines {
  const all = peer.getTransceivers();
  const take = (kind: keyof Lines): RTCRtpTransceiver | null => {
    const line = all.find(({ receiver }) => receiver.track.kind === kind) ?? null;
    if (line !== null) sealed.takeLine(peer, line, lineOf(kind));
    return line;
  };
  const lines = { audio: take('audio'), video: take('video') };
  for (const transceiver of all) {
    if (transceiver !== lines.audio && transceiver !== lines.video) transceiver.direction = 'inactive';
  }
  sendTracks(lines, tracks);
  return lines;
}

/** Takes effect at once and never needs a new description. A closed connection refuses, which is as good. */
export function sendTracks(lines: Lines, tracks: LocalTracks): void {
  for (const kind of ['audio', 'video'] as const) {
    const sender = lines[kind]?.sender;
    if (sender !== undefined && sender.track !== tracks[kind])
      sender.replaceTrack(tracks[kind]).catch(() => {});
  }
}

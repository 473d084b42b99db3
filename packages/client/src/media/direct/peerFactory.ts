import { AUDIO_ENCODING, cameraEncoding } from './encodings.ts';
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

/*
 * The only code that makes senders and receivers: whatever must be attached to each of them before the first packet is
 * attached here.
 */

/** For the side that offers. Both kinds are always negotiated: what is sent later changes without a new description. */
export function makeLines(peer: RTCPeerConnection, tracks: LocalTracks): Lines {
  return {
    audio: peer.addTransceiver(tracks.audio ?? 'audio', {
      direction: 'sendrecv',
      sendEncodings: [AUDIO_ENCODING],
    }),
    video: peer.addTransceiver(tracks.video ?? 'video', {
      direction: 'sendrecv',
      sendEncodings: [cameraEncoding(tracks.video, false)],
    }),
  };
}

/**
 * For the side that answers, after the remote offer is set: takes the first line of each kind and refuses all others
 * (RFC 8829 §5.10: lines made beforehand would not be matched with the offer's).
 */
export function takeLines(peer: RTCPeerConnection, tracks: LocalTracks): Lines {
  const all = peer.getTransceivers();
  const audio = all.find(({ receiver }) => receiver.track.kind === 'audio') ?? null;
  const video = all.find(({ receiver }) => receiver.track.kind === 'video') ?? null;
  for (const transceiver of all) {
    transceiver.direction = transceiver === audio || transceiver === video ? 'sendrecv' : 'inactive';
  }
  sendTracks({ audio, video }, tracks);
  return { audio, video };
}

/** Takes effect at once and never needs a new description. A closed connection refuses, which is as good. */
export function sendTracks(lines: Lines, tracks: LocalTracks): void {
  for (const kind of ['audio', 'video'] as const) {
    const sender = lines[kind]?.sender;
    if (sender !== undefined && sender.track !== tracks[kind])
      sender.replaceTrack(tracks[kind]).catch(() => {});
  }
}

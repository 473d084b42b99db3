/*
 * The one connection beside those of sealed media: for checks, and for nothing but data channels of the page with itself and ICE with the
 * media server. It is never handed out, has no way to add a track, takes no description that has a line of media, and is made with the
 * setting under which Chromium sends and plays nothing that no transform has seen.
 */

export interface ProbePeer {
  /** Offers a data channel that loses and reorders as media does. */
  openChannel(): RTCDataChannel;
  /** @returns the description of this side, set */
  describe(type: 'offer' | 'answer'): Promise<RTCSessionDescriptionInit>;
  /** Throws where there is a line of media in it. */
  hear(description: RTCSessionDescriptionInit): Promise<void>;
  hearCandidate(candidate: RTCIceCandidate): void;
  onCandidate(handle: (candidate: RTCIceCandidate) => void): void;
  onChannel(handle: (channel: RTCDataChannel) => void): void;
  /** Called whenever ICE has another state. */
  onIceState(handle: (state: RTCIceConnectionState) => void): void;
  getStats(): Promise<RTCStatsReport>;
  close(): void;
}

export type ProbeConfiguration = Pick<RTCConfiguration, 'iceServers' | 'iceTransportPolicy'>;

const SEALED: { readonly encodedInsertableStreams: true } = { encodedInsertableStreams: true };

export function createProbePeer(configuration: ProbeConfiguration): ProbePeer {
  const peer = new RTCPeerConnection({ ...configuration, ...SEALED });
  return {
    openChannel: () => peer.createDataChannel('check', { ordered: false, maxRetransmits: 0 }),
    async describe(type) {
      const description = await (type === 'offer' ? peer.createOffer() : peer.createAnswer());
      await peer.setLocalDescription(description);
      return description;
    },
    async hear(description) {
      if (hasMedia(description.sdp ?? '')) throw new Error('a check has no media');
      await peer.setRemoteDescription(description);
    },
    hearCandidate(candidate) {
      // One that cannot be used leaves the others.
      peer.addIceCandidate(candidate).catch(() => {});
    },
    onCandidate: (handle) =>
      peer.addEventListener('icecandidate', ({ candidate }) => {
        if (candidate !== null && candidate.candidate !== '') handle(candidate);
      }),
    onChannel: (handle) => peer.addEventListener('datachannel', ({ channel }) => handle(channel)),
    onIceState: (handle) =>
      peer.addEventListener('iceconnectionstatechange', () => handle(peer.iceConnectionState)),
    getStats: () => peer.getStats(),
    close: () => peer.close(),
  };
}

/** Whether a description (RFC 8866) has a line of anything but data. */
export const hasMedia = (sdp: string): boolean => /^m=(?!application )/m.test(sdp);

import type { Timers } from '../../timers.ts';

/** Longest wait for the first candidate. Made beforehand it comes 3 ms after the description (Chromium); where only a relay is asked, later. */
const FIRST_MS = 50;
/** Those made beforehand come less than a millisecond apart. */
const QUIET_MS = 3;

/** The part of a peer connection that gathering shows in. */
export type Gathering = Pick<
  RTCPeerConnection,
  'localDescription' | 'addEventListener' | 'removeEventListener'
>;

/**
 * Waits for the candidates that are there already to be in the local description, so that they go with it.
 *
 * The other side may hear of a candidate by a check that comes through it before it is told of it. It takes it for a
 * peer-reflexive one then (RFC 8445 §7.3.1.3), even where it is a relay's, and that is preferred to a public address: the
 * browser gives up the direct path for it and does not come back to it.
 */
export function ownCandidates(peer: Gathering, timers: Timers): Promise<void> {
  // Only new ICE credentials have new candidates.
  if (peer.localDescription?.sdp.includes('a=candidate:') === true) return Promise.resolve();
  return new Promise((resolve) => {
    let cancel: () => void;
    const finish = (): void => {
      cancel();
      peer.removeEventListener('icecandidate', handleCandidate);
      resolve();
    };
    const handleCandidate = ({ candidate }: RTCPeerConnectionIceEvent): void => {
      if (candidate === null) return finish();
      cancel();
      cancel = timers.after(QUIET_MS, finish);
    };
    cancel = timers.after(FIRST_MS, finish);
    peer.addEventListener('icecandidate', handleCandidate);
  });
}

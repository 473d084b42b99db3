import type { Slot } from '@visavis/encryption';
import { type MediaCodec, kindOf, variantsOf } from './codecs.ts';
import { askForKeyFrame } from '../senderParameters.ts';
import type { CryptoWorker } from './cryptoWorker.ts';

/*
 * The only code that makes senders and receivers of sealed media. Chromium sends plaintext where a transform comes after the
 * negotiation, unless its connection was made with `encodedInsertableStreams`; Firefox does not know that flag. So every
 * connection is made with it, and every transform is there in the task that made its sender or receiver.
 */

/** A line of a connection between two. */
export interface SealedLine {
  readonly codec: MediaCodec;
  /** What is sent on it: one slot, or one for each simulcast layer. */
  readonly slots: readonly Slot[];
  /** The worker's name of what comes in on it. */
  readonly track: string;
}

/** Not in the types of the DOM: without a transform Chromium then sends and plays nothing. */
interface SealedConfiguration {
  readonly encodedInsertableStreams: true;
}
const SEALED: SealedConfiguration = { encodedInsertableStreams: true };

export interface SealedMedia {
  createPeer(configuration: RTCConfiguration): RTCPeerConnection;
  /** Other ICE servers for such a connection. Chromium refuses a configuration that forgets how it was made. */
  configurePeer(peer: RTCPeerConnection, configuration: RTCConfiguration): void;
  /**
   * For the side that offers: a line in both directions, sealed both ways. Throws where the browser lacks the codec, for another
   * kind of track, and for a connection that was not made here or is closed.
   */
  addLine(
    peer: RTCPeerConnection,
    track: MediaStreamTrack | null,
    line: SealedLine,
    sendEncodings: RTCRtpEncodingParameters[],
  ): RTCRtpTransceiver;
  /**
   * For the side that answers: makes the other's line one in both directions, in the same task in which `setRemoteDescription` has
   * resolved. Lines that are not taken have to be made inactive. Throws as `addLine` does.
   */
  takeLine(peer: RTCPeerConnection, transceiver: RTCRtpTransceiver, line: SealedLine): void;
  /** For a library that makes its own connections: their additional settings. */
  readonly transportSettings: RTCConfiguration & SealedConfiguration;
  /** For such a library, in its call back with a sender it has made and not negotiated yet. */
  sealSender(sender: RTCRtpSender, codec: MediaCodec, slots: readonly Slot[]): void;
  /** For such a library, in its call back with a receiver it has made and not negotiated yet. */
  sealReceiver(receiver: RTCRtpReceiver, track: string): void;
  /** How many frames of sound come again with each later one, 0 to 2: what the network loses is then still there. */
  repeatSound(count: number): void;
}

/**
 * Why calls cannot be sealed here, and so cannot be had; null: they can. Pages that do not come over HTTPS have no cryptography, but those
 * of this machine itself.
 */
export function findSealProblem(): 'insecure_page' | 'old_browser' | null {
  if (!globalThis.isSecureContext) return 'insecure_page';
  const hasAll =
    typeof globalThis.RTCRtpScriptTransform === 'function' &&
    typeof globalThis.Worker === 'function' &&
    typeof globalThis.crypto?.subtle === 'object';
  return hasAll ? null : 'old_browser';
}

/** For good: Firefox goes on in plain where the transform of a sender is taken away again. Whoever tries gets a `TypeError`. */
function attach(end: RTCRtpSender | RTCRtpReceiver, transform: RTCRtpScriptTransform): void {
  end.transform = transform;
  Object.defineProperty(end, 'transform', { value: transform, writable: false, configurable: false });
}

/** The media of one call, all of whose frames go through `worker`. */
export function createSealedMedia(worker: CryptoWorker): SealedMedia {
  const own = new WeakSet<RTCPeerConnection>();
  const cameras = new Set<RTCRtpSender>();
  let repeats = 0;

  function checkOwn(peer: RTCPeerConnection): void {
    if (!own.has(peer)) throw new Error('not a sealed connection');
  }

  function sealSender(sender: RTCRtpSender, codec: MediaCodec, slots: readonly Slot[]): void {
    attach(sender, worker.createTransform({ direction: 'send', codec, slots }));
    if (kindOf(codec) === 'video') cameras.add(sender);
  }

  worker.onKeyFramesWanted(() => {
    for (const camera of cameras) {
      if (camera.transport?.state === 'closed') cameras.delete(camera);
      else void askForKeyFrame(camera);
    }
  });

  function sealReceiver(receiver: RTCRtpReceiver, track: string): void {
    attach(receiver, worker.createTransform({ direction: 'receive', track }));
  }

  function sealLine(transceiver: RTCRtpTransceiver, line: SealedLine, variants: RTCRtpCodec[]): void {
    try {
      sealSender(transceiver.sender, line.codec, line.slots);
      sealReceiver(transceiver.receiver, line.track);
      transceiver.setCodecPreferences(variants);
    } catch (error) {
      // Half sealed is not sealed.
      transceiver.stop();
      throw error;
    }
  }

  return {
    createPeer(configuration) {
      const peer = new RTCPeerConnection({ ...configuration, ...SEALED });
      own.add(peer);
      return peer;
    },

    configurePeer: (peer, configuration) => peer.setConfiguration({ ...configuration, ...SEALED }),

    addLine(peer, track, line, sendEncodings) {
      checkOwn(peer);
      const kind = kindOf(line.codec);
      if (track !== null && track.kind !== kind) throw new Error('a track of another kind');
      const variants = listVariants(line.codec);
      const transceiver = peer.addTransceiver(track ?? kind, { direction: 'sendrecv', sendEncodings });
      sealLine(transceiver, line, variants);
      return transceiver;
    },

    takeLine(peer, transceiver, line) {
      checkOwn(peer);
      if (transceiver.receiver.track.kind !== kindOf(line.codec)) throw new Error('a line of another kind');
      const variants = listVariants(line.codec);
      sealLine(transceiver, line, variants);
      transceiver.direction = 'sendrecv';
    },

    transportSettings: { ...SEALED },
    sealSender,
    sealReceiver,
    repeatSound(count) {
      if (count === repeats) return;
      repeats = count;
      worker.repeatSound(count);
    },
  };
}

function listVariants(codec: MediaCodec): RTCRtpCodec[] {
  const variants = variantsOf(codec, RTCRtpReceiver.getCapabilities(kindOf(codec))?.codecs ?? []);
  if (variants.length === 0) throw new Error(`This browser has no ${codec}.`);
  return variants;
}

import type { Bytes } from '../bytes.ts';
import type { Codec, FrameKind } from '../frames/codecs.ts';

/** What is used of `RTCEncodedVideoFrame` and `RTCEncodedAudioFrame`. */
export interface EncodedFrame {
  data: ArrayBuffer;
  /** Of pictures only. */
  readonly type?: string;
  /** RTP time. Older browsers have it here, newer ones in the metadata as well. */
  readonly timestamp?: number;
  getMetadata(): FrameMetadata;
}

interface FrameMetadata {
  readonly synchronizationSource?: number;
  readonly mimeType?: string;
  readonly rtpTimestamp?: number;
}

/** What is used of `RTCRtpScriptTransformer`. */
export interface FrameTransformer {
  readonly options: unknown;
  readonly readable: ReadableStream<EncodedFrame>;
  readonly writable: WritableStream<EncodedFrame>;
  /** Firefox has it, Chromium 156 has not. */
  generateKeyFrame?(): Promise<unknown>;
}

/** Where encoded frames go on. */
export interface FrameSink {
  enqueue(frame: EncodedFrame): void;
}

export const kindOf = ({ type }: EncodedFrame): FrameKind => (type === 'key' ? 'key' : 'delta');

/** Whether a frame may be of this codec: browsers that do not say what it is are believed. */
export const isOfCodec = (mimeType: string | undefined, codec: Codec): boolean =>
  mimeType === undefined || mimeType.slice(mimeType.indexOf('/') + 1).toLowerCase() === codec;

/** RTP time of a frame, null where the browser does not say. */
export const timestampOf = (encoded: EncodedFrame): number | null =>
  encoded.getMetadata().rtpTimestamp ?? encoded.timestamp ?? null;

/** Puts other bytes into a frame and passes it on. */
export function passOn(encoded: EncodedFrame, bytes: Bytes, sink: FrameSink): void {
  const isWhole = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength;
  encoded.data = isWhole ? bytes.buffer : bytes.slice().buffer;
  sink.enqueue(encoded);
}

/** What the person of this device wants of pictures, in all calls on it. */
export interface QualityWishes {
  /** Few bits both ways, on lines that are paid for by the megabyte. */
  readonly lowData: boolean;
  /** What gives way when bits or processor are short: size (`smooth`) or frame rate (`sharp`). */
  readonly prefer: 'smooth' | 'sharp';
  /** Lines (the shorter side) of the largest picture that is sent or asked for. */
  readonly mostLines: 720 | 360 | 180;
  /** Megabytes (10⁶ bytes) that a call may cost, both ways; null: any. */
  readonly budgetMb: number | null;
  /** What is heard is more than a voice. */
  readonly music?: boolean;
}

export const DEFAULT_QUALITY: QualityWishes = {
  lowData: false,
  prefer: 'smooth',
  mostLines: 720,
  budgetMb: null,
};

/** What is wanted of what comes in one call. */
export interface ReceivingWishes extends QualityWishes {
  /** Bits per second of all pictures; 0: none; null: as many as there are. */
  readonly pictures: number | null;
}

/** The most that the picture of a camera may have. */
export interface CameraLimits {
  /** Bits per second. */
  readonly bitrate: number;
  /** Of the shorter side. */
  readonly lines: number;
  /** Frames per second. */
  readonly framerate: number;
}

/** How this device sends. */
export interface SendingLimits {
  /** Null: paused, so that sound gets through. */
  readonly camera: CameraLimits | null;
  /** Bits per second of Opus. */
  readonly audioBitrate: number;
  /** How many frames of sound come again with each later one: 0, 1 or 2. */
  readonly repeats: number;
  readonly prefer: QualityWishes['prefer'];
}

/** How sending is, looked at about once a second. What the browser does not say is null. */
export interface SendingConditions {
  /** ms, on a clock that does not jump. */
  readonly atMs: number;
  /** Whether there is a camera's picture to be sent: on, and not held. */
  readonly hasCamera: boolean;
  /** Bits per second that the browser believes it can send. */
  readonly availableBitrate: number | null;
  /** Share of what was sent over the last seconds that did not arrive, 0 to 1. */
  readonly loss: number | null;
  /** Share of what was just sent that did not arrive at first, 0 to 1; left out: the same as {@link loss}. */
  readonly lossAtFirst?: number | null;
  /** Why the picture is smaller than it may be. */
  readonly limitation: 'bandwidth' | 'cpu' | 'other' | null;
}

/** How receiving is, looked at about once a second. */
export interface ReceivingConditions {
  /** ms, on a clock that does not jump. */
  readonly atMs: number;
  /** Share of what was sent to this device over the last seconds that did not arrive, 0 to 1. */
  readonly loss: number | null;
  /** ms there and back. */
  readonly roundTripMs: number | null;
}

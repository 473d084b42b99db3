import type { BackgroundNotice, BackgroundState, BackgroundWish } from '../background/background.ts';
import type { OpenBackgroundGraph } from '../background/graph.ts';
import type { OpenDenoiseGraph } from '../denoise/graph.ts';
import type { StrongNoiseState } from '../denoise/strongNoise.ts';
import type { Timers } from '../../timers.ts';
import type { SoundProcessing, SoundWishes } from './sound.ts';

/** Why camera or microphone is not there; the call goes on with what is. */
export type CaptureProblem =
  | 'camera_denied'
  | 'microphone_denied'
  | 'both_denied'
  | 'no_camera'
  | 'no_microphone'
  | 'camera_in_use'
  | 'microphone_in_use'
  | 'camera_unplugged'
  | 'microphone_unplugged'
  | 'insecure_page';

export interface DeviceChoice {
  readonly id: string;
  /** The browser's name for it; empty before the first permission. */
  readonly label: string;
}

export interface CaptureState {
  readonly cameras: readonly DeviceChoice[];
  readonly microphones: readonly DeviceChoice[];
  /** Empty where the browser cannot choose a speaker. */
  readonly speakers: readonly DeviceChoice[];
  /** The one in use, else the chosen one, else null: the browser decides. */
  readonly cameraId: string | null;
  readonly microphoneId: string | null;
  /** Null: where the system plays sound. */
  readonly speakerId: string | null;
  /** The camera in use shows what the person sees, and not themselves. */
  readonly facesAway: boolean;
  readonly strongNoise: StrongNoiseState;
  readonly background: BackgroundState;
  /** What of the browser's own processing can be switched in it. */
  readonly switchable: SoundProcessing;
}

/** Something that happened to a device and that a person should be told. */
export type CaptureNotice =
  /** The device in use went away and another took its place, or it is back. No label: the speaker is the system's again. */
  | { readonly type: 'changed'; readonly device: 'camera' | 'microphone' | 'speaker'; readonly label: string }
  /** The microphone could not be opened anew as it is wished for, and goes on as it was. */
  | { readonly type: 'sound_kept' }
  /** Strong noise suppression cannot be had, or has died: the plain microphone goes on. */
  | { readonly type: 'strong_noise_failed' }
  /** What was to be behind the person cannot be had: the plain camera goes on; or, of a picture, the blur. */
  | { readonly type: BackgroundNotice }
  /** A device was plugged in during a call: offer it. */
  | {
      readonly type: 'available';
      readonly device: 'camera' | 'microphone';
      readonly id: string;
      readonly label: string;
    };

export interface CaptureOptions {
  /** What the person chose in an earlier visit. */
  readonly chosen?: {
    readonly cameraId?: string | null;
    readonly microphoneId?: string | null;
    readonly speakerId?: string | null;
  };
  readonly sound?: SoundWishes;
  /** Of strong noise suppression; null: not in this browser. */
  readonly openDenoiseGraph?: OpenDenoiseGraph | null;
  readonly background?: BackgroundWish;
  /** Of backgrounds; null: not in this browser. */
  readonly openBackgroundGraph?: OpenBackgroundGraph | null;
  /** A picture to be behind the person, by its name. */
  readonly loadBackground?: (name: string) => Promise<ImageBitmap>;
  readonly timers?: Timers;
  readonly onNotice?: (notice: CaptureNotice) => void;
}

/** Camera and microphone of this device, shared by everything that uses them: previews, ringing and held calls. */
export interface Capture {
  getState(): CaptureState;
  /** Calls back after each change of the state. The returned function ends it. */
  subscribe(listener: () => void): () => void;
  /** Takes a share. Asks the browser for what nobody has opened yet; both kinds in one question. */
  open(want: { readonly audio: boolean; readonly video: boolean }): CaptureShare;
  /** For everybody who has a share, now and later. An id that is gone: the browser's choice. */
  chooseCamera(id: string): void;
  chooseMicrophone(id: string): void;
  chooseSpeaker(id: string): void;
  /** Holds for everybody at once, in calls that go on as well. */
  setSound(wishes: SoundWishes): void;
  /** The same. From here on nothing more of what is behind the person is shown, until they wish for it again or it cannot be had. */
  setBackground(wish: BackgroundWish): void;
  /** Sends what a media element plays to the chosen speaker, now and whenever the choice changes, until released. */
  playThroughSpeaker(element: HTMLMediaElement): () => void;
  /** Closes every share and stops listening. */
  close(): void;
}

export interface CaptureShareState {
  readonly audio: MediaStreamTrack | null;
  readonly video: MediaStreamTrack | null;
  /** The microphone as it is heard, muted or not and with its noise: for meters alone, never to be sent. */
  readonly heard: MediaStreamTrack | null;
  /** For the self view: one object for the share's whole life; what it holds changes. */
  readonly stream: MediaStream;
  readonly muted: boolean;
  /** Wanted on. `video` is null while it opens or its background gets ready, or when `problem` says why it does not. */
  readonly camera: boolean;
  /** True while the browser is asked. */
  readonly opening: boolean;
  readonly problem: CaptureProblem | null;
}

/** One user's part of the capture, with tracks of its own: muting it mutes nobody else. */
export interface CaptureShare {
  getState(): CaptureShareState;
  subscribe(listener: () => void): () => void;
  /** At once, without closing the microphone. */
  setMuted(muted: boolean): void;
  /** Off: the track stops, and with the last share's the light goes off. On: the camera is opened anew. */
  setCamera(on: boolean): void;
  /** After a problem: asks the browser once more. */
  retry(): void;
  close(): void;
}

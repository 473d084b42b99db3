import type {
  BackgroundState,
  BackgroundWish,
  QualityWishes,
  SoundProcessing,
  SoundWishes,
  StrongNoiseState,
} from '@visavis/client';

export interface MediaDevices {
  readonly cameras: readonly MediaChoice[];
  readonly microphones: readonly MediaChoice[];
  /** Empty where the browser cannot choose a speaker. */
  readonly speakers: readonly MediaChoice[];
  readonly cameraId: string | null;
  readonly microphoneId: string | null;
  readonly speakerId: string | null;
  /** The camera in use shows what the person sees, and not themselves. */
  readonly facesAway: boolean;
  readonly strongNoise: StrongNoiseState;
  readonly background: BackgroundState;
  /** What of the browser's own processing of a voice can be switched in it. */
  readonly switchable: SoundProcessing;
}
export interface MediaChoice {
  readonly id: string;
  readonly label: string;
}

export type {
  BackgroundWish,
  BudgetView,
  MicrophoneHint,
  QualityMark,
  QualityPoint,
  QualityWishes,
  SoundWishes,
} from '@visavis/client';

export interface Preferences {
  readonly theme: 'system' | 'light' | 'dark';
  readonly sounds: boolean;
  /** Of the pictures in calls. */
  readonly quality: QualityWishes;
  /** Of the own voice in calls. */
  readonly sound: SoundWishes;
  /** Behind the person in their picture. */
  readonly background: BackgroundWish;
  /** Whether this browser keeps a picture of their own for it. */
  readonly ownBackground: boolean;
  /** How many people this browser remembers another volume for. */
  readonly keptVolumes: number;
  readonly notifications: 'unasked' | 'granted' | 'denied' | 'unsupported';
}

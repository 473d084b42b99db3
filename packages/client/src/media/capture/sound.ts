/** What becomes of a voice on its way from the microphone, in all calls on this device. */
export interface SoundWishes {
  /** `strong`: what is not voice is taken out. `music`: nothing is, and what is sent is as rich as it comes. */
  readonly mode: 'voice' | 'strong' | 'music';
  /** Of the browser; all three hold but for music. */
  readonly echoCancellation: boolean;
  readonly noiseSuppression: boolean;
  readonly gainControl: boolean;
}

export const DEFAULT_SOUND: SoundWishes = {
  mode: 'voice',
  echoCancellation: true,
  noiseSuppression: true,
  gainControl: true,
};

/** What a browser can be asked to do with a microphone (W3C mediacapture-streams §4.3.7). */
export interface SoundProcessing {
  readonly echoCancellation: boolean;
  readonly noiseSuppression: boolean;
  readonly autoGainControl: boolean;
}

/** Strong suppression comes on top of the browser's: where it fails, that is there already. */
export function processingOf({ mode, ...wishes }: SoundWishes): SoundProcessing {
  const isVoice = mode !== 'music';
  return {
    echoCancellation: isVoice && wishes.echoCancellation,
    noiseSuppression: isVoice && wishes.noiseSuppression,
    autoGainControl: isVoice && wishes.gainControl,
  };
}

/** Whether nothing is taken out of what the microphone hears: that may be music, and has as many bits as that. */
export function isPlain(wishes: SoundWishes): boolean {
  const { echoCancellation, noiseSuppression, autoGainControl } = processingOf(wishes);
  return wishes.mode !== 'strong' && !echoCancellation && !noiseSuppression && !autoGainControl;
}

export const sameProcessing = (one: SoundProcessing, other: SoundProcessing): boolean =>
  one.echoCancellation === other.echoCancellation &&
  one.noiseSuppression === other.noiseSuppression &&
  one.autoGainControl === other.autoGainControl;

/** What this browser lets be switched. */
export function switchable(devices: MediaDevices | undefined): SoundProcessing {
  const known = devices?.getSupportedConstraints?.() ?? {};
  return {
    echoCancellation: known.echoCancellation === true,
    noiseSuppression: known.noiseSuppression === true,
    autoGainControl: known.autoGainControl === true,
  };
}

/** A screen, window or tab that is being shared. */
export interface ScreenShare {
  readonly video: MediaStreamTrack;
  /** Its sound, where the browser and the person give it. */
  readonly audio: MediaStreamTrack | null;
  /** For the preview: one object for the share's whole life. */
  readonly stream: MediaStream;
  /** Calls back once when it ends by something else than `close`: the browser's own bar, or a window that was closed. */
  readonly onEnded: (listener: () => void) => void;
  close(): void;
}

/** `cancelled`: the person chose nothing. */
export type ScreenFailure = 'cancelled' | 'failed' | 'unsupported';

/** What is asked for: text stays sharp at 1080 lines, and 15 frames are enough for what is read. */
const WIDTH = 1_920;
const HEIGHT = 1_080;
const FRAMERATE = 15;

/** The options that are not in TypeScript's library yet (W3C screen-capture, getDisplayMedia). */
interface Options extends DisplayMediaStreamOptions {
  readonly systemAudio: 'include';
  readonly surfaceSwitching: 'include';
  readonly selfBrowserSurface: 'exclude';
}

export const canShareScreen = (): boolean =>
  typeof globalThis.navigator?.mediaDevices?.getDisplayMedia === 'function';

/** Asks the person what to share. Has to be called from what they press. */
export async function openScreen(): Promise<ScreenShare | ScreenFailure> {
  if (!canShareScreen()) return 'unsupported';
  const options: Options = {
    video: {
      width: { max: WIDTH },
      height: { max: HEIGHT },
      frameRate: { ideal: FRAMERATE, max: FRAMERATE },
    },
    // What is played is no voice: nothing is taken out of it. The others are played by this page, and would hear themselves.
    audio: {
      echoCancellation: false,
      noiseSuppression: false,
      autoGainControl: false,
      suppressLocalAudioPlayback: false,
      restrictOwnAudio: true,
    } as MediaTrackConstraints,
    systemAudio: 'include',
    surfaceSwitching: 'include',
    selfBrowserSurface: 'exclude',
  };
  try {
    return toShare(await navigator.mediaDevices.getDisplayMedia(options));
  } catch (error) {
    return error instanceof Error && error.name === 'NotAllowedError' ? 'cancelled' : 'failed';
  }
}

function toShare(stream: MediaStream): ScreenShare | ScreenFailure {
  const [video] = stream.getVideoTracks();
  const [audio = null] = stream.getAudioTracks();
  if (video === undefined) return 'failed';
  video.contentHint = 'detail';
  if (audio !== null) audio.contentHint = 'music';
  let isOver = false;
  const listeners: (() => void)[] = [];
  video.addEventListener('ended', () => {
    if (isOver) return;
    isOver = true;
    audio?.stop();
    for (const listener of listeners) listener();
  });
  return {
    video,
    audio,
    stream,
    onEnded: (listener) => void listeners.push(listener),
    close() {
      isOver = true;
      video.stop();
      audio?.stop();
    },
  };
}

import type { CaptureProblem } from '../model/model.ts';

interface CaptureWords {
  readonly title: string;
  readonly body: string;
  /** The one thing to do; null when nothing on this page helps. */
  readonly action: string | null;
}

const ALLOW = 'Allow it next to the address at the top of the window, then try again.';

export const captureWords: Readonly<Record<CaptureProblem, CaptureWords>> = {
  camera_denied: {
    title: 'Your camera is blocked for this page',
    body: `You can be heard, not seen. ${ALLOW}`,
    action: 'Try again',
  },
  microphone_denied: {
    title: 'Your microphone is blocked for this page',
    body: `You can’t be heard. ${ALLOW}`,
    action: 'Try again',
  },
  both_denied: {
    title: 'Camera and microphone are blocked for this page',
    body: 'You can’t be seen or heard. Allow both next to the address at the top of the window, then try again.',
    action: 'Try again',
  },
  no_camera: {
    title: 'No camera found',
    body: 'You can be heard, not seen. Plug a camera in and it is used at once.',
    action: null,
  },
  no_microphone: {
    title: 'No microphone found',
    body: 'You can’t be heard. Plug a microphone in and it is used at once.',
    action: null,
  },
  camera_in_use: {
    title: 'Your camera is used by another app',
    body: 'Close it there and try again, or continue with sound only.',
    action: 'Try again',
  },
  microphone_in_use: {
    title: 'Your microphone is used by another app',
    body: 'You can’t be heard. Close it there and try again.',
    action: 'Try again',
  },
  camera_unplugged: {
    title: 'Your camera was unplugged',
    body: 'You can be heard, not seen. Plug it in again or choose another one.',
    action: 'Try again',
  },
  microphone_unplugged: {
    title: 'Your microphone was unplugged',
    body: 'You can’t be heard. Plug it in again or choose another one.',
    action: 'Try again',
  },
  insecure_page: {
    title: 'This address may not use the camera',
    body: 'Browsers give camera and microphone only to addresses that begin with https. Open this page by its secure address.',
    action: null,
  },
};

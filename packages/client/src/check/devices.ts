import type { Capture, CaptureProblem, CaptureShare } from '../media/capture/types.ts';
import type { LevelMeter } from '../media/levels/types.ts';
import type { PictureProbe } from '../media/light/picture.ts';
import type { Timers } from '../timers.ts';
import type { CheckWishes, DeviceFinding, Findings } from './types.ts';

/** How often microphone and camera are looked at. */
const LOOK_MS = 100;
/** A microphone that gives nothing but zeros for that long is switched off. Shorter: one that wakes up slowly counts as silent. */
const HEAR_MS = 1_500;
/** Cameras brighten their first pictures. Shorter: they count as dark. */
const BRIGHTEN_MS = 1_500;
/** A camera that shows nothing for that long won't. Longer: it is not known when the check is over. */
const SHOW_MS = 3_500;

/** Of 255: a covered lens has 0 to 6, a face at night by the light of a screen 25 and more. Higher: dim rooms are complained about. */
const DARK_LUMA = 16;

export interface DevicePorts {
  readonly capture: Pick<Capture, 'open'>;
  readonly createLevelMeter: (track: MediaStreamTrack) => LevelMeter;
  readonly openPicture: (track: MediaStreamTrack) => PictureProbe;
  readonly timers: Timers;
}

export type DeviceFindings = Pick<Findings, 'camera' | 'microphone'>;

/**
 * Looks again and again whether camera and microphone deliver.
 *
 * @returns what ends it and closes everything that it has opened
 */
export function checkDevices(
  ports: DevicePorts,
  wishes: CheckWishes,
  handle: (findings: DeviceFindings) => void,
): () => void {
  const { capture, timers } = ports;
  // One question to the person for both; the second share says what became of the camera alone.
  const both = capture.open({ audio: wishes.microphone, video: wishes.camera });
  const alone = capture.open({ audio: false, video: wishes.camera });
  const microphone = wishes.microphone ? watchMicrophone(both, ports) : UNCHECKED;
  const camera = wishes.camera ? watchCamera(alone, ports) : UNCHECKED;
  let cancel: (() => void) | null = null;

  function look(): void {
    cancel = timers.after(LOOK_MS, look);
    handle({ camera: camera.look(), microphone: microphone.look() });
  }
  look();

  return () => {
    cancel?.();
    cancel = null;
    for (const each of [camera, microphone, both, alone]) each.close();
  };
}

interface Watch {
  look(): DeviceFinding;
  close(): void;
}
const UNCHECKED: Watch = { look: () => 'unchecked', close: () => {} };

function watchMicrophone(share: CaptureShare, { createLevelMeter, timers }: DevicePorts): Watch {
  let meter: LevelMeter | null = null;
  let metered: MediaStreamTrack | null = null;
  let sinceAt = 0;
  let hasSounded = false;
  return {
    look() {
      const { heard, opening, problem } = share.getState();
      if (heard === null) return opening ? 'asking' : failureOf(problem);
      if (heard !== metered) {
        meter?.close();
        metered = heard;
        meter = createLevelMeter(heard);
        sinceAt = timers.now();
      }
      hasSounded ||= (meter?.getLevel() ?? 0) > 0;
      if (hasSounded) return 'works';
      return timers.now() - sinceAt < HEAR_MS ? 'unchecked' : 'silent';
    },
    close: () => meter?.close(),
  };
}

function watchCamera(share: CaptureShare, { openPicture, timers }: DevicePorts): Watch {
  let picture: PictureProbe | null = null;
  let watched: MediaStreamTrack | null = null;
  let sinceAt = 0;
  return {
    look() {
      const { video, opening, problem } = share.getState();
      if (video === null) return opening ? 'asking' : failureOf(problem);
      if (video !== watched) {
        picture?.close();
        watched = video;
        picture = openPicture(video);
        sinceAt = timers.now();
      }
      const seen = picture?.look() ?? null;
      const forMs = timers.now() - sinceAt;
      if (seen === null) return forMs < SHOW_MS ? 'unchecked' : 'no_picture';
      if (seen >= DARK_LUMA) return 'works';
      return forMs < BRIGHTEN_MS ? 'unchecked' : 'dark';
    },
    close: () => picture?.close(),
  };
}

const FAILURES: Partial<Record<CaptureProblem, DeviceFinding>> = {
  both_denied: 'denied',
  camera_denied: 'denied',
  microphone_denied: 'denied',
  camera_in_use: 'in_use',
  microphone_in_use: 'in_use',
};

const failureOf = (problem: CaptureProblem | null): DeviceFinding =>
  (problem === null ? undefined : FAILURES[problem]) ?? 'missing';

import { readCode } from './decode.ts';

export type CameraProblem = 'denied' | 'missing' | 'in_use' | 'unplugged' | 'insecure';

/** Between two looks. A code is held for seconds, and a phone shall not get warm. */
const LOOK_EVERY_MS = 150;
/** Longer side of the picture that is looked at: a code across half of it has modules of five pixels. */
const LOOK_AT_PX = 720;

interface Watching {
  readonly video: HTMLVideoElement;
  /** Called once for each code in a row, not for each picture of it. */
  readonly onScan: (data: Uint8Array) => void;
  /** Whether the picture is the person's own, as a mirror shows it: a camera on the back of a phone is not. */
  readonly onOpen: (facesPerson: boolean) => void;
  readonly onProblem: (problem: CameraProblem) => void;
}

/** Opens a camera, on the back if there is one, and looks for codes. @returns what ends it and lets go of the camera, also while it opens */
export function watchCamera({ video, onScan, onOpen, onProblem }: Watching): () => void {
  let stopped = false;
  let stream: MediaStream | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let last: string | null = null;
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });

  function look(): void {
    if (stopped) return;
    const found = context === null ? null : readFrame(context, video);
    const seen = found?.join() ?? null;
    if (found !== null && seen !== last) onScan(found);
    if (seen !== null) last = seen;
    timer = setTimeout(look, LOOK_EVERY_MS);
  }

  function close(): void {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
    video.srcObject = null;
  }

  async function open(): Promise<void> {
    // Absent on a page that is not secure.
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (devices === undefined) return onProblem('insecure');
    const size = { width: { ideal: 1_280 }, height: { ideal: 720 } };
    const opened = await devices.getUserMedia({ video: { facingMode: 'environment', ...size } });
    stream = opened;
    if (stopped) return close();
    const [track] = opened.getVideoTracks();
    track?.addEventListener('ended', () => {
      if (!stopped) onProblem('unplugged');
    });
    video.srcObject = opened;
    await video.play();
    if (stopped) return;
    onOpen(track?.getSettings().facingMode !== 'environment');
    look();
  }

  open().catch((error: unknown) => {
    close();
    if (!stopped) onProblem(problemOf(error));
  });
  return () => {
    stopped = true;
    if (timer !== null) clearTimeout(timer);
    close();
  };
}

function readFrame(context: CanvasRenderingContext2D, video: HTMLVideoElement): Uint8Array | null {
  const { videoWidth, videoHeight } = video;
  if (videoWidth === 0 || videoHeight === 0) return null;
  const scale = Math.min(1, LOOK_AT_PX / Math.max(videoWidth, videoHeight));
  const [width, height] = [Math.round(videoWidth * scale), Math.round(videoHeight * scale)];
  if (context.canvas.width !== width || context.canvas.height !== height)
    Object.assign(context.canvas, { width, height });
  context.drawImage(video, 0, 0, width, height);
  return readCode(context.getImageData(0, 0, width, height));
}

/** What a rejection of `getUserMedia` means (W3C mediacapture-streams §9.2.1). */
function problemOf(error: unknown): CameraProblem {
  switch (error instanceof Error ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    default:
      // It is there and does not deliver.
      return 'in_use';
  }
}

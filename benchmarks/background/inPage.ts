import {
  createBackground,
  type BackgroundState,
  type BackgroundWish,
} from '../../packages/client/src/media/background/background.ts';
import {
  backgroundGraphs,
  type OpenBackgroundGraph,
} from '../../packages/client/src/media/background/graph.ts';
import { realTimers } from '../../packages/client/src/timers.ts';

/** What is behind the person. */
export type Kind = 'plain' | 'blur' | 'picture';

/** A camera's pictures, what becomes of them, and what comes to the other end of a connection. */
export interface Facts {
  readonly state: BackgroundState;
  /** Pictures so far: given by the camera; with another background; encoded; decoded at the other end. */
  readonly given: number;
  readonly made: number;
  readonly encoded: number;
  readonly decoded: number;
  /** ms of the worker's time so far. */
  readonly busyMs: number;
  /** Half the width and height, and the person looked for every second time, in this share of the reports. */
  readonly lessShare: number;
  /** Of what was decoded last. */
  readonly height: number;
  /** When it was given up, in ms after {@link load}; null: it was not, or before. */
  readonly givenUpAfterMs: number | null;
}

interface Running {
  readonly camera: MediaStreamTrack & { readonly stats?: { readonly deliveredFrames: number } };
  readonly connections: readonly RTCPeerConnection[];
  read(): Promise<Facts>;
  close(): void;
}

const FILES = {
  workerUrl: '/backgroundWorker.js',
  wasmUrl: '/tflite.wasm',
  modelUrl: '/model.tflite',
};

const WISHES: Readonly<Record<Kind, BackgroundWish>> = {
  plain: { kind: 'none' },
  blur: { kind: 'blur' },
  picture: { kind: 'picture', name: 'drawn' },
};

let running: Running | null = null;
let loads: Worker[] = [];
let loadedAt = 0;

/** Opens the camera, puts something behind the person, and sends that to another connection in this page. */
export async function start(kind: Kind): Promise<void> {
  const video = { width: { exact: 1_280 }, height: { exact: 720 }, frameRate: 30 };
  const [camera] = (await navigator.mediaDevices.getUserMedia({ video })).getVideoTracks();
  const open = backgroundGraphs(FILES);
  if (camera === undefined || open === null) throw new Error('no camera, or not in this browser');
  let made = 0;
  let busyMs = 0;
  let reports = 0;
  let lessReports = 0;
  let isLess = false;
  let givenUpAt: number | null = null;
  const [one, other] = [new RTCPeerConnection(), new RTCPeerConnection()];
  const counting: OpenBackgroundGraph = async (source, look, handlers, signal) => {
    const onPace: typeof handlers.onPace = (report) => {
      made += report.made;
      busyMs += report.busyMs;
      reports += 1;
      if (isLess) lessReports += 1;
      handlers.onPace(report);
    };
    const graph = await open(source, look, { ...handlers, onPace }, signal);
    return {
      ...graph,
      setEffort(effort) {
        isLess = effort === 'less';
        graph.setEffort(effort);
      },
    };
  };
  const background = createBackground({
    open: counting,
    loadPicture: drawPicture,
    timers: realTimers,
    onChange: follow,
    onNotice: () => (givenUpAt = performance.now()),
  });
  const sender = one.addTransceiver('video', {
    direction: 'sendonly',
    sendEncodings: [{ maxBitrate: 2_000_000 }],
  }).sender;
  function follow(): void {
    void sender.replaceTrack(background.trackOf(camera ?? null));
  }
  background.follow(camera, WISHES[kind]);
  follow();
  await connect(one, other);
  const received = other.getReceivers()[0];
  const element = document.createElement('video');
  element.muted = true;
  element.srcObject = new MediaStream(received === undefined ? [] : [received.track]);
  document.body.append(element);
  void element.play();
  running = {
    camera,
    connections: [one, other],
    async read() {
      const sent = await statisticsOf(one, 'outbound-rtp');
      const got = await statisticsOf(other, 'inbound-rtp');
      return {
        state: background.getState(),
        given: running?.camera.stats?.deliveredFrames ?? Number.NaN,
        made,
        busyMs,
        encoded: sent['framesEncoded'] ?? 0,
        decoded: got['framesDecoded'] ?? 0,
        height: got['frameHeight'] ?? 0,
        lessShare: reports === 0 ? 0 : lessReports / reports,
        givenUpAfterMs: givenUpAt === null || givenUpAt < loadedAt ? null : givenUpAt - loadedAt,
      };
    },
    close() {
      background.close();
      camera.stop();
      element.remove();
      one.close();
      other.close();
    },
  };
}

export const read = (): Promise<Facts> => current().read();

export function stop(): void {
  for (const worker of loads) worker.terminate();
  loads = [];
  current().close();
  running = null;
}

/** Takes the processor from everything else: as many workers as it is said that never rest. */
export function load(workers: number): void {
  loadedAt = performance.now();
  loads = Array.from({ length: workers }, () => new Worker('/loadWorker.js'));
}

/** What the other end sees now, as a PNG. */
export function look(): string {
  const video = document.querySelector('video');
  const canvas = document.createElement('canvas');
  canvas.width = video?.videoWidth ?? 0;
  canvas.height = video?.videoHeight ?? 0;
  if (video !== null) canvas.getContext('2d')?.drawImage(video, 0, 0);
  return canvas.toDataURL('image/png');
}

const current = (): Running => {
  if (running === null) throw new Error('nothing is running');
  return running;
};

function drawPicture(): Promise<ImageBitmap> {
  const canvas = new OffscreenCanvas(1_280, 720);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('nothing to draw on');
  const slope = context.createLinearGradient(0, 0, 1_280, 720);
  slope.addColorStop(0, '#e8c39e');
  slope.addColorStop(1, '#2b5876');
  context.fillStyle = slope;
  context.fillRect(0, 0, 1_280, 720);
  return createImageBitmap(canvas);
}

async function connect(one: RTCPeerConnection, other: RTCPeerConnection): Promise<void> {
  one.addEventListener(
    'icecandidate',
    ({ candidate }) => candidate !== null && void other.addIceCandidate(candidate),
  );
  other.addEventListener(
    'icecandidate',
    ({ candidate }) => candidate !== null && void one.addIceCandidate(candidate),
  );
  await one.setLocalDescription();
  await other.setRemoteDescription(one.localDescription ?? { type: 'offer' });
  await other.setLocalDescription();
  await one.setRemoteDescription(other.localDescription ?? { type: 'answer' });
}

async function statisticsOf(connection: RTCPeerConnection, type: string): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  (await connection.getStats()).forEach((entry: Record<string, unknown>) => {
    if (entry['type'] !== type) return;
    for (const [name, value] of Object.entries(entry)) if (typeof value === 'number') found[name] = value;
  });
  return found;
}

import { REPORT_MS, type FromWorker, type ToWorker } from './messages.ts';
import { createPainter, type Painter } from './painter.ts';
import { createSegmenter } from './segmenter.ts';

/** Puts a background behind the person in front of a camera, beside the page's own thread. */

let painter: Painter | null = null;
let made = 0;
let busyMs = 0;

addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  switch (data.type) {
    case 'start':
      start(data).catch(() => say({ type: 'failed' }));
      return;
    case 'look':
      return painter?.setLook(data.look);
    case 'effort':
      return painter?.setEffort(data.effort);
  }
});

async function start({
  from,
  into,
  wasmUrl,
  modelUrl,
  look,
}: Extract<ToWorker, { type: 'start' }>): Promise<void> {
  const [wasm, model] = await Promise.all([load(wasmUrl), load(modelUrl)]);
  painter = createPainter(await createSegmenter(wasm, model));
  painter.setLook(look);
  const reader = from.getReader();
  const writer = into.getWriter();
  for (let isFirst = true; ; isFirst = false) {
    const { done, value: frame } = await reader.read();
    if (done) return;
    const beganAt = performance.now();
    try {
      // What is written is closed by whoever reads it.
      await writer.write(await painter.paint(frame));
    } finally {
      frame.close();
    }
    made += 1;
    busyMs += performance.now() - beganAt;
    if (isFirst) begin();
  }
}

/** What is made from now on counts: making ready took longer than anything after it will. */
function begin(): void {
  say({ type: 'ready' });
  made = 0;
  busyMs = 0;
  let reportedAt = performance.now();
  setInterval(() => {
    const now = performance.now();
    say({ type: 'pace', spanMs: now - reportedAt, made, busyMs });
    reportedAt = now;
    made = 0;
    busyMs = 0;
  }, REPORT_MS);
}

async function load(url: string): Promise<ArrayBuffer> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`not loaded: ${response.status}`);
  return response.arrayBuffer();
}

function say(message: FromWorker): void {
  postMessage(message);
}

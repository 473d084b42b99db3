import { readFile } from 'node:fs/promises';
import * as z from 'zod/mini';
import type { Cancel, Clock } from '../../ports.ts';

/** Where the media worker comes from. */
export type WorkerSource =
  | { readonly kind: 'binary'; readonly path: string }
  /** The start command is still getting it, and says in this file how far it is. */
  | { readonly kind: 'status'; readonly file: string }
  | { readonly kind: 'none' }
  /** Other nodes have them. */
  | { readonly kind: 'elsewhere' };

const Count = z.nullable(z.number());
const Status = z.discriminatedUnion('state', [
  z.object({ state: z.literal('preparing'), done: Count, total: Count }),
  z.object({ state: z.literal('ready'), bin: z.string() }),
  z.object({ state: z.literal('unavailable'), reason: z.string() }),
]);
export type WorkerStatus = z.infer<typeof Status>;

/** Nobody waits for it by the second: the build takes minutes. */
const LOOK_EVERY_MS = 1_000;
const NONE =
  'This server was started without a media worker. Start it with npm start, or set VISAVIS_MEDIA_WORKER_BIN to a mediasoup-worker.';

const ELSEWHERE =
  'This node forwards no media, and there is none at present that does: start one with --role=media.';

async function readStatus(file: string): Promise<WorkerStatus | null> {
  try {
    const content: unknown = JSON.parse(await readFile(file, 'utf8'));
    const result = z.safeParse(Status, content);
    return result.success ? result.data : null;
  } catch {
    return null;
  }
}

/** Tells how far the worker is: at once, and whenever that changes, until it is there. */
export function watchProvision(
  source: WorkerSource,
  clock: Clock,
  handle: (status: WorkerStatus) => void,
): Cancel {
  if (source.kind === 'binary') {
    handle({ state: 'ready', bin: source.path });
    return () => {};
  }
  if (source.kind === 'none') {
    handle({ state: 'unavailable', reason: NONE });
    return () => {};
  }
  if (source.kind === 'elsewhere') {
    handle({ state: 'unavailable', reason: ELSEWHERE });
    return () => {};
  }
  const { file } = source;
  let isStopped = false;
  let cancel: Cancel | null = null;
  let known = JSON.stringify({ state: 'preparing', done: null, total: null });
  handle({ state: 'preparing', done: null, total: null });
  const look = async (): Promise<void> => {
    const status = await readStatus(file);
    if (isStopped) return;
    if (status !== null && JSON.stringify(status) !== known) {
      known = JSON.stringify(status);
      handle(status);
    }
    if (status?.state !== 'ready') cancel = clock.schedule(LOOK_EVERY_MS, () => void look());
  };
  void look();
  return () => {
    isStopped = true;
    cancel?.();
  };
}

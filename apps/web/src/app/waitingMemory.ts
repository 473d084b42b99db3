import type { ChosenMedia } from '@visavis/call';

const KEY = 'visavis.waiting';

/** GRP6: how this window's person wants to come in, kept over a reload of the window. */
export function createWaitingMemory(storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>): {
  read(): ChosenMedia | null;
  write(chosen: ChosenMedia | null): void;
} {
  let kept = storage.getItem(KEY);
  return {
    read: () => parse(kept),
    write(chosen) {
      const next = chosen === null ? null : JSON.stringify(chosen);
      if (next === kept) return;
      kept = next;
      if (next === null) storage.removeItem(KEY);
      else storage.setItem(KEY, next);
    },
  };
}

function parse(text: string | null): ChosenMedia | null {
  let value: unknown;
  try {
    value = JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { callId, muted, camera }: Record<string, unknown> = { ...value };
  // What cannot be read is not sent: silence and no picture harm nobody.
  return typeof callId === 'string' ? { callId, muted: muted !== false, camera: camera === true } : null;
}

import type { CallPhase, CallView } from '../src/model/model.ts';

const ben = {
  userId: '00000000-0000-4000-8000-000000000001',
  handle: 'ben',
  name: 'Ben Whitaker',
  avatarUrl: null,
};

/** A call in some phase, as the model would hold it. */
export function call(key: string, phase: CallPhase, change: Partial<CallView> = {}): CallView {
  return {
    key,
    person: ben,
    callType: 'video',
    direction: 'outgoing',
    phase,
    local: { stream: null, muted: false, camera: true, paused: false, problem: null, hint: null },
    remote: {
      stream: null,
      voice: null,
      muted: false,
      camera: true,
      held: false,
      checking: false,
      paused: false,
      hidesPictures: false,
      deviceName: null,
      volume: 1,
    },
    levels: { local: 0, remote: 0 },
    quality: { mark: { level: 'good', side: null }, hidesPictures: false, getsPictures: true, budget: null },
    path: null,
    seal: null,
    group: null,
    ...change,
  };
}

export const connected: CallPhase = { name: 'connected', connectedAt: 1_000 };
export const held: CallPhase = { name: 'held', connectedAt: 1_000 };
export const rings: CallPhase = { name: 'incoming', silent: false, waiting: false };
export const ended = (reason: Extract<CallPhase, { name: 'ended' }>['reason'], durationMs: number | null) =>
  ({ name: 'ended', reason, durationMs, by: null }) as const;

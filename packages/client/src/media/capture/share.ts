import { problemOf, type CaptureKind, type KindFailure } from './problems.ts';
import type { CaptureShare, CaptureShareState } from './types.ts';

/** A share as the capture sees it. */
export interface OwnedShare {
  readonly share: CaptureShare;
  wants(kind: CaptureKind): boolean;
  /** Hands over a track of its own, or takes it back; tells what failed. */
  update(facts: ShareFacts): void;
}

export interface ShareFacts {
  readonly sources: Readonly<Record<CaptureKind, MediaStreamTrack | null>>;
  /** The microphone before its noise is taken out; the source itself where none is. */
  readonly microphone: MediaStreamTrack | null;
  readonly failures: Readonly<Record<CaptureKind, KindFailure | null>>;
  readonly opening: Readonly<Record<CaptureKind, boolean>>;
}

export interface ShareOwner {
  /** What the share wants has changed. `again`: kinds to try once more, whatever failed before. */
  readonly handleWanted: (again: readonly CaptureKind[]) => void;
  readonly handleClosed: (share: OwnedShare) => void;
}

const KINDS = ['audio', 'video'] as const;

/** Each share has copies of the tracks: what one mutes or stops goes on for the others. */
export function createShare(
  want: { readonly audio: boolean; readonly video: boolean },
  owner: ShareOwner,
): OwnedShare {
  const listeners = new Set<() => void>();
  const stream = new MediaStream();
  const copies: Record<CaptureKind, { source: MediaStreamTrack; copy: MediaStreamTrack } | null> = {
    audio: null,
    video: null,
  };
  let heard: { readonly source: MediaStreamTrack; readonly copy: MediaStreamTrack } | null = null;
  let isClosed = false;
  let state: CaptureShareState = {
    audio: null,
    video: null,
    heard: null,
    stream,
    muted: false,
    camera: want.video,
    opening: want.audio || want.video,
    problem: null,
  };

  const change = (next: Partial<CaptureShareState>): void => {
    const merged = { ...state, ...next };
    const isSame =
      merged.audio === state.audio &&
      merged.video === state.video &&
      merged.heard === state.heard &&
      merged.muted === state.muted &&
      merged.camera === state.camera &&
      merged.opening === state.opening &&
      merged.problem === state.problem;
    if (isSame) return;
    state = merged;
    for (const listener of listeners) listener();
  };

  const wants = (kind: CaptureKind): boolean => !isClosed && (kind === 'audio' ? want.audio : state.camera);

  const release = (kind: CaptureKind): void => {
    const held = copies[kind];
    copies[kind] = null;
    if (held === null) return;
    held.copy.stop();
    if (kind === 'video') stream.removeTrack(held.copy);
  };

  const listen = (microphone: MediaStreamTrack | null): void => {
    const wanted = wants('audio') ? microphone : null;
    if ((heard?.source ?? null) === wanted) return;
    heard?.copy.stop();
    heard = wanted === null ? null : { source: wanted, copy: wanted.clone() };
  };

  const follow = (kind: CaptureKind, source: MediaStreamTrack | null): MediaStreamTrack | null => {
    const wanted = wants(kind) ? source : null;
    if (copies[kind]?.source === wanted) return copies[kind]?.copy ?? null;
    release(kind);
    if (wanted === null) return null;
    const copy = wanted.clone();
    if (kind === 'audio') copy.enabled = !state.muted;
    copies[kind] = { source: wanted, copy };
    // It is looked at; one's own voice in it would be a way to the speaker that nobody hears.
    if (kind === 'video') stream.addTrack(copy);
    return copy;
  };

  const owned: OwnedShare = {
    wants,
    update({ sources, microphone, failures, opening }) {
      if (isClosed) return;
      listen(microphone);
      const audio = follow('audio', sources.audio);
      const video = follow('video', sources.video);
      change({
        audio,
        video,
        heard: heard?.copy ?? null,
        opening: KINDS.some((kind) => wants(kind) && opening[kind]),
        problem: problemOf(wants('audio') ? failures.audio : null, wants('video') ? failures.video : null),
      });
    },
    share: {
      getState: () => state,
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      setMuted(muted) {
        if (copies.audio !== null) copies.audio.copy.enabled = !muted;
        change({ muted });
      },
      setCamera(camera) {
        if (isClosed || camera === state.camera) return;
        if (!camera) release('video');
        change(camera ? { camera, opening: true, problem: null } : { camera, video: null });
        owner.handleWanted(camera ? ['video'] : []);
      },
      retry: () => owner.handleWanted(KINDS.filter(wants)),
      close() {
        if (isClosed) return;
        isClosed = true;
        for (const kind of KINDS) release(kind);
        listen(null);
        change({ audio: null, video: null, heard: null, opening: false });
        listeners.clear();
        owner.handleClosed(owned);
      },
    },
  };
  return owned;
}

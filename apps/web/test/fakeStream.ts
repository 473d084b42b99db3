import { vi } from 'vitest';

interface FakeTrack {
  readonly kind: string;
}

/** A stream by a name, outside a browser. */
class FakeStream {
  readonly name: string;
  #tracks: readonly FakeTrack[];
  constructor(name = 'made', tracks: readonly FakeTrack[] = []) {
    this.name = name;
    this.#tracks = tracks;
  }
  getTracks(): readonly FakeTrack[] {
    return this.#tracks;
  }
  getVideoTracks(): readonly FakeTrack[] {
    return this.#tracks.filter(({ kind }) => kind === 'video');
  }
  addTrack(track: FakeTrack): void {
    if (!this.#tracks.includes(track)) this.#tracks = [...this.#tracks, track];
  }
  removeTrack(track: FakeTrack): void {
    this.#tracks = this.#tracks.filter((other) => other !== track);
  }
}

/** For every stream that is made without a name. To be called outside of tests. */
export const fakeStreams = (): void => void vi.stubGlobal('MediaStream', FakeStream);

export const stream = (name: string, tracks: readonly FakeTrack[] = []): MediaStream =>
  new FakeStream(name, tracks) as unknown as MediaStream;

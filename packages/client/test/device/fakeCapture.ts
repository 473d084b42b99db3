import type { CaptureShare, CaptureShareState } from '../../src/media/index.ts';
import type { DeviceOptions } from '../../src/device/types.ts';

export interface FakeShare {
  readonly want: { readonly audio: boolean; readonly video: boolean };
  readonly state: CaptureShareState;
  closed: boolean;
  change(state: Partial<CaptureShareState>): void;
}

/** Cameras and microphones of which the test says how they are. */
export const createFakeCapture = (shares: FakeShare[]): DeviceOptions['capture'] => ({
  open(want): CaptureShare {
    const listeners = new Set<() => void>();
    let state: CaptureShareState = {
      audio: null,
      video: null,
      heard: null,
      stream: { id: 'self view' } as unknown as MediaStream,
      muted: false,
      camera: want.video,
      opening: true,
      problem: null,
    };
    const change = (next: Partial<CaptureShareState>): void => {
      state = { ...state, ...next };
      for (const listener of listeners) listener();
    };
    const fake: FakeShare = {
      want,
      get state() {
        return state;
      },
      closed: false,
      change,
    };
    shares.push(fake);
    return {
      getState: () => state,
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      setMuted: (muted) => change({ muted }),
      setCamera: (camera) => change({ camera, problem: null }),
      retry: () => undefined,
      close() {
        fake.closed = true;
      },
    };
  },
});

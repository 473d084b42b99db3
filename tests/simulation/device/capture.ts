import type { DeviceOptions } from '@visavis/client';

type CaptureShare = ReturnType<DeviceOptions['capture']['open']>;

/** Nothing in a simulation looks into a stream, and Node has no class for one. */
const createNoStream = (): MediaStream =>
  Object.assign(new EventTarget(), {
    active: false,
    id: '',
    onaddtrack: null,
    onremovetrack: null,
    addTrack: () => {},
    removeTrack: () => {},
    clone: createNoStream,
    getAudioTracks: () => [],
    getVideoTracks: () => [],
    getTracks: () => [],
    getTrackById: () => null,
  });
const NO_STREAM = createNoStream();

/** A camera and a microphone that always work and show nothing. */
export const simulatedCapture: DeviceOptions['capture'] = {
  open: (want) => {
    let state: ReturnType<CaptureShare['getState']> = {
      audio: null,
      video: null,
      heard: null,
      stream: NO_STREAM,
      muted: false,
      camera: want.video,
      opening: false,
      problem: null,
    };
    return {
      getState: () => state,
      subscribe: () => () => {},
      setMuted: (muted) => {
        state = { ...state, muted };
      },
      setCamera: (camera) => {
        state = { ...state, camera };
      },
      retry: () => {},
      close: () => {},
    };
  },
};

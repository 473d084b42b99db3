import { createLevelMeter, type Capture, type CaptureShare, type LevelMeter } from '@visavis/client';
import type { Preview } from '../model/model.ts';

/** Camera and microphone in the settings, opened only while they are looked at. */
export interface PreviewControl {
  open(): void;
  close(): void;
  read(): Preview | null;
}

export function createPreview(capture: Capture, onChange: () => void): PreviewControl {
  let share: CaptureShare | null = null;
  let meter: LevelMeter | null = null;
  let metered: MediaStreamTrack | null = null;

  function follow(): void {
    const audio = share?.getState().audio ?? null;
    if (audio !== metered) {
      meter?.close();
      metered = audio;
      meter = audio === null ? null : createLevelMeter(new MediaStream([audio]));
    }
    onChange();
  }

  return {
    open() {
      if (share !== null) return;
      share = capture.open({ audio: true, video: true });
      share.subscribe(follow);
      follow();
    },
    close() {
      share?.close();
      share = null;
      follow();
    },
    read() {
      if (share === null) return null;
      const { stream, problem, opening, audio, video } = share.getState();
      const missing = { camera: !opening && video === null, microphone: !opening && audio === null };
      return { stream: opening ? null : stream, level: meter?.getLevel() ?? 0, problem, missing };
    },
  };
}

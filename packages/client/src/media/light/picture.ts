import { meanLuma } from './lowLight.ts';

/** A few hundred pixels tell how bright it is. */
const WIDTH = 32;
const HEIGHT = 18;

/** What a camera shows, without showing it. */
export interface PictureProbe {
  /** How bright it is, 0 to 255; null before its first picture. */
  look(): number | null;
  close(): void;
}

export function openPicture(track: MediaStreamTrack): PictureProbe {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.srcObject = new MediaStream([track]);
  video.play().catch(() => {});
  const canvas = document.createElement('canvas');
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  return {
    look() {
      if (context === null || video.readyState < video.HAVE_CURRENT_DATA) return null;
      context.drawImage(video, 0, 0, WIDTH, HEIGHT);
      return meanLuma(context.getImageData(0, 0, WIDTH, HEIGHT).data);
    },
    close() {
      video.pause();
      video.srcObject = null;
    },
  };
}

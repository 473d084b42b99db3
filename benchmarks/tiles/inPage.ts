/** What a page has shown so far. */
export interface Shown {
  readonly atMs: number;
  /** How often the page could draw. */
  readonly drawn: number;
  /** Pictures of others: handed to be drawn, and those of them that came too late. */
  readonly pictures: number;
  readonly dropped: number;
  /** Elements that show somebody. */
  readonly tiles: number;
}

declare global {
  var readShown: () => Shown;
}

export function installTilesProbe(): void {
  let drawn = 0;
  const count = (): void => {
    drawn += 1;
    requestAnimationFrame(count);
  };
  requestAnimationFrame(count);
  globalThis.readShown = () => {
    const videos = [...document.querySelectorAll('video')].filter(
      (video) => video.getAttribute('aria-label')?.startsWith('Video of ') === true && video.videoWidth > 0,
    );
    const played = videos.map((video) => video.getVideoPlaybackQuality());
    return {
      atMs: performance.now(),
      drawn,
      pictures: played.reduce((sum, { totalVideoFrames }) => sum + totalVideoFrames, 0),
      dropped: played.reduce((sum, { droppedVideoFrames }) => sum + droppedVideoFrames, 0),
      tiles: videos.length,
    };
  };
}

/** For who only sends: a page that nobody looks at asks for no pictures. */
export function lookAway(): void {
  Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' });
  Object.defineProperty(document, 'hidden', { get: () => true });
}

/** Where nothing is laid out nothing can be pressed. */
export function hangUp(): void {
  [...document.querySelectorAll('button')]
    .find((one) => one.getAttribute('aria-label') === 'End call')
    ?.click();
}

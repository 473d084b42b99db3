/** The whole page, not the video alone: controls, menus and a second caller have to stay in sight. */
export function toggleFullScreen(): void {
  const done =
    document.fullscreenElement === null
      ? document.documentElement.requestFullscreen()
      : document.exitFullscreen();
  // Refused without a press, or by a frame's policy: then the window stays as it is.
  done.catch(() => {});
}

export const canFullScreen = (): boolean => document.fullscreenEnabled;

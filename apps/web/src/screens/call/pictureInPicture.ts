export const canPictureInPicture = (): boolean => document.pictureInPictureEnabled ?? false;

/** The other's picture in a small window of its own, above other programs; or back from there. */
export function togglePictureInPicture(video: HTMLVideoElement | null): void {
  const done: Promise<unknown> | undefined =
    document.pictureInPictureElement === null
      ? video?.requestPictureInPicture()
      : document.exitPictureInPicture();
  // Refused before the first picture; there is nothing to show then.
  done?.catch(() => {});
}

import { createFloatingWindow, findDocumentPictureInPicture } from './floating/floatingWindow.ts';

export const floatingWindow = createFloatingWindow(globalThis.window);

const canFloat = (): boolean => findDocumentPictureInPicture(globalThis) !== null;
export const canPictureInPicture = (): boolean => canFloat() || (document.pictureInPictureEnabled ?? false);

/** The call in a small window of its own, above other programs; or back from there. Where there is no such window: the other's picture. */
export function togglePictureInPicture(video: HTMLVideoElement | null): void {
  if (floatingWindow.get() !== null) return floatingWindow.close();
  if (canFloat()) return void floatingWindow.open();
  const done: Promise<unknown> | undefined =
    document.pictureInPictureElement === null
      ? video?.requestPictureInPicture()
      : document.exitPictureInPicture();
  // Refused before the first picture; there is nothing to show then.
  done?.catch(() => {});
}

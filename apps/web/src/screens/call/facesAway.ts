/** A camera on the back shows what the person sees; only a picture of oneself is a mirror. */
export function facesAway(stream: MediaStream | null): boolean {
  return stream?.getVideoTracks()[0]?.getSettings().facingMode === 'environment';
}

import { useModel } from '../../components/store.tsx';

/**
 * A camera on the back shows what the person sees; only a picture of oneself is a mirror. Asked of the camera that is open, and
 * of the stream on pages that have only that: with another background it is no camera's any more.
 */
export function useFacesAway(stream: MediaStream | null): boolean {
  const isKnown = useModel((model) => model.media.facesAway);
  return isKnown || stream?.getVideoTracks()[0]?.getSettings().facingMode === 'environment';
}

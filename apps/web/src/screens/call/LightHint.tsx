import { ENOUGH_LIGHT, lookAtLight, openPicture } from '@visavis/client';
import { Lightbulb, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { IconButton } from '../../components/Button.tsx';
import { useCall, useModel } from '../../components/store.tsx';
import { callWords } from '../../words/call.ts';
import { words } from '../../words/index.ts';

/** Between two looks; each takes one picture. */
const LOOK_MS = 3_000;
/** By then a camera that is on has given a picture. */
const PICTURE_MS = 300;

/** Said to oneself alone, and once: how one lights a room is one's own affair. */
export function LightHint({ callKey }: { readonly callKey: string }) {
  const stream = useCall(callKey, ({ local, phase }) =>
    local.camera && phase.name === 'connected' ? local.stream : null,
  );
  const [putAway, setPutAway] = useState(false);
  // A picture behind them is as bright as it was drawn, and says nothing of the room.
  const isDrawn = useModel(
    ({ media, preferences }) => media.background === 'on' && preferences.background.kind === 'picture',
  );
  const isLow = useLowLight(putAway || isDrawn ? null : stream);
  if (!isLow) return null;
  return (
    <div className="capture-notice" role="status">
      <Lightbulb size={20} aria-hidden="true" />
      <div className="capture-text">
        <strong>{callWords.lowLight}</strong>
        <p>{callWords.lowLightHint}</p>
      </div>
      <IconButton label={words.common.dismiss} tip={null} onClick={() => setPutAway(true)}>
        <X size={18} />
      </IconButton>
    </div>
  );
}

function useLowLight(stream: MediaStream | null): boolean {
  const [light, setLight] = useState(ENOUGH_LIGHT);
  useEffect(() => {
    if (stream === null) return undefined;
    let close: (() => void) | null = null;
    const timer = setInterval(() => {
      const [track] = stream.getVideoTracks();
      if (track === undefined || document.visibilityState !== 'visible') return;
      const probe = openPicture(track);
      const looking = setTimeout(() => {
        const luma = probe.look();
        setLight((known) => lookAtLight(known, luma));
        close?.();
      }, PICTURE_MS);
      close = () => {
        clearTimeout(looking);
        probe.close();
        close = null;
      };
    }, LOOK_MS);
    return () => {
      clearInterval(timer);
      close?.();
      setLight(ENOUGH_LIGHT);
    };
  }, [stream]);
  return light.isLow;
}

import { Mic, MicOff, Video, VideoOff } from 'lucide-react';
import { useRef } from 'react';
import { useActions, useCall } from '../../../components/store.tsx';
import { words } from '../../../words/index.ts';
import { useLevel } from '../useLevel.ts';

const say = words.call;

/** Mute, with a meter that shows what the microphone hears and falls flat when it is muted. */
export function MuteButton({ callKey }: { readonly callKey: string }) {
  const { setMuted } = useActions();
  const muted = useCall(callKey, (call) => call.local.muted) ?? false;
  const button = useRef<HTMLButtonElement>(null);
  useLevel(button, callKey, 'local');
  const label = muted ? say.unmute : say.mute;
  return (
    <button
      ref={button}
      type="button"
      className="control control-mute"
      aria-label={label}
      aria-keyshortcuts="M"
      data-tip={`${label} (M)`}
      data-off={muted || undefined}
      onClick={() => setMuted(callKey, !muted)}
    >
      {muted ? <MicOff size={24} /> : <Mic size={24} />}
      <span className="meter" aria-hidden="true" />
    </button>
  );
}

export function CameraButton({ callKey }: { readonly callKey: string }) {
  const { setCamera } = useActions();
  const on = useCall(callKey, (call) => call.local.camera) ?? false;
  const label = on ? say.cameraOff : say.cameraOn;
  return (
    <button
      type="button"
      className="control"
      aria-label={label}
      aria-keyshortcuts="V"
      data-tip={`${label} (V)`}
      data-off={!on || undefined}
      onClick={() => setCamera(callKey, !on)}
    >
      {on ? <Video size={25} /> : <VideoOff size={25} />}
    </button>
  );
}

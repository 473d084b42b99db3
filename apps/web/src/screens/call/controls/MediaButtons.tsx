import { Mic, MicOff, Video, VideoOff } from 'lucide-react';
import { useRef } from 'react';
import { ControlButton } from '../../../components/ControlButton.tsx';
import { useActions, useCall } from '../../../components/store.tsx';
import { callWords as say } from '../../../words/call.ts';
import { useLevel } from '../useLevel.ts';

interface OfCall {
  readonly callKey: string;
}

/** Mute, with a meter that shows what the microphone hears and falls flat when it is muted. */
export function MuteButton({ callKey }: OfCall) {
  const { setMuted } = useActions();
  const muted = useCall(callKey, (call) => call.local.muted) ?? false;
  const button = useRef<HTMLButtonElement>(null);
  useLevel(button, callKey, 'local');
  return (
    <ControlButton
      ref={button}
      label={muted ? say.unmute : say.mute}
      shortcut="M"
      className="control-mute"
      off={muted}
      onClick={() => setMuted(callKey, !muted)}
    >
      {muted ? <MicOff size={24} /> : <Mic size={24} />}
      <span className="meter" aria-hidden="true" />
    </ControlButton>
  );
}

export function CameraButton({ callKey }: OfCall) {
  const { setCamera } = useActions();
  const on = useCall(callKey, (call) => call.local.camera) ?? false;
  return (
    <ControlButton
      label={on ? say.cameraOff : say.cameraOn}
      shortcut="V"
      off={!on}
      onClick={() => setCamera(callKey, !on)}
    >
      {on ? <Video size={25} /> : <VideoOff size={25} />}
    </ControlButton>
  );
}

import { Mic, Video, Volume2 } from 'lucide-react';
import { MenuChoice } from '../../../components/Menu.tsx';
import { useActions, useModel } from '../../../components/store.tsx';
import type { MediaChoice } from '../../../model/model.ts';
import { callWords } from '../../../words/call.ts';
import { settingsWords } from '../../../words/settings.ts';

/** Browsers keep the names back until camera or microphone has been allowed. */
export function named(choices: readonly MediaChoice[], kind: string): readonly MediaChoice[] {
  return choices.map((choice, index) => ({
    id: choice.id,
    label: choice.label || settingsWords.unnamed(kind, index + 1),
  }));
}

export function MicrophoneChoice() {
  const { chooseMicrophone } = useActions();
  const { microphones, microphoneId } = useModel((model) => model.media);
  return (
    <MenuChoice
      label={callWords.microphone}
      icon={<Mic size={14} aria-hidden="true" />}
      options={named(microphones, callWords.microphone)}
      chosen={microphoneId}
      onChoose={chooseMicrophone}
    />
  );
}

export function SpeakerChoice() {
  const { chooseSpeaker } = useActions();
  const { speakers, speakerId } = useModel((model) => model.media);
  return (
    <MenuChoice
      label={callWords.speaker}
      icon={<Volume2 size={14} aria-hidden="true" />}
      options={named(speakers, callWords.speaker)}
      chosen={speakerId}
      onChoose={chooseSpeaker}
    />
  );
}

export function CameraChoice() {
  const { chooseCamera } = useActions();
  const { cameras, cameraId } = useModel((model) => model.media);
  return (
    <MenuChoice
      label={callWords.camera}
      icon={<Video size={14} aria-hidden="true" />}
      options={named(cameras, callWords.camera)}
      chosen={cameraId}
      onChoose={chooseCamera}
    />
  );
}

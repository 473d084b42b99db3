import { Mic, Video, Volume2 } from 'lucide-react';
import { MenuChoice } from '../../../components/Menu.tsx';
import { useActions, useModel } from '../../../components/store.tsx';
import type { MediaChoice } from '../../../model/model.ts';
import { words } from '../../../words/index.ts';

/** Browsers keep the names back until camera or microphone has been allowed. */
export function named(choices: readonly MediaChoice[], kind: string): readonly MediaChoice[] {
  return choices.map((choice, index) => ({
    id: choice.id,
    label: choice.label || words.settings.unnamed(kind, index + 1),
  }));
}

export function MicrophoneChoice() {
  const { chooseMicrophone } = useActions();
  const { microphones, microphoneId } = useModel((model) => model.media);
  return (
    <MenuChoice
      label={words.call.microphone}
      icon={<Mic size={14} aria-hidden="true" />}
      options={named(microphones, words.call.microphone)}
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
      label={words.call.speaker}
      icon={<Volume2 size={14} aria-hidden="true" />}
      options={named(speakers, words.call.speaker)}
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
      label={words.call.camera}
      icon={<Video size={14} aria-hidden="true" />}
      options={named(cameras, words.call.camera)}
      chosen={cameraId}
      onChoose={chooseCamera}
    />
  );
}

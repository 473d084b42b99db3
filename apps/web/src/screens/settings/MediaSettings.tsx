import { Camera, Mic, Volume2 } from 'lucide-react';
import { useEffect, useId, useState, type ReactNode } from 'react';
import { Button } from '../../components/Button.tsx';
import { useActions, useModel } from '../../components/store.tsx';
import type { MediaChoice } from '../../model/model.ts';
import { settingsWords as say } from '../../words/settings.ts';
import { named } from '../call/controls/DeviceChoices.tsx';
import { Preview } from './Preview.tsx';
import { Section } from './Section.tsx';

/** Choice of camera, microphone and speaker, with oneself to look at while choosing. */
export function MediaSettings() {
  const actions = useActions();
  const media = useModel((model) => model.media);
  const [trying, setTrying] = useState(false);
  useEffect(() => {
    if (!trying) return undefined;
    actions.openPreview();
    // Leaving the settings puts the camera's light out, too.
    return () => actions.closePreview();
  }, [trying, actions]);
  return (
    <Section title={say.media}>
      {trying ? (
        <Preview onStop={() => setTrying(false)} />
      ) : (
        <div className="setting-row setting-wrap">
          <span className="setting-text">
            <span className="setting-label">{say.previewStart}</span>
            <span className="setting-hint">{say.previewHint}</span>
          </span>
          <Button look="primary" onClick={() => setTrying(true)}>
            {say.previewOpen}
          </Button>
        </div>
      )}
      <Choice
        icon={<Camera size={20} />}
        label={say.camera}
        none={say.noCamera}
        choices={media.cameras}
        chosen={media.cameraId}
        onChoose={actions.chooseCamera}
      />
      <Choice
        icon={<Mic size={20} />}
        label={say.microphone}
        none={say.noMicrophone}
        choices={media.microphones}
        chosen={media.microphoneId}
        onChoose={actions.chooseMicrophone}
      />
      <Choice
        icon={<Volume2 size={20} />}
        label={say.speaker}
        none={say.speakerUnsupported}
        choices={media.speakers}
        chosen={media.speakerId}
        onChoose={actions.chooseSpeaker}
      >
        <Button onClick={actions.testSpeaker}>{say.testSpeaker}</Button>
      </Choice>
    </Section>
  );
}

interface ChoiceProps {
  readonly icon: ReactNode;
  readonly label: string;
  readonly none: string;
  readonly choices: readonly MediaChoice[];
  readonly chosen: string | null;
  readonly onChoose: (id: string) => void;
  readonly children?: ReactNode;
}

function Choice({ icon, label, none, choices, chosen, onChoose, children }: ChoiceProps) {
  const id = useId();
  return (
    <div className="setting-row setting-wrap">
      <span className="device-icon" aria-hidden="true">
        {icon}
      </span>
      <span className="setting-text">
        <label className="setting-label" htmlFor={choices.length > 0 ? id : undefined}>
          {label}
        </label>
        {choices.length === 0 && <span className="setting-hint">{none}</span>}
      </span>
      {choices.length > 0 && (
        <select
          id={id}
          className="select"
          value={chosen ?? choices[0]?.id}
          onChange={(event) => onChoose(event.target.value)}
        >
          {named(choices, label).map((choice) => (
            <option key={choice.id} value={choice.id}>
              {choice.label}
            </option>
          ))}
        </select>
      )}
      {children}
    </div>
  );
}

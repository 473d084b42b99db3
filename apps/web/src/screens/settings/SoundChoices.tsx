import { Button } from '../../components/Button.tsx';
import { Segmented } from '../../components/Segmented.tsx';
import { Switch } from '../../components/Switch.tsx';
import { useActions, useModel } from '../../components/store.tsx';
import type { SoundWishes } from '../../model/model.ts';
import { soundWords as say } from '../../words/sound.ts';

const MODES = ['voice', 'strong', 'music'] as const;

/** What becomes of the own voice: in the settings, and in a call, where it holds at once. */
export function SoundChoices() {
  const { changePreferences } = useActions();
  const sound = useModel((model) => model.preferences.sound);
  const strongNoise = useModel((model) => model.media.strongNoise);
  const can = useModel((model) => model.media.switchable);
  const change = (next: Partial<SoundWishes>): void => changePreferences({ sound: { ...sound, ...next } });
  const modes = MODES.filter((mode) => mode !== 'strong' || strongNoise !== 'unsupported');
  const hasFailed = sound.mode === 'strong' && strongNoise === 'failed';
  return (
    <>
      <div className="setting-row setting-stacked">
        <span className="setting-label">{say.mode}</span>
        <Segmented
          label={say.mode}
          value={sound.mode}
          options={modes.map((value) => ({ value, label: say.modeChoice[value] }))}
          onChange={(mode) => change({ mode })}
        />
        <span className="setting-hint" role="status">
          {hintFor(sound.mode, strongNoise)}
        </span>
        {hasFailed && (
          <Button
            onClick={() => {
              change({ mode: 'voice' });
              change({ mode: 'strong' });
            }}
          >
            {say.tryAgain}
          </Button>
        )}
      </div>
      {sound.mode !== 'music' && (
        <>
          {can.echoCancellation && (
            <Switch
              label={say.echoCancellation}
              hint={say.echoCancellationHint}
              checked={sound.echoCancellation}
              onChange={(echoCancellation) => change({ echoCancellation })}
            />
          )}
          {can.noiseSuppression && (
            <Switch
              label={say.noiseSuppression}
              hint={say.noiseSuppressionHint}
              checked={sound.noiseSuppression}
              onChange={(noiseSuppression) => change({ noiseSuppression })}
            />
          )}
          {can.autoGainControl && (
            <Switch
              label={say.gainControl}
              hint={say.gainControlHint}
              checked={sound.gainControl}
              onChange={(gainControl) => change({ gainControl })}
            />
          )}
        </>
      )}
    </>
  );
}

function hintFor(mode: SoundWishes['mode'], strongNoise: string): string {
  if (mode !== 'strong') return say.modeHint[mode];
  if (strongNoise === 'failed') return say.strongFailed;
  if (strongNoise === 'unsupported') return say.strongUnsupported;
  return strongNoise === 'starting' ? say.strongStarting : say.modeHint.strong;
}

import { Bell, Play, Square } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from '../../components/Button.tsx';
import { Segmented } from '../../components/Segmented.tsx';
import { Switch } from '../../components/Switch.tsx';
import { useActions, useApp, useModel } from '../../components/store.tsx';
import { settingsWords as say } from '../../words/settings.ts';
import { Section } from './Section.tsx';

const THEMES = ['system', 'light', 'dark'] as const;

/** What belongs to this browser alone. */
export function LookSettings() {
  const { changePreferences, allowNotifications } = useActions();
  const preferences = useModel((model) => model.preferences);
  const { theme, sounds, notifications } = preferences;
  return (
    <Section title={say.look}>
      <div className="setting-row setting-wrap">
        <span className="setting-text">
          <span className="setting-label">{say.theme}</span>
        </span>
        <Segmented
          label={say.theme}
          value={theme}
          options={THEMES.map((value) => ({ value, label: say.themeChoice[value] }))}
          onChange={(theme) => changePreferences({ theme })}
        />
      </div>
      <Switch
        label={say.sounds}
        hint={say.soundsHint}
        checked={sounds}
        onChange={(sounds) => changePreferences({ sounds })}
      />
      <RingtoneRow />
      <div className="setting-row">
        <span className="setting-text">
          <span className="setting-label">{say.notifications}</span>
          <span className="setting-hint">{say.notificationsState[notifications]}</span>
        </span>
        {notifications === 'unasked' && (
          <Button icon={<Bell size={18} aria-hidden="true" />} onClick={() => allowNotifications()}>
            {say.allowNotifications}
          </Button>
        )}
      </div>
    </Section>
  );
}

function RingtoneRow() {
  const { sounds } = useApp();
  const [playing, setPlaying] = useState(false);
  useEffect(() => (playing ? sounds.ring() : undefined), [playing, sounds]);
  const label = playing ? say.stopRingtone : say.playRingtone;
  return (
    <div className="setting-row">
      <span className="setting-text">
        <span className="setting-label">{say.ringtone}</span>
      </span>
      <Button
        aria-label={label}
        icon={
          playing ? (
            <Square size={16} fill="currentColor" aria-hidden="true" />
          ) : (
            <Play size={18} aria-hidden="true" />
          )
        }
        onClick={() => setPlaying(!playing)}
      >
        {playing ? say.previewStop : say.play}
      </Button>
    </div>
  );
}

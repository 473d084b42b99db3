import { Segmented } from '../../components/Segmented.tsx';
import { Switch } from '../../components/Switch.tsx';
import { useActions, useModel } from '../../components/store.tsx';
import { settingsWords as say } from '../../words/settings.ts';
import { Section } from './Section.tsx';

const POLICIES = ['ring', 'silent', 'nothing'] as const;

/** How calls reach this person; the same on all devices. */
export function CallSettings() {
  const { changeSettings } = useActions();
  const settings = useModel((model) =>
    model.account.state === 'signed_in' ? model.account.me.settings : null,
  );
  if (settings === null) return null;
  return (
    <Section title={say.calls}>
      <Switch
        label={say.doNotDisturb}
        hint={say.doNotDisturbHint}
        checked={settings.doNotDisturb}
        onChange={(doNotDisturb) => changeSettings({ doNotDisturb })}
      />
      <Switch
        label={say.callWaiting}
        hint={say.callWaitingHint}
        checked={settings.callWaiting}
        onChange={(callWaiting) => changeSettings({ callWaiting })}
      />
      <div className="setting-row setting-stacked">
        <span className="setting-label">{say.strangers}</span>
        <Segmented
          label={say.strangers}
          value={settings.strangers}
          options={POLICIES.map((value) => ({ value, label: say.strangersChoice[value] }))}
          onChange={(strangers) => changeSettings({ strangers })}
        />
      </div>
    </Section>
  );
}

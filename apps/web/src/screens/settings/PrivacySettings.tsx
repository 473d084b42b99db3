import { Switch } from '../../components/Switch.tsx';
import { useActions, useModel } from '../../components/store.tsx';
import { hidingOf } from '../../model/hiding.ts';
import { settingsWords as say } from '../../words/settings.ts';
import { Section } from './Section.tsx';

/** What others may learn of this person; the same on all devices. */
export function PrivacySettings() {
  const { changeSettings } = useActions();
  const hiding = useModel(hidingOf);
  if (hiding === null) return null;
  return (
    <Section title={say.privacy}>
      <Switch
        label={say.hideAddress}
        hint={say.hideAddressHint[hiding]}
        checked={hiding === 'on' || hiding === 'on_without_relay'}
        onChange={(hideAddress) => changeSettings({ hideAddress })}
      />
    </Section>
  );
}

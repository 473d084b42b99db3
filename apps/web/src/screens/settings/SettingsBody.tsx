import { Keyboard } from 'lucide-react';
import { Button } from '../../components/Button.tsx';
import { Logo } from '../../components/Logo.tsx';
import { backgroundWords } from '../../words/background.ts';
import { settingsWords as say } from '../../words/settings.ts';
import { soundWords } from '../../words/sound.ts';
import { CheckSection } from '../check/CheckSection.tsx';
import { IdentitySection } from '../identity/IdentitySection.tsx';
import { useUi } from '../ui.ts';
import { BackgroundChoices } from './BackgroundChoices.tsx';
import { CallSettings } from './CallSettings.tsx';
import { DeviceList } from './DeviceList.tsx';
import { LookSettings } from './LookSettings.tsx';
import { MediaSettings } from './MediaSettings.tsx';
import { MeCard } from './MeCard.tsx';
import { PrivacySettings } from './PrivacySettings.tsx';
import { QualitySettings } from './QualitySettings.tsx';
import { Section } from './Section.tsx';
import { SoundChoices } from './SoundChoices.tsx';
import { VolumesKept } from './VolumesKept.tsx';

export default function SettingsBody() {
  const { showShortcuts } = useUi();
  return (
    <div className="settings-body">
      <MeCard />
      <MediaSettings />
      <Section title={backgroundWords.title}>
        <BackgroundChoices />
      </Section>
      <Section title={soundWords.title}>
        <SoundChoices />
        <VolumesKept />
      </Section>
      <CheckSection />
      <QualitySettings />
      <CallSettings />
      <PrivacySettings />
      <LookSettings />
      <IdentitySection />
      <DeviceList />
      <Section title={say.shortcuts}>
        <div className="setting-row">
          <span className="setting-text">
            <span className="setting-label">{say.shortcuts}</span>
          </span>
          <Button icon={<Keyboard size={18} aria-hidden="true" />} onClick={showShortcuts}>
            {say.shortcutsShow}
          </Button>
        </div>
      </Section>
      <Section title={say.about}>
        <div className="about">
          <Logo size={36} />
          <p>{say.aboutBody}</p>
        </div>
      </Section>
    </div>
  );
}

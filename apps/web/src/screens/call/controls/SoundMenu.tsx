import { AudioLines, SlidersHorizontal } from 'lucide-react';
import { lazy, Suspense, useRef, useState } from 'react';
import { MenuChoice, MenuItem } from '../../../components/Menu.tsx';
import { useActions, useModel } from '../../../components/store.tsx';
import type { SoundWishes } from '../../../model/model.ts';
import { settingsWords } from '../../../words/settings.ts';
import { soundWords as say } from '../../../words/sound.ts';
import { useLevel } from '../useLevel.ts';
import { MicrophoneChoice, SpeakerChoice } from './DeviceChoices.tsx';

const SoundDialog = lazy(() => import('./SoundDialog.tsx'));

const MODES: readonly SoundWishes['mode'][] = ['voice', 'strong', 'music'];

interface OfCall {
  readonly callKey: string;
}

/** What the microphone hears; flat when it is muted. */
export function MicrophoneMeter({ callKey }: OfCall) {
  const meter = useRef<HTMLDivElement>(null);
  useLevel(meter, callKey, 'local');
  return (
    <div className="level" ref={meter} role="img" aria-label={settingsWords.microphoneLevel}>
      <span />
    </div>
  );
}

/** All about sound, within a menu of a call. */
export function SoundItems({ callKey, onOpen }: OfCall & { readonly onOpen: () => void }) {
  return (
    <>
      <MicrophoneChoice />
      <div className="menu-level">
        <MicrophoneMeter callKey={callKey} />
      </div>
      <VoiceChoice />
      <SpeakerChoice />
      <MenuItem icon={<SlidersHorizontal size={18} />} onSelect={onOpen}>
        {say.open}
      </MenuItem>
    </>
  );
}

function VoiceChoice() {
  const { changePreferences } = useActions();
  const sound = useModel((model) => model.preferences.sound);
  const canBeStrong = useModel((model) => model.media.strongNoise !== 'unsupported');
  return (
    <MenuChoice
      label={say.mode}
      icon={<AudioLines size={14} aria-hidden="true" />}
      options={MODES.filter((mode) => mode !== 'strong' || canBeStrong).map((mode) => ({
        id: mode,
        label: say.modeChoice[mode],
      }))}
      chosen={sound.mode}
      onChoose={(id) => {
        const mode = MODES.find((mode) => mode === id);
        if (mode !== undefined) changePreferences({ sound: { ...sound, mode } });
      }}
    />
  );
}

/** The dialog that {@link SoundItems} open: beside their menu, not in it, which closes. */
export function useSoundDialog(callKey: string) {
  const [isOpen, setOpen] = useState(false);
  const dialog = isOpen ? (
    <Suspense>
      <SoundDialog callKey={callKey} onClose={() => setOpen(false)} />
    </Suspense>
  ) : null;
  return { dialog, open: () => setOpen(true) };
}

import { AudioLines, MicOff, X } from 'lucide-react';
import { useState } from 'react';
import { useActions, useCall, useModel } from '../../components/store.tsx';
import type { MicrophoneHint as Hint } from '../../model/model.ts';
import { soundWords as say } from '../../words/sound.ts';
import { words } from '../../words/index.ts';
import { useSoundDialog } from './controls/SoundMenu.tsx';

/** What the person would not notice by themselves: that they are not heard, or not well. Put away, it stays away. */
export function MicrophoneHint({ callKey }: { readonly callKey: string }) {
  const { setMuted, changePreferences } = useActions();
  const [putAway, setPutAway] = useState<readonly Hint[]>([]);
  const dialog = useSoundDialog(callKey);
  const hint = useCall(callKey, ({ local }) => local.hint);
  const sound = useModel((model) => model.preferences.sound);
  const canBeStrong = useModel(({ media }) => media.strongNoise === 'off');
  const isOver = hint === 'noisy' && (sound.mode !== 'voice' || !canBeStrong);
  if (hint === null || isOver || putAway.includes(hint)) return dialog.dialog;
  const act = (): void => {
    if (hint === 'talks_muted') setMuted(callKey, false);
    else if (hint === 'noisy') changePreferences({ sound: { ...sound, mode: 'strong' } });
    else dialog.open();
  };
  const Icon = hint === 'noisy' ? AudioLines : MicOff;
  return (
    <>
      <div className="hint" role="status" data-hint={hint}>
        <Icon size={18} aria-hidden="true" />
        <span>{say.hint[hint]}</span>
        <button type="button" onClick={act}>
          {say.hintAction[hint]}
        </button>
        {hint !== 'talks_muted' && (
          <button
            type="button"
            aria-label={words.common.dismiss}
            onClick={() => setPutAway((before) => [...before, hint])}
          >
            <X size={18} aria-hidden="true" />
          </button>
        )}
      </div>
      {dialog.dialog}
    </>
  );
}

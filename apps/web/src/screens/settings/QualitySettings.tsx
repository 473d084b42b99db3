import { BUDGETS_MB } from '@visavis/client';
import { Segmented } from '../../components/Segmented.tsx';
import { Switch } from '../../components/Switch.tsx';
import { useActions, useModel } from '../../components/store.tsx';
import type { QualityWishes } from '../../model/model.ts';
import { qualityWords } from '../../words/quality.ts';
import { settingsWords } from '../../words/settings.ts';
import { Section } from './Section.tsx';

const say = settingsWords.quality;
const PREFER = ['smooth', 'sharp'] as const;
const BUDGETS = [null, ...BUDGETS_MB] as const;
const LINES = [720, 360, 180] as const;

/** What pictures in calls may cost; on this device, calls that go on included. */
export function QualitySettings() {
  const { changePreferences } = useActions();
  const quality = useModel((model) => model.preferences.quality);
  const change = (next: Partial<QualityWishes>): void =>
    changePreferences({ quality: { ...quality, ...next } });
  return (
    <Section title={say.title}>
      <Switch
        label={say.lowData}
        hint={say.lowDataHint}
        checked={quality.lowData}
        onChange={(lowData) => change({ lowData })}
      />
      <div className="setting-row setting-stacked">
        <span className="setting-label">{say.mostLines}</span>
        <Segmented
          label={say.mostLines}
          value={String(quality.mostLines)}
          options={LINES.map((lines) => ({ value: String(lines), label: say.lines[lines] }))}
          onChange={(value) => change({ mostLines: LINES.find((lines) => String(lines) === value) ?? 720 })}
        />
      </div>
      <div className="setting-row setting-stacked">
        <span className="setting-label">{qualityWords.budgetTitle}</span>
        <Segmented
          label={qualityWords.budgetTitle}
          value={String(quality.budgetMb)}
          options={BUDGETS.map((megabytes) => ({
            value: String(megabytes),
            label: qualityWords.budgetChoice(megabytes),
          }))}
          onChange={(value) =>
            change({ budgetMb: BUDGETS.find((megabytes) => String(megabytes) === value) ?? null })
          }
        />
        <span className="setting-hint">{qualityWords.budgetHint}</span>
      </div>
      <div className="setting-row setting-stacked">
        <span className="setting-label">{say.prefer}</span>
        <Segmented
          label={say.prefer}
          value={quality.prefer}
          options={PREFER.map((value) => ({ value, label: say.preferChoice[value] }))}
          onChange={(prefer) => change({ prefer })}
        />
      </div>
    </Section>
  );
}

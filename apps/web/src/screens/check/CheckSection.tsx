import { Button } from '../../components/Button.tsx';
import { useActions } from '../../components/store.tsx';
import { words } from '../../words/index.ts';
import { Section } from '../settings/Section.tsx';

const say = words.check;

/** In the settings: the way to the check before a call. */
export function CheckSection() {
  const { openCheck } = useActions();
  return (
    <Section title={say.section}>
      <div className="setting-row setting-wrap">
        <span className="setting-text">
          <span className="setting-label">{say.label}</span>
          <span className="setting-hint">{say.hint}</span>
        </span>
        <Button onClick={() => openCheck(null)}>{say.open}</Button>
      </div>
    </Section>
  );
}

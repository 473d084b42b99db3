import { Button } from '../../components/Button.tsx';
import { useActions, useModel } from '../../components/store.tsx';
import { soundWords as say } from '../../words/sound.ts';

/** That others are heard softer, or not at all, also in the next call; nothing where nobody is. */
export function VolumesKept() {
  const { forgetVolumes } = useActions();
  const count = useModel((model) => model.preferences.keptVolumes);
  if (count === 0) return null;
  return (
    <div className="setting-row setting-wrap">
      <span className="setting-text">
        <span className="setting-label">{say.kept}</span>
        <span className="setting-hint">{say.keptHint(count)}</span>
      </span>
      <Button onClick={forgetVolumes}>{say.forget}</Button>
    </div>
  );
}

import { CircleOff, Droplets, Image, ImagePlus } from 'lucide-react';
import { useId, useRef, type ReactNode } from 'react';
import { Button } from '../../components/Button.tsx';
import { useActions, useModel } from '../../components/store.tsx';
import { BACKGROUND_PICTURES, OWN_PICTURE } from '../../model/backgrounds.ts';
import type { BackgroundWish } from '../../model/model.ts';
import { backgroundWords as say } from '../../words/background.ts';

const NONE: BackgroundWish = { kind: 'none' };
const OWN: BackgroundWish = { kind: 'picture', name: OWN_PICTURE };

/** What is behind oneself: in the settings, and in a call, where it holds at once. */
export function BackgroundChoices() {
  const { changePreferences, chooseOwnBackground } = useActions();
  const wish = useModel((model) => model.preferences.background);
  const hasOwn = useModel((model) => model.preferences.ownBackground);
  const state = useModel((model) => model.media.background);
  const file = useRef<HTMLInputElement>(null);
  const group = useId();
  const choose = (background: BackgroundWish): void => changePreferences({ background });
  if (state === 'unsupported') {
    return (
      <div className="setting-row">
        <span className="setting-hint">{say.hint.unsupported}</span>
      </div>
    );
  }
  const tile = (choice: BackgroundWish, label: string, face: ReactNode) => (
    <label key={label} className="background-choice">
      <input
        type="radio"
        className="sr-only"
        name={group}
        checked={isSame(choice, wish)}
        onChange={() => choose(choice)}
      />
      <span className="background-face">{face}</span>
      <span className="background-name">{label}</span>
    </label>
  );
  return (
    <div className="setting-row setting-stacked">
      <fieldset className="background-choices">
        <legend className="setting-label">{say.label}</legend>
        {tile(NONE, say.none, <CircleOff size={24} aria-hidden="true" />)}
        {tile({ kind: 'blur' }, say.blur, <Droplets size={24} aria-hidden="true" />)}
        {BACKGROUND_PICTURES.map(({ name, url }) =>
          tile({ kind: 'picture', name }, say.picture[name], <img src={url} alt="" />),
        )}
        {hasOwn && tile(OWN, say.picture.own, <Image size={24} aria-hidden="true" />)}
      </fieldset>
      <span className="setting-hint" role="status">
        {say.hint[state]}
      </span>
      <div className="background-foot">
        <input
          ref={file}
          type="file"
          accept="image/*"
          className="sr-only"
          tabIndex={-1}
          aria-label={say.add}
          onChange={({ currentTarget }) => {
            const [chosen] = currentTarget.files ?? [];
            if (chosen !== undefined) chooseOwnBackground(chosen);
            // The same one can be chosen again.
            currentTarget.value = '';
          }}
        />
        <Button icon={<ImagePlus size={18} aria-hidden="true" />} onClick={() => file.current?.click()}>
          {hasOwn ? say.change : say.add}
        </Button>
        {(state === 'failed' || state === 'too_slow') && (
          <Button
            onClick={() => {
              choose(NONE);
              choose(wish);
            }}
          >
            {say.tryAgain}
          </Button>
        )}
      </div>
      <span className="setting-hint">{say.addHint}</span>
    </div>
  );
}

const isSame = (one: BackgroundWish, other: BackgroundWish): boolean =>
  one.kind === other.kind &&
  (one.kind !== 'picture' || (other.kind === 'picture' && one.name === other.name));

import { LIMITS } from '@visavis/protocol';
import { words } from '../../words/index.ts';

const say = words.groups.create;

interface GroupNameFieldProps {
  readonly name: string;
  readonly onChange: (name: string) => void;
}

/** What a group that is kept is called. */
export function GroupNameField({ name, onChange }: GroupNameFieldProps) {
  return (
    <label className="field">
      {say.name}
      <input
        type="text"
        value={name}
        maxLength={LIMITS.groupTitleLength}
        placeholder={say.namePlaceholder}
        autoComplete="off"
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  );
}

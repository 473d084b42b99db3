import { LIMITS } from '@visavis/protocol';
import { groupFormWords as say } from '../../words/groupForm.ts';

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

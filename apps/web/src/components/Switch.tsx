import { useId } from 'react';

interface SwitchProps {
  readonly label: string;
  readonly hint?: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

/** A row of the settings that is on or off; the whole row is the target. */
export function Switch({ label, hint, checked, onChange }: SwitchProps) {
  const hintId = useId();
  const labelId = useId();
  return (
    <button
      type="button"
      role="switch"
      aria-checked={checked}
      aria-labelledby={labelId}
      aria-describedby={hint === undefined ? undefined : hintId}
      className="setting-row setting-switch"
      onClick={() => onChange(!checked)}
    >
      <span className="setting-text">
        <span id={labelId} className="setting-label">
          {label}
        </span>
        {hint !== undefined && (
          <span id={hintId} className="setting-hint">
            {hint}
          </span>
        )}
      </span>
      <span className="switch" aria-hidden="true">
        <span className="switch-knob" />
      </span>
    </button>
  );
}

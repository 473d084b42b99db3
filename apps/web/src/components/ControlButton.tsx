import type { ReactNode, Ref } from 'react';

interface ControlButtonProps {
  /** What a press does next. */
  readonly label: string;
  /** The key that does the same. */
  readonly shortcut?: string;
  readonly className?: string;
  readonly ref?: Ref<HTMLButtonElement>;
  readonly on?: boolean;
  readonly off?: boolean;
  /** Of a button that opens something: whether that is open. */
  readonly expanded?: boolean;
  readonly description?: string | undefined;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

/** A round button of a call. */
export function ControlButton({
  label,
  shortcut,
  className = '',
  ref,
  on = false,
  off = false,
  expanded,
  description,
  onClick,
  children,
}: ControlButtonProps) {
  return (
    <button
      ref={ref}
      type="button"
      className={`control ${className}`.trim()}
      aria-label={label}
      aria-description={description}
      aria-expanded={expanded}
      aria-keyshortcuts={shortcut}
      data-tip={shortcut === undefined ? label : `${label} (${shortcut})`}
      data-on={on || undefined}
      data-off={off || undefined}
      onClick={onClick}
    >
      {children}
    </button>
  );
}

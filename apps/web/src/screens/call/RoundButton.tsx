import type { ReactNode } from 'react';

interface RoundButtonProps {
  /** Accessible name. */
  readonly label: string;
  /** What stands below, where that is shorter. */
  readonly text?: string;
  readonly look: 'answer' | 'end' | 'glass' | 'light';
  readonly onClick: () => void;
  readonly children: ReactNode;
}

/** A large round button with its word below. */
export function RoundButton({ label, text = label, look, onClick, children }: RoundButtonProps) {
  return (
    <button type="button" className="round-button" data-look={look} aria-label={label} onClick={onClick}>
      <span className="round-face">{children}</span>
      <span className="round-text">{text}</span>
    </button>
  );
}

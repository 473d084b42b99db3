import type { ReactNode } from 'react';

interface EmptyStateProps {
  readonly picture?: ReactNode;
  readonly title: string;
  readonly hint?: string;
  readonly action?: ReactNode;
}

/** A list with nothing in it: says so kindly, and what to do next. */
export function EmptyState({ picture, title, hint, action }: EmptyStateProps) {
  return (
    <div className="empty">
      {picture !== undefined && (
        <div className="empty-picture" aria-hidden="true">
          {picture}
        </div>
      )}
      <p className="empty-title">{title}</p>
      {hint !== undefined && <p className="empty-hint">{hint}</p>}
      {action}
    </div>
  );
}

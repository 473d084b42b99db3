import { useId, type ReactNode } from 'react';

interface SectionProps {
  readonly title: string;
  readonly hint?: string;
  readonly children: ReactNode;
}

export function Section({ title, hint, children }: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="setting-section">
      <h2 id={id}>{title}</h2>
      {hint !== undefined && <p className="section-hint">{hint}</p>}
      <div className="card">{children}</div>
    </section>
  );
}

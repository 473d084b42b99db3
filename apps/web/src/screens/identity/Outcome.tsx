import { CircleCheck, TriangleAlert } from 'lucide-react';

interface OutcomeProps {
  readonly good: boolean;
  readonly title: string;
  readonly body: string;
}

/** How something ended, in the place where it was done. */
export function Outcome({ good, title, body }: OutcomeProps) {
  const Icon = good ? CircleCheck : TriangleAlert;
  return (
    <div className="outcome" data-good={good} role="status">
      <Icon size={40} aria-hidden="true" />
      <strong>{title}</strong>
      <p>{body}</p>
    </div>
  );
}

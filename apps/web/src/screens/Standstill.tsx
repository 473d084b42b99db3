import type { ReactNode } from 'react';
import { Button } from '../components/Button.tsx';
import { Logo } from '../components/Logo.tsx';
import { useActions, useModel } from '../components/store.tsx';
import { words } from '../words/index.ts';

interface StandstillProps {
  readonly title: string;
  readonly body: string;
  readonly children?: ReactNode;
}

/** A page with one thing to say and one thing to do. */
export function Standstill({ title, body, children }: StandstillProps) {
  return (
    <main className="standstill">
      <div className="standstill-card">
        <Logo size={52} />
        <h1>{title}</h1>
        <p>{body}</p>
        {children}
      </div>
    </main>
  );
}

export function Unreachable() {
  const { retry } = useActions();
  return (
    <Standstill title={words.unreachable.title} body={words.unreachable.body}>
      <Button look="primary" onClick={() => retry()}>
        {words.common.tryAgain}
      </Button>
    </Standstill>
  );
}

export function Replaced() {
  const { useHere: takeOver } = useActions();
  const service = useModel((model) => model.service.name);
  return (
    <Standstill title={words.replaced.title(service)} body={words.replaced.body}>
      <Button look="primary" onClick={takeOver}>
        {words.replaced.action}
      </Button>
    </Standstill>
  );
}

/** GRP6: a guest has nothing here but the one call. */
export function GuestGone() {
  return <Standstill title={words.groups.guestGone.title} body={words.groups.guestGone.body} />;
}

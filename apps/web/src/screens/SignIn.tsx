import { ShieldCheck } from 'lucide-react';
import { Avatar } from '../components/Avatar.tsx';
import { Button } from '../components/Button.tsx';
import { EmptyState } from '../components/EmptyState.tsx';
import { Logo } from '../components/Logo.tsx';
import { useActions, useModel } from '../components/store.tsx';
import type { Loadable, UserSummary } from '../model/model.ts';
import { words } from '../words/index.ts';

export function SignIn() {
  const service = useModel((model) => model.service);
  const account = useModel((model) => model.account);
  if (account.state !== 'signed_out') return null;
  return (
    <main className="sign-in">
      <header className="sign-in-head">
        <Logo size={56} />
        <h1>{words.signIn.title(service.name)}</h1>
        <p className="sign-in-promise">
          <ShieldCheck size={16} aria-hidden="true" />
          {words.signIn.promise}
        </p>
      </header>
      {service.demo ? (
        <section className="sign-in-people" aria-labelledby="choose">
          <h2 id="choose">{words.signIn.choose}</h2>
          <p className="demo-note">
            <span className="demo-mark">{words.signIn.demoMark}</span>
            {words.signIn.demoBody}
          </p>
          <PeopleGrid people={account.people} busyUserId={account.busyUserId} />
        </section>
      ) : (
        <EmptyState title={words.signIn.closed} />
      )}
    </main>
  );
}

interface PeopleGridProps {
  readonly people: Loadable<readonly UserSummary[]>;
  readonly busyUserId: string | null;
}

function PeopleGrid({ people, busyUserId }: PeopleGridProps) {
  const { continueAs, retry } = useActions();
  if (people.state === 'failed') {
    return (
      <EmptyState
        title={words.signIn.failed}
        action={<Button onClick={() => retry()}>{words.common.tryAgain}</Button>}
      />
    );
  }
  if (people.state === 'loading') {
    return (
      <ul className="people-grid" aria-label={words.common.loading}>
        {Array.from({ length: 10 }, (_, index) => (
          <li key={index}>
            <span className="person-tile skeleton-tile">
              <span className="skeleton skeleton-round" />
              <span className="skeleton skeleton-line" />
            </span>
          </li>
        ))}
      </ul>
    );
  }
  if (people.value.length === 0) return <EmptyState title={words.signIn.none} />;
  return (
    <ul className="people-grid">
      {people.value.map((person) => (
        <li key={person.userId}>
          <button
            type="button"
            className="person-tile"
            aria-label={words.signIn.continueAs(person.name)}
            aria-busy={busyUserId === person.userId}
            disabled={busyUserId !== null}
            onClick={() => continueAs(person.userId)}
          >
            <Avatar person={person} />
            <span className="person-tile-name">{person.name}</span>
            {busyUserId === person.userId && (
              <span className="sr-only" role="status">
                {words.signIn.busy(person.name)}
              </span>
            )}
          </button>
        </li>
      ))}
    </ul>
  );
}

import { Search, UserPlus, UserSearch, X } from 'lucide-react';
import { lazy, Suspense, useDeferredValue, useMemo, useState } from 'react';
import { Button, IconButton } from '../../components/Button.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { useActions, useModel } from '../../components/store.tsx';
import type { Contact } from '../../model/model.ts';
import { words } from '../../words/index.ts';
import { GroupList, NewGroupButton, OngoingCalls } from '../groups/Groups.tsx';
import { RowsSkeleton } from '../home/HomeSkeleton.tsx';
import { PersonRow } from './PersonRow.tsx';
import { groupPeople } from './search.ts';

const say = words.contacts;
const OwnCalls = lazy(() => import('../moves/OwnCalls.tsx'));

export function People({ selectedId }: { readonly selectedId: string | null }) {
  const contacts = useModel((model) => model.contacts);
  const isElsewhere = useModel((model) => model.ownCalls.length > 0);
  const { retry } = useActions();
  const [query, setQuery] = useState('');
  const sought = useDeferredValue(query);
  return (
    <section className="people" aria-label={say.region}>
      <SearchField query={query} onChange={setQuery} />
      <div className="scroll">
        {query === '' && (
          <>
            {isElsewhere && (
              <Suspense>
                <OwnCalls />
              </Suspense>
            )}
            <OngoingCalls />
            <NewGroupButton />
            <GroupList />
          </>
        )}
        {contacts.state === 'loading' && <RowsSkeleton count={9} />}
        {contacts.state === 'failed' && (
          <EmptyState
            title={say.failed}
            action={<Button onClick={() => retry()}>{words.common.tryAgain}</Button>}
          />
        )}
        {contacts.state === 'ready' && (
          <PeopleList contacts={contacts.value} query={sought} selectedId={selectedId} />
        )}
      </div>
    </section>
  );
}

interface SearchFieldProps {
  readonly query: string;
  readonly onChange: (query: string) => void;
}

function SearchField({ query, onChange }: SearchFieldProps) {
  return (
    <div className="search list-pad">
      <Search size={18} aria-hidden="true" />
      <input
        type="search"
        aria-label={say.search}
        placeholder={say.search}
        value={query}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onChange('');
        }}
      />
      {query !== '' && (
        <IconButton label={say.clearSearch} tip={null} onClick={() => onChange('')}>
          <X size={18} />
        </IconButton>
      )}
    </div>
  );
}

interface PeopleListProps {
  readonly contacts: readonly Contact[];
  readonly query: string;
  readonly selectedId: string | null;
}

function PeopleList({ contacts, query, selectedId }: PeopleListProps) {
  const groups = useMemo(() => groupPeople(contacts, query), [contacts, query]);
  const found = groups.favourites.length + groups.others.length + groups.blocked.length;
  if (contacts.length === 0) {
    return <EmptyState picture={<UserPlus size={40} />} title={say.empty} hint={say.emptyHint} />;
  }
  const titled = groups.favourites.length > 0 || groups.blocked.length > 0;
  return (
    <>
      <span className="sr-only" role="status">
        {query === '' ? '' : say.found(found)}
      </span>
      {found === 0 && (
        <EmptyState picture={<UserSearch size={40} />} title={say.noMatch(query)} hint={say.noMatchHint} />
      )}
      <Group title={say.favourites} people={groups.favourites} selectedId={selectedId} />
      <Group title={titled ? say.everyone : null} people={groups.others} selectedId={selectedId} />
      <Group title={say.blocked} people={groups.blocked} selectedId={selectedId} />
    </>
  );
}

interface GroupProps {
  readonly title: string | null;
  readonly people: readonly Contact[];
  readonly selectedId: string | null;
}

function Group({ title, people, selectedId }: GroupProps) {
  if (people.length === 0) return null;
  return (
    <>
      {title !== null && <h2 className="group-title">{title}</h2>}
      <ul className="rows">
        {people.map((contact) => (
          <PersonRow
            key={contact.user.userId}
            contact={contact}
            selected={contact.user.userId === selectedId}
          />
        ))}
      </ul>
    </>
  );
}

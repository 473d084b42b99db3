import { Check, Search, X } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Avatar } from '../../components/Avatar.tsx';
import { PresenceDot } from '../../components/Presence.tsx';
import type { Contact, UserSummary } from '../../model/model.ts';
import { groupFormWords as say } from '../../words/groupForm.ts';
import { firstName } from '../../words/names.ts';
import { groupPeople } from '../people/search.ts';

interface PeoplePickerProps {
  readonly contacts: readonly Contact[];
  readonly chosen: readonly UserSummary[];
  /** How many can be chosen at most. */
  readonly most: number;
  readonly onChange: (chosen: readonly UserSummary[]) => void;
}

/** Several people out of the contacts: searched by name, taken out again at the top. */
export function PeoplePicker({ contacts, chosen, most, onChange }: PeoplePickerProps) {
  const [query, setQuery] = useState('');
  const found = useMemo(() => {
    const { favourites, others } = groupPeople(contacts, query);
    return [...favourites, ...others];
  }, [contacts, query]);
  const isChosen = (userId: string): boolean => chosen.some((user) => user.userId === userId);
  const full = chosen.length >= most;
  const toggle = (user: UserSummary): void => {
    onChange(
      isChosen(user.userId) ? chosen.filter(({ userId }) => userId !== user.userId) : [...chosen, user],
    );
  };
  return (
    <div className="picker">
      {chosen.length > 0 && (
        <ul className="picker-chosen">
          {chosen.map((user) => (
            <li key={user.userId}>
              <button
                type="button"
                className="picker-chip"
                aria-label={say.unchoose(user.name)}
                onClick={() => toggle(user)}
              >
                <Avatar person={user} size={28} />
                {firstName(user.name)}
                <X size={15} aria-hidden="true" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className="search">
        <Search size={18} aria-hidden="true" />
        <input
          type="search"
          aria-label={say.search}
          placeholder={say.search}
          value={query}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setQuery(event.target.value)}
          onKeyDown={(event) => {
            const [only] = found;
            if (event.key !== 'Enter' || query === '' || only === undefined) return;
            event.preventDefault();
            if (isChosen(only.user.userId) || !full) toggle(only.user);
            setQuery('');
          }}
        />
      </div>
      <ul className="picker-list">
        {found.map((contact) => (
          <PickerRow
            key={contact.user.userId}
            contact={contact}
            checked={isChosen(contact.user.userId)}
            disabled={full && !isChosen(contact.user.userId)}
            onToggle={() => toggle(contact.user)}
          />
        ))}
      </ul>
      {found.length === 0 && <p className="picker-none">{say.nobody}</p>}
      <p className="sr-only" role="status">
        {say.chosen(chosen.length, most)}
      </p>
    </div>
  );
}

interface PickerRowProps {
  readonly contact: Contact;
  readonly checked: boolean;
  readonly disabled: boolean;
  readonly onToggle: () => void;
}

function PickerRow({ contact, checked, disabled, onToggle }: PickerRowProps) {
  const { user, presence } = contact;
  return (
    <li>
      <label className="picker-row" data-disabled={disabled || undefined}>
        <span className="avatar-box">
          <Avatar person={user} size={40} />
          <PresenceDot presence={presence} />
        </span>
        <span className="picker-name">{user.name}</span>
        <input
          type="checkbox"
          className="sr-only"
          aria-label={user.name}
          checked={checked}
          disabled={disabled}
          onChange={onToggle}
        />
        <span className="picker-box" aria-hidden="true">
          {checked && <Check size={16} strokeWidth={3} />}
        </span>
      </label>
    </li>
  );
}

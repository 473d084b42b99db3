import { useModel } from '../../components/store.tsx';
import type { Contact } from '../../model/model.ts';

const NONE: readonly Contact[] = [];

/** Contacts that can be called; empty until they are loaded. */
export const useContacts = (): readonly Contact[] =>
  useModel(({ contacts }) =>
    contacts.state === 'ready' ? contacts.value.filter(({ blocked }) => !blocked) : NONE,
  );

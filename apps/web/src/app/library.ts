import type { Api, ApiResult } from '@visavis/client';
import type { HistoryEntry, Presence } from '@visavis/protocol';
import type { StoreApi } from 'zustand/vanilla';
import type { Loadable, Model } from '../model/model.ts';

/** Contacts, saved groups, recents and devices of the signed-in person, kept as the server has them. */
export interface Library {
  loadAll(): void;
  loadContacts(): void;
  loadDevices(): void;
  loadGroups(): void;
  /** The first page anew, keeping what was paged in beyond it. */
  refreshRecents(): void;
  loadMoreRecents(): void;
  deleteRecent(callId: string): void;
  markSeen(): void;
  setPresence(userId: string, presence: Presence): void;
  /** Shows a change of one contact at once, and takes it back when the server refuses. */
  changeContact(
    userId: string,
    change: { readonly favourite?: boolean; readonly blocked?: boolean },
    save: () => Promise<ApiResult<unknown>>,
  ): void;
}

const SHOW_PRESENCE_AFTER_MS = 300;

export function createLibrary(
  api: Api,
  store: StoreApi<Model>,
  onFailed: () => void,
  onUnauthenticated: () => void,
): Library {
  let nextCursor: string | null = null;
  let pages = 0;

  const failed = (result: { readonly code: string }): void => {
    if (result.code === 'UNAUTHENTICATED') onUnauthenticated();
  };

  async function load<Value, Key extends 'contacts' | 'devices' | 'groups'>(
    key: Key,
    request: () => Promise<ApiResult<Value>>,
    pick: (value: Value) => Model[Key],
  ): Promise<void> {
    const result = await request();
    if (result.ok) return store.setState({ [key]: pick(result.value) });
    failed(result);
    // What was there before is better than an empty screen.
    if (store.getState()[key].state !== 'ready') store.setState({ [key]: { state: 'failed' } });
  }

  const loadContacts = (): void =>
    void load('contacts', api.contacts, ({ contacts }) => ({ state: 'ready', value: contacts }));
  const loadDevices = (): void =>
    void load('devices', api.devices, ({ devices }) => ({ state: 'ready', value: devices }));

  const loadGroups = (): void =>
    void load('groups', api.groups, ({ groups }) => ({ state: 'ready', value: groups }));

  async function refreshRecents(): Promise<void> {
    const result = await api.history({});
    const { recents } = store.getState();
    if (!result.ok) {
      failed(result);
      if (recents.state !== 'ready') store.setState({ recents: { state: 'failed' } });
      return;
    }
    const { entries, missedUnseen } = result.value;
    if (pages <= 1) {
      nextCursor = result.value.nextCursor;
      pages = 1;
      store.setState({ missedUnseen, recents: ready(entries, nextCursor !== null) });
      return;
    }
    const oldest = entries.at(-1)?.startedAt ?? 0;
    const fresh = new Set(entries.map(({ callId }) => callId));
    const older = entriesOf(recents).filter(
      ({ callId, startedAt }) => startedAt <= oldest && !fresh.has(callId),
    );
    store.setState({ missedUnseen, recents: ready([...entries, ...older], nextCursor !== null) });
  }

  async function loadMoreRecents(): Promise<void> {
    if (nextCursor === null) return;
    const cursor = nextCursor;
    nextCursor = null;
    const result = await api.history({ cursor });
    if (!result.ok) {
      nextCursor = cursor;
      return onFailed();
    }
    nextCursor = result.value.nextCursor;
    pages += 1;
    const known = entriesOf(store.getState().recents);
    const ids = new Set(known.map(({ callId }) => callId));
    const more = result.value.entries.filter(({ callId }) => !ids.has(callId));
    store.setState({ recents: ready([...known, ...more], nextCursor !== null) });
  }

  async function deleteRecent(callId: string): Promise<void> {
    const { recents } = store.getState();
    if (recents.state !== 'ready') return;
    const without = recents.value.entries.filter((entry) => entry.callId !== callId);
    store.setState({ recents: ready(without, recents.value.hasMore) });
    const result = await api.deleteCall(callId);
    if (result.ok || result.code === 'NOT_FOUND') return;
    onFailed();
    await refreshRecents();
  }

  async function markSeen(): Promise<void> {
    const { recents, missedUnseen } = store.getState();
    if (missedUnseen === 0) return;
    store.setState({ missedUnseen: 0 });
    const result = await api.markSeen();
    if (result.ok && recents.state === 'ready') return;
    if (!result.ok) store.setState({ missedUnseen });
  }

  /** Everybody one knows comes and goes when a call begins: shown together, a moment later. */
  const presences = new Map<string, Presence>();
  function showPresences(): void {
    for (const [userId, presence] of presences) {
      patchContact(userId, { presence, ...(presence === 'offline' ? { lastSeenAt: Date.now() } : {}) });
    }
    presences.clear();
  }

  function patchContact(userId: string, change: object): void {
    const { contacts } = store.getState();
    if (contacts.state !== 'ready') return;
    const value = contacts.value.map((contact) =>
      contact.user.userId === userId ? { ...contact, ...change } : contact,
    );
    store.setState({ contacts: { state: 'ready', value } });
  }

  return {
    loadAll() {
      loadContacts();
      loadDevices();
      loadGroups();
      void refreshRecents();
    },
    loadContacts,
    loadDevices,
    loadGroups,
    refreshRecents: () => void refreshRecents(),
    loadMoreRecents: () => void loadMoreRecents(),
    deleteRecent: (callId) => void deleteRecent(callId),
    markSeen: () => void markSeen(),
    setPresence(userId, presence) {
      if (presences.size === 0) setTimeout(showPresences, SHOW_PRESENCE_AFTER_MS);
      presences.set(userId, presence);
    },
    changeContact(userId, change, save) {
      patchContact(userId, change);
      void save().then((result) => {
        if (result.ok) return;
        onFailed();
        loadContacts();
      });
    },
  };
}

const ready = (
  entries: readonly HistoryEntry[],
  hasMore: boolean,
): Loadable<{ readonly entries: readonly HistoryEntry[]; readonly hasMore: boolean }> => ({
  state: 'ready',
  value: { entries, hasMore },
});

const entriesOf = (recents: Model['recents']): readonly HistoryEntry[] =>
  recents.state === 'ready' ? recents.value.entries : [];

import { createApi } from '@visavis/client';
import type { Me } from '@visavis/protocol';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Actions, Model } from '../model/model.ts';
import { createActions } from './actions.ts';
import { createNotices } from './notices.ts';
import { readNotifications, readPreferences } from './preferences.ts';
import { openSignedIn, type SignedIn } from './signedIn.ts';
import { describeThisDevice } from './thisDevice.ts';
import { createWindowDevice } from './windowDevice.ts';

const EMPTY = {
  account: { state: 'loading' },
  connection: { state: 'connecting' },
  contacts: { state: 'loading' },
  recents: { state: 'loading' },
  devices: { state: 'loading' },
  missedUnseen: 0,
  calls: [],
  details: null,
  preview: null,
  notices: [],
} as const satisfies Partial<Model>;

/** Who is at this window, and what moves between signed out and signed in. */
export interface Account {
  current(): SignedIn | null;
  continueAs(userId: string): void;
  signOut(): void;
  useHere(): void;
  start(): void;
}

/** Makes the model and keeps it true; the screens only read it and call actions. */
export function createApplication(): {
  readonly store: StoreApi<Model>;
  readonly actions: Actions;
  start(): void;
} {
  const { theme, sounds, ...chosen } = readPreferences(localStorage);
  const store = createStore<Model>(() => ({
    ...EMPTY,
    service: { name: 'Visavis', demo: false, hasRelay: false },
    media: { cameras: [], microphones: [], speakers: [], ...chosen },
    preferences: { theme, sounds, notifications: readNotifications() },
  }));
  const notices = createNotices(store);
  const account = createAccount(store, notices);
  return { store, actions: createActions({ store, notices, account }), start: () => account.start() };
}

const apiFor = (deviceId: string | null) => createApi({ fetch: (path, init) => fetch(path, init), deviceId });

function createAccount(store: StoreApi<Model>, notices: ReturnType<typeof createNotices>): Account {
  const windowDevice = createWindowDevice({
    window: sessionStorage,
    browser: localStorage,
    locks: navigator.locks,
  });
  let signedIn: SignedIn | null = null;

  function enter(me: Me): void {
    signedIn?.close();
    store.setState({ ...EMPTY, account: { state: 'signed_in', me }, missedUnseen: me.missedUnseen });
    signedIn = openSignedIn({
      me,
      store,
      notices,
      onGone(reason) {
        leave();
        if (reason === 'replaced') return store.setState({ account: { state: 'replaced', me } });
        windowDevice.forget(me.device.deviceId);
        void showSignIn();
      },
    });
  }

  function leave(): void {
    signedIn?.close();
    signedIn = null;
    store.setState({ ...EMPTY });
  }

  async function showSignIn(): Promise<void> {
    store.setState({ account: { state: 'signed_out', people: { state: 'loading' }, busyUserId: null } });
    const result = await apiFor(null).demoPeople();
    if (store.getState().account.state !== 'signed_out') return;
    store.setState({
      account: {
        state: 'signed_out',
        people: result.ok ? { state: 'ready', value: result.value.people } : { state: 'failed' },
        busyUserId: null,
      },
    });
  }

  async function start(): Promise<void> {
    store.setState({ account: { state: 'loading' } });
    const known = await windowDevice.find();
    const [service, me] = await Promise.all([
      apiFor(null).service(),
      known === null ? null : apiFor(known.deviceId).me(),
    ]);
    if (!service.ok) return store.setState({ account: { state: 'unreachable' } });
    const { name, demo, hasRelay } = service.value;
    store.setState({ service: { name, demo, hasRelay } });
    if (known === null || me === null) return showSignIn();
    if (!me.ok) {
      if (me.code === 'NETWORK') return store.setState({ account: { state: 'unreachable' } });
      windowDevice.forget(known.deviceId);
      return showSignIn();
    }
    if (await windowDevice.claim(known, false)) return enter(me.value);
    store.setState({ account: { state: 'replaced', me: me.value } });
  }

  async function continueAs(userId: string): Promise<void> {
    const { account } = store.getState();
    if (account.state !== 'signed_out' || account.busyUserId !== null) return;
    store.setState({ account: { ...account, busyUserId: userId } });
    const free = await windowDevice.findFree(userId);
    const about = describeThisDevice(navigator.userAgent, navigator.maxTouchPoints);
    const result = await apiFor(free).demoSignIn({ userId, ...about });
    if (!result.ok) {
      store.setState({ account: { ...account, busyUserId: null } });
      return notices.show('sign_in_failed');
    }
    await windowDevice.claim({ deviceId: result.value.device.deviceId, userId }, true);
    enter(result.value);
  }

  async function signOut(): Promise<void> {
    const { account } = store.getState();
    if (account.state !== 'signed_in' || signedIn === null) return;
    const result = await signedIn.api.signOut();
    if (!result.ok && result.code !== 'UNAUTHENTICATED') return notices.show('saving_failed');
    leave();
    windowDevice.forget(account.me.device.deviceId);
    return showSignIn();
  }

  async function useHere(): Promise<void> {
    const { account } = store.getState();
    if (account.state !== 'replaced') return;
    const { user, device } = account.me;
    await windowDevice.claim({ deviceId: device.deviceId, userId: user.userId }, true);
    enter(account.me);
  }

  return {
    current: () => signedIn,
    start: () => void start(),
    continueAs: (userId) => void continueAs(userId),
    signOut: () => void signOut(),
    useHere: () => void useHere(),
  };
}

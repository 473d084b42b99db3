import { createApi, introduceGuest, type Guest, type LinkParts } from '@visavis/client';
import type { CallType, Me } from '@visavis/protocol';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { NO_IDENTITY } from '../model/identity.ts';
import type { Actions, Model } from '../model/model.ts';
import { createActions } from './actions.ts';
import { isLinkPage, linkOf, openLinkPage, type LinkPage } from './linkPage.ts';
import { nameGuest, recallGuest, rememberGuest } from './linkStore.ts';
import { createNotices } from './notices.ts';
import { readNotifications, readPreferences } from './preferences.ts';
import { createKeptVolumes } from './volumes.ts';
import { openSignedIn, type SignedIn } from './signedIn.ts';
import { describeThisDevice } from './thisDevice.ts';
import { createTalkMemory } from './talkMemory.ts';
import { createWindowDevice } from './windowDevice.ts';

const EMPTY = {
  account: { state: 'loading' },
  settingUp: false,
  connection: { state: 'connecting' },
  contacts: { state: 'loading' },
  recents: { state: 'loading' },
  devices: { state: 'loading' },
  groups: { state: 'loading' },
  ownIdentity: 'opening',
  identity: NO_IDENTITY,
  missedUnseen: 0,
  standings: {},
  comparison: null,
  calls: [],
  ownCalls: [],
  moveOffers: [],
  askedMove: null,
  details: null,
  check: null,
  preview: null,
  notices: [],
} as const satisfies Partial<Model>;

const NO_MEDIA = {
  cameras: [],
  microphones: [],
  speakers: [],
  facesAway: false,
  strongNoise: 'off',
  background: 'off',
  switchable: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
} as const;

/** Who is at this window, and what moves between signed out and signed in. */
export interface Account {
  current(): SignedIn | null;
  continueAs(userId: string): void;
  signOut(): void;
  useHere(): void;
  start(): void;
  /** The page of a call link, while it is shown. */
  linkPage(): LinkPage | null;
  joinByLink(name: string | null, callType: CallType, muted: boolean): void;
}

/** Makes the model and keeps it true; the screens only read it and call actions. */
export function createApplication(): {
  readonly store: StoreApi<Model>;
  readonly actions: Actions;
  start(): void;
} {
  const { cameraId, microphoneId, speakerId, ...preferences } = readPreferences(localStorage);
  const store = createStore<Model>(() => ({
    ...EMPTY,
    service: { name: 'Visavis', demo: false, hasRelay: false },
    groupCalls: { state: 'preparing', done: null, total: null },
    media: { ...NO_MEDIA, cameraId, microphoneId, speakerId },
    preferences: {
      ...preferences,
      keptVolumes: createKeptVolumes(localStorage).read().size,
      notifications: readNotifications(),
    },
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
  let linkPage: LinkPage | null = null;
  /** What this window's person came with, where they are a guest. */
  let guest: Guest | null = null;

  function closeLinkPage(): void {
    linkPage?.close();
    linkPage = null;
  }

  function enter(known: Me): void {
    const me = nameGuest(known, guest);
    signedIn?.close();
    store.setState({ ...EMPTY, account: { state: 'signed_in', me }, missedUnseen: me.missedUnseen });
    signedIn = openSignedIn({
      me,
      guest: me.guest ? guest : null,
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
    closeLinkPage();
    signedIn?.close();
    signedIn = null;
    // What was said is nobody else's who signs in here.
    createTalkMemory(sessionStorage).keep(new Set());
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
    closeLinkPage();
    store.setState({ account: { state: 'loading' } });
    const known = await windowDevice.find();
    const [service, me] = await Promise.all([
      apiFor(null).service(),
      known === null ? null : apiFor(known.deviceId).me(),
    ]);
    if (!service.ok) return store.setState({ account: { state: 'unreachable' } });
    const { name, demo, hasRelay, groupCalls } = service.value;
    store.setState({ service: { name, demo, hasRelay }, groupCalls });
    if (isLinkPage(location.hash)) return showLink(me?.ok === true ? me.value : null);
    if (known === null || me === null) return showSignIn();
    if (!me.ok) {
      if (me.code === 'NETWORK') return store.setState({ account: { state: 'unreachable' } });
      windowDevice.forget(known.deviceId);
      return showSignIn();
    }
    guest = await recallGuest(me.value);
    if (await windowDevice.claim(known, { takeOver: false, keep: !me.value.guest })) return enter(me.value);
    store.setState({ account: { state: 'replaced', me: nameGuest(me.value, guest) } });
  }

  /** GRP6. A guest of another call is nobody here. */
  async function showLink(me: Me | null): Promise<void> {
    closeLinkPage();
    const { hash } = location;
    const link = await linkOf(hash);
    // Another one was opened meanwhile, which shows itself.
    if (location.hash !== hash) return;
    closeLinkPage();
    linkPage = openLinkPage({ store, api: apiFor(null), link, me: me?.guest === true ? null : me });
    await linkPage.load();
  }

  async function joinByLink(name: string | null, callType: CallType, muted: boolean): Promise<void> {
    const { account } = store.getState();
    const page = linkPage;
    const link = page?.link ?? null;
    if (account.state !== 'invited' || account.joining || page === null || link === null) return;
    if (account.invitation.state !== 'ready') return;
    const { hostName } = account.invitation.value;
    page.setJoining(true);
    const me = account.me ?? (await signInGuest(link, name ?? ''));
    if (linkPage !== page) return;
    if (me === null) return page.setJoining(false);
    await windowDevice.claim(
      { deviceId: me.device.deviceId, userId: me.user.userId },
      { takeOver: true, keep: !me.guest },
    );
    closeLinkPage();
    // A reload comes back into the call, not to the page of its link.
    history.replaceState(null, '', '#/');
    enter(me);
    const host = { userId: '', handle: '', name: hostName, avatarUrl: null };
    const sealedName = me.guest ? (guest?.sealedName ?? null) : null;
    signedIn?.device.joinByLink(link.token, callType, host, muted, sealedName);
  }

  /** Their name goes to the call, sealed, and not to the server. */
  async function signInGuest(link: LinkParts, name: string): Promise<Me | null> {
    const { deviceKind } = describeThisDevice(navigator.userAgent, navigator.maxTouchPoints);
    const introduced = await introduceGuest(link.guestKey, name);
    if (introduced === null) {
      notices.show('sign_in_failed');
      return null;
    }
    const result = await apiFor(null).guestSignIn(link.token, { deviceKind });
    if (result.ok) {
      guest = introduced;
      await rememberGuest(result.value, link, introduced);
      return result.value;
    }
    notices.show(result.code === 'RATE_LIMITED' ? 'rate_limited' : 'sign_in_failed');
    await linkPage?.load();
    return null;
  }

  // A link that is opened in a page that is open already. What goes on there is not given up for it.
  addEventListener('hashchange', () => {
    if (!isLinkPage(location.hash)) return;
    const isBusy = store.getState().calls.some(({ phase }) => phase.name !== 'ended');
    if (isBusy) return;
    leave();
    void start();
  });

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
    await windowDevice.claim(
      { deviceId: result.value.device.deviceId, userId },
      { takeOver: true, keep: true },
    );
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
    await windowDevice.claim(
      { deviceId: device.deviceId, userId: user.userId },
      { takeOver: true, keep: !account.me.guest },
    );
    enter(account.me);
  }

  return {
    current: () => signedIn,
    start: () => void start(),
    continueAs: (userId) => void continueAs(userId),
    signOut: () => void signOut(),
    useHere: () => void useHere(),
    linkPage: () => linkPage,
    joinByLink: (name, callType, muted) => void joinByLink(name, callType, muted),
  };
}

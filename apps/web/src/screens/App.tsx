import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import type { StoreApi } from 'zustand/vanilla';
import { Toasts } from '../components/Toasts.tsx';
import { AppContext, useApp, useModel } from '../components/store.tsx';
import type { Actions, Model } from '../model/model.ts';
import { createSounds } from '../sounds/sounds.ts';
import { createCommands } from './commands.ts';
import { Crash } from './Crash.tsx';
import { Announcer } from './effects/Announcer.tsx';
import { useAwake } from './effects/useAwake.ts';
import { useCallKeys } from './effects/useCallKeys.ts';
import { useNotification } from './effects/useNotification.ts';
import { useShortcuts } from './effects/useShortcuts.ts';
import { useSounds } from './effects/useSounds.ts';
import { useTheme } from './effects/useTheme.ts';
import { useTitle } from './effects/useTitle.ts';
import { Home } from './home/Home.tsx';
import { HomeSkeleton } from './home/HomeSkeleton.tsx';
import { GuestGone, Replaced, Unreachable } from './Standstill.tsx';
import { SignIn } from './SignIn.tsx';
import { UiContext } from './ui.ts';

const loadCalls = () => import('./call/CallLayer.tsx');
const loadGroups = () => import('./group/GroupBody.tsx');
const loadInvited = () => import('./groups/Invited.tsx');
const loadShortcuts = () => import('./ShortcutsDialog.tsx');
const CallLayer = lazy(loadCalls);
const Invited = lazy(loadInvited);
const ShortcutsDialog = lazy(loadShortcuts);
const IdentityLayer = lazy(() => import('./identity/IdentityLayer.tsx'));
const MoveOffers = lazy(() => import('./moves/MoveOffers.tsx'));
const CheckDialog = lazy(() => import('./check/CheckDialog.tsx'));
const CompareDialog = lazy(() => import('./trust/CompareDialog.tsx'));

interface AppProps {
  /** What to show; components subscribe to the parts they draw. */
  readonly store: StoreApi<Model>;
  /** What a person can do. Must stay the same object. */
  readonly actions: Actions;
}

/** The whole interface: a function of the model, and calls of the actions. */
export function App({ store, actions }: AppProps) {
  const [sounds] = useState(createSounds);
  const value = useMemo(() => ({ store, actions, sounds }), [store, actions, sounds]);
  return (
    <Crash>
      <AppContext value={value}>
        <Shell />
      </AppContext>
    </Crash>
  );
}

function Shell() {
  const [shortcutsShown, setShortcutsShown] = useState(false);
  const showShortcuts = useCallback(() => setShortcutsShown(true), []);
  const [commands] = useState(createCommands);
  const [comparedId, openCompare] = useState<string | null>(null);
  const ui = useMemo(() => ({ showShortcuts, commands, openCompare }), [showShortcuts, commands]);
  const isChecking = useModel((model) => model.check !== null);
  useTheme();
  useTitle();
  useSounds();
  useNotification();
  useAwake();
  useCallKeys();
  useShortcuts(showShortcuts, commands);
  usePreloadedCalls();
  return (
    <UiContext value={ui}>
      <Screen />
      <Toasts />
      <Announcer />
      {comparedId !== null && (
        <Suspense>
          <CompareDialog key={comparedId} userId={comparedId} onClose={() => openCompare(null)} />
        </Suspense>
      )}
      {isChecking && (
        <Suspense>
          <CheckDialog />
        </Suspense>
      )}
      {shortcutsShown && (
        <Suspense>
          <ShortcutsDialog onClose={() => setShortcutsShown(false)} />
        </Suspense>
      )}
    </UiContext>
  );
}

function Screen() {
  const account = useModel((model) => model.account.state);
  const hasCalls = useModel((model) => model.calls.length > 0);
  const asksIdentity = useModel(
    ({ identity }) => identity.asking !== null || identity.answering.asks.length > 0,
  );
  const isOffered = useModel((model) => model.moveOffers.length > 0);
  // Whoever was asked once is being answered: what is open stays open.
  const [hasAsked, setHasAsked] = useState(false);
  if (asksIdentity && !hasAsked) setHasAsked(true);
  const guest = useModel(({ account }) => account.state === 'signed_in' && account.me.guest);
  switch (account) {
    case 'loading':
      return <HomeSkeleton />;
    case 'unreachable':
      return <Unreachable />;
    case 'signed_out':
      return <SignIn />;
    case 'replaced':
      return <Replaced />;
    case 'invited':
      return (
        <Suspense fallback={<main className="invited" aria-busy="true" />}>
          <Invited />
        </Suspense>
      );
    case 'signed_in':
      return (
        <>
          {guest ? !hasCalls && <GuestGone /> : <Home />}
          {hasAsked && (
            <Suspense>
              <IdentityLayer />
            </Suspense>
          )}
          {hasCalls && (
            <Suspense>
              <CallLayer />
            </Suspense>
          )}
          {isOffered && (
            <Suspense>
              <MoveOffers />
            </Suspense>
          )}
        </>
      );
  }
}

/** The call screens are there before anybody calls, but never in the way of the first picture. */
function usePreloadedCalls(): void {
  const { store } = useApp();
  useEffect(() => {
    const load = (): void => {
      loadCalls()
        .then(loadGroups)
        .catch(() => {});
      loadShortcuts().catch(() => {});
    };
    if (store.getState().calls.length > 0) return load();
    if (typeof requestIdleCallback === 'function') {
      const idle = requestIdleCallback(load, { timeout: 2_000 });
      return () => cancelIdleCallback(idle);
    }
    const timer = setTimeout(load, 1_000);
    return () => clearTimeout(timer);
  }, [store]);
}

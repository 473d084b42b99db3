import { lazy, Suspense, useEffect, useSyncExternalStore } from 'react';
import { floatingWindow } from '../pictureInPicture.ts';

const FloatingCall = lazy(() => import('./FloatingCall.tsx'));

/** The floating window's part of a call, while there is such a window. */
export function Floating({ callKey }: { readonly callKey: string }) {
  const into = useSyncExternalStore(floatingWindow.subscribe, floatingWindow.get);
  // The call is over, or another one has the stage.
  useEffect(() => () => floatingWindow.close(), []);
  if (into === null) return null;
  return (
    <Suspense>
      <FloatingCall callKey={callKey} into={into} />
    </Suspense>
  );
}

import { watchNetworkChanges } from '../media/direct/networkChanges.ts';

/**
 * Calls back whenever a socket may have died without a word, or may be opened again before its time: back online, another
 * network, the page visible again, the page taken out of the browser's cache.
 *
 * @returns what stops that
 */
export function watchWakeUps(listener: () => void): () => void {
  const stopNetwork = watchNetworkChanges(listener);
  const handleVisibility = (): void => {
    if (document.visibilityState === 'visible') listener();
  };
  const handlePage = ({ persisted }: PageTransitionEvent): void => {
    if (persisted) listener();
  };
  document.addEventListener('visibilitychange', handleVisibility);
  globalThis.addEventListener('pageshow', handlePage);
  return () => {
    stopNetwork();
    document.removeEventListener('visibilitychange', handleVisibility);
    globalThis.removeEventListener('pageshow', handlePage);
  };
}

import type { Timers } from '../../timers.ts';

/** How old a list may be before it is asked for anew: credentials live 10 minutes. */
const FRESH_MS = 5 * 60_000;
/** How long a connection waits for the list. Longer: a slow server delays the call; shorter: relays are missing at first. */
const WAIT_MS = 1_500;

/** How long a restart waits for a new list while it has one that is fresh. Longer: a server that is away delays the restart. */
const RENEW_WAIT_MS = 300;

export interface IceServers {
  /** The list, fresh enough for a new connection; what is known, if asking takes too long or fails. */
  get(): Promise<readonly RTCIceServer[]>;
  /** A list asked for anew, for an ICE restart; a fresh one that is known, if that takes too long or fails. */
  renew(): Promise<readonly RTCIceServer[]>;
  /** Whether the last list had a TURN server. */
  hasRelay(): boolean;
}

export function createIceServers(load: () => Promise<readonly RTCIceServer[]>, timers: Timers): IceServers {
  let known: readonly RTCIceServer[] = [];
  let loadedAt: number | null = null;
  let loading: Promise<void> | null = null;

  const refresh = (): Promise<void> => {
    if (loading !== null) return loading;
    const begun = load()
      .then((servers) => {
        known = servers;
        loadedAt = timers.now();
      })
      .catch(() => {})
      .finally(() => {
        if (loading === begun) loading = null;
      });
    loading = begun;
    return begun;
  };

  const refreshWithin = (waitMs: number): Promise<void> =>
    new Promise((resolve) => {
      const cancel = timers.after(waitMs, () => {
        // It may hang on a network that is gone: whoever asks next asks anew.
        loading = null;
        resolve();
      });
      void refresh().then(() => {
        cancel();
        resolve();
      });
    });
  const isFresh = (): boolean => loadedAt !== null && timers.now() - loadedAt < FRESH_MS;

  return {
    async get() {
      if (!isFresh()) await refreshWithin(WAIT_MS);
      return known;
    },
    async renew() {
      await refreshWithin(isFresh() ? RENEW_WAIT_MS : WAIT_MS);
      return known;
    },
    hasRelay: () => known.some(({ urls }) => [urls].flat().some((url) => /^turns?:/i.test(url))),
  };
}

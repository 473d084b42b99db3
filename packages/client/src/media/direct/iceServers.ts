import type { Timers } from '../../timers.ts';

/** How old a list may be before it is asked for anew: credentials live 10 minutes. */
const FRESH_MS = 5 * 60_000;
/** How long a connection waits for the list. Longer: a slow server delays the call; shorter: relays are missing at first. */
const WAIT_MS = 1_500;

export interface IceServers {
  /** The list, fresh enough for a new connection; what is known, if asking takes too long or fails. */
  get(): Promise<readonly RTCIceServer[]>;
  /** Whether the last list had a TURN server. */
  hasRelay(): boolean;
}

export function createIceServers(load: () => Promise<readonly RTCIceServer[]>, timers: Timers): IceServers {
  let known: readonly RTCIceServer[] = [];
  let loadedAt: number | null = null;
  let loading: Promise<void> | null = null;

  const refresh = (): Promise<void> => {
    loading ??= load()
      .then((servers) => {
        known = servers;
        loadedAt = timers.now();
      })
      .catch(() => {})
      .finally(() => {
        loading = null;
      });
    return loading;
  };

  return {
    async get() {
      if (loadedAt !== null && timers.now() - loadedAt < FRESH_MS) return known;
      await new Promise<void>((resolve) => {
        const cancel = timers.after(WAIT_MS, resolve);
        void refresh().then(() => {
          cancel();
          resolve();
        });
      });
      return known;
    },
    hasRelay: () => known.some(({ urls }) => [urls].flat().some((url) => /^turns?:/i.test(url))),
  };
}

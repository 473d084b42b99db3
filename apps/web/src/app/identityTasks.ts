import type { HeardStep } from '@visavis/client/identity-tasks';
import type { IdentityWork, IdentityWorkParts } from './identityWork.ts';

/** What people do about their identity, loaded when the first of it is wanted. */
export interface IdentityTasks {
  /** Does something as soon as it is loaded; where that fails, the next one tries again. */
  do(task: (work: IdentityWork) => void): void;
  /** IDN4: another device of this user said something. */
  hear(heard: HeardStep): void;
  /** Devices or keys may have changed. */
  refresh(): void;
  close(): void;
}

export function createIdentityTasks(parts: IdentityWorkParts): IdentityTasks {
  let loading: Promise<IdentityWork | null> | null = null;
  let isClosed = false;

  async function load(): Promise<IdentityWork | null> {
    try {
      const { createIdentityWork } = await import('./identityWork.ts');
      return isClosed ? null : createIdentityWork(parts);
    } catch {
      loading = null;
      return null;
    }
  }
  const perform = (task: (work: IdentityWork) => void): void => {
    if (isClosed) return;
    loading ??= load();
    void loading.then((work) => {
      if (work !== null && !isClosed) task(work);
    });
  };
  return {
    do: perform,
    hear: (heard) => perform((work) => work.hear(heard)),
    refresh() {
      if (loading !== null) perform((work) => work.refresh());
    },
    close() {
      void loading?.then((work) => work?.close());
      isClosed = true;
    },
  };
}

import type { StoreApi } from 'zustand/vanilla';
import type { Model, Notice } from '../model/model.ts';

/** Things to say that belong to no call. */
export interface Notices {
  /** Shows it, unless the same is shown already. */
  show(kind: Notice['kind'], detail?: string): void;
  dismiss(id: string): void;
}

export function createNotices(store: StoreApi<Model>): Notices {
  let count = 0;
  return {
    show(kind, detail) {
      const { notices } = store.getState();
      if (notices.some((notice) => notice.kind === kind && notice.detail === detail)) return;
      count += 1;
      const notice: Notice = { id: `notice-${count}`, kind, ...(detail === undefined ? {} : { detail }) };
      store.setState({ notices: [...notices, notice] });
    },
    dismiss(id) {
      store.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }));
    },
  };
}

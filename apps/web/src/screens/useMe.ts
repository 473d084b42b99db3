import { useModel } from '../components/store.tsx';
import type { UserSummary } from '../model/model.ts';

/** Who sits here; null before anybody has signed in. */
export const useMe = (): UserSummary | null =>
  useModel(({ account }) => (account.state === 'signed_in' ? account.me.user : null));

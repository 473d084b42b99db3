import type { StoreApi } from 'zustand/vanilla';
import type { IdentityActions } from '../model/identity.ts';
import type { Model } from '../model/model.ts';
import type { Account } from './application.ts';
import type { IdentityWork } from './identityWork.ts';
import type { Notices } from './notices.ts';

const HINT_KEY = 'visavis.confirm-hint';

/** Whether the person of this device has put the hint away that it is not confirmed. */
export const isHintDismissed = (storage: Pick<Storage, 'getItem'>, deviceId: string): boolean =>
  storage.getItem(HINT_KEY) === deviceId;

interface Parts {
  readonly store: StoreApi<Model>;
  readonly notices: Notices;
  readonly account: Account;
}

/** What a person can do about their identity. */
export function createIdentityActions({ store, notices, account }: Parts): IdentityActions {
  const work = (task: (work: IdentityWork) => void): void => account.current()?.identityTasks.do(task);
  return {
    loadIdentity: () => work((tasks) => tasks.refresh()),
    askToBeConfirmed: () => work((tasks) => tasks.ask()),
    confirmGrant: (seen) => work((tasks) => tasks.confirmGrant(seen)),
    stopAsking: () => work((tasks) => tasks.stopAsking()),
    openAsk: (deviceId) => work((tasks) => tasks.openAsk(deviceId)),
    typeDigits: (digits) => work((tasks) => tasks.typeDigits(digits)),
    scanAsk: (scan) => work((tasks) => tasks.scanAsk(scan)),
    refuseAsk: (deviceId) => work((tasks) => tasks.refuseAsk(deviceId)),
    closeAnswer: () => work((tasks) => tasks.closeAnswer()),
    makeRecoveryCode: () => work((tasks) => void tasks.makeCode()),
    copyRecoveryCode() {
      const { made } = store.getState().identity.recovery;
      if (made?.state !== 'shown') return;
      const copying = navigator.clipboard?.writeText(made.groups.join(' '));
      if (copying === undefined) return notices.show('copying_failed');
      copying.then(
        () => notices.show('code_copied'),
        () => notices.show('copying_failed'),
      );
    },
    putCodeAway: () => work((tasks) => tasks.putCodeAway()),
    typeRecoveryCode: (text) => work((tasks) => void tasks.typeCode(text)),
    tryRecoveryCode: (text) => work((tasks) => void tasks.tryCode(text)),
    closeRecovery: () => work((tasks) => tasks.closeRecovery()),
    replaceIdentity: () => work((tasks) => void tasks.replace()),
    closeReplacement: () => work((tasks) => tasks.closeReplacement()),
    dismissConfirmHint() {
      const { account: signedIn } = store.getState();
      if (signedIn.state === 'signed_in') localStorage.setItem(HINT_KEY, signedIn.me.device.deviceId);
      store.setState(({ identity }) => ({ identity: { ...identity, hintDismissed: true } }));
    },
  };
}

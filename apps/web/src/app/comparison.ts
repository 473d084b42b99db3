import { compareScanned, type ComparedNumber, type Identity } from '@visavis/client';
import type { StoreApi } from 'zustand/vanilla';
import type { Comparison, Model, ScanVerdict } from '../model/model.ts';
import type { OwnIdentity } from './ownIdentity.ts';

/** The comparison that is open, at most one. */
export interface ComparisonControl {
  open(userId: string): void;
  close(): void;
  scanned(data: Uint8Array): void;
  setVerified(verified: boolean): void;
  /** Somebody's key is another one now: what is shown of it is no longer of use. */
  handleReplaced(userId: string): void;
}

interface ComparisonOptions {
  readonly store: StoreApi<Model>;
  readonly ownIdentity: Pick<OwnIdentity, 'opened'>;
  readonly isGuest: boolean;
  readonly onFailed: () => void;
}

export function createComparison({
  store,
  ownIdentity,
  isGuest,
  onFailed,
}: ComparisonOptions): ComparisonControl {
  /** What is shown, with the key that it is of: that one is verified, whatever the server says meanwhile. */
  let shown: { readonly userId: string; readonly number: ComparedNumber | null } | null = null;

  function open(userId: string): void {
    const opening = { userId, number: null };
    shown = opening;
    store.setState({ comparison: { userId, state: 'opening' } });
    const show = (comparison: Comparison, number: ComparedNumber | null = null): void => {
      if (shown !== opening) return;
      shown = { userId, number };
      store.setState({ comparison });
    };
    if (isGuest) return show({ userId, state: 'missing', whose: 'guest' });
    ownIdentity.opened
      .then((identity) =>
        identity === null
          ? show({ userId, state: 'unreachable' })
          : read(identity, userId).then((all) => show(...all)),
      )
      .catch(() => show({ userId, state: 'unreachable' }));
  }

  function change(next: Partial<Extract<Comparison, { state: 'ready' }>>): void {
    store.setState(({ comparison }) =>
      comparison?.state === 'ready' ? { comparison: { ...comparison, ...next } } : {},
    );
  }

  function setVerified(verified: boolean): void {
    const compared = shown;
    const number = compared?.number ?? null;
    if (compared === null || number === null) return;
    const { userId } = compared;
    void (async () => {
      try {
        const identity = await ownIdentity.opened;
        if (verified) await identity?.verify(userId, number.identityKey);
        else await identity?.accept(userId, number.identityKey);
        if (shown === compared) change({ standing: verified ? 'verified' : 'seen' });
      } catch {
        onFailed();
      }
    })();
  }

  return {
    open,
    close() {
      shown = null;
      store.setState({ comparison: null });
    },
    scanned(data) {
      const number = shown?.number ?? null;
      if (number === null) return;
      const verdict = judgeScan(data, number);
      change({ scanned: verdict });
      if (verdict.type === 'same') setVerified(true);
    },
    setVerified,
    handleReplaced(userId) {
      if (shown?.userId === userId) open(userId);
    },
  };
}

async function read(identity: Identity, userId: string): Promise<[Comparison, ComparedNumber | null]> {
  const keys = await identity.readContact(userId);
  if (keys === null) return [{ userId, state: 'unreachable' }, null];
  if (keys.identityKey === null) return [{ userId, state: 'missing', whose: 'theirs' }, null];
  const number = await identity.readSafetyNumber(userId);
  if (number === null) return [{ userId, state: 'missing', whose: 'mine' }, null];
  const { groups, qr } = number;
  const shown = { number: { groups, qr }, standing: keys.status, scanned: null };
  return [{ userId, state: 'ready', ...shown }, number];
}

function judgeScan(data: Uint8Array, number: ComparedNumber): ScanVerdict {
  const isOwn = data.length === number.qr.length && data.every((byte, at) => byte === number.qr[at]);
  return isOwn ? { type: 'own' } : compareScanned(data, number);
}

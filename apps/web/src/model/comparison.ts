import type { ContactStatus, SafetyNumber, ScanResult } from '@visavis/client';

/** How far the comparison with one person is. */
export type Comparison = { readonly userId: string } & (
  | { readonly state: 'opening' }
  /** The server does not say what their key is, or this browser keeps nothing. */
  | { readonly state: 'unreachable' }
  /** `theirs`: they have no identity. `mine`: this device has not the one of its user. `guest`: guests have none. */
  | { readonly state: 'missing'; readonly whose: 'theirs' | 'mine' | 'guest' }
  | {
      readonly state: 'ready';
      readonly number: SafetyNumber;
      readonly standing: ContactStatus;
      /** Of the last code that was scanned. */
      readonly scanned: ScanVerdict | null;
    }
);

/** `own`: the code of this very screen. */
export type ScanVerdict = ScanResult | { readonly type: 'own' };

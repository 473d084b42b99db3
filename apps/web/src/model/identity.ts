import type { OwnStatus } from '@visavis/client';
import type { AnsweringState, AskingState, RecoveryFailure, TypedCode } from '@visavis/client/identity-tasks';
import type { Loadable } from './model.ts';

/** Where this device stands, as far as is known. `unavailable`: the browser keeps no keys. */
export type OwnStanding = OwnStatus | 'opening' | 'unavailable';

/** What is known of this person's devices and recovery code, and what is being done about them. */
export interface IdentityView {
  /** The devices of this person that the identity has signed; null: not known (yet). */
  readonly confirmedDevices: ReadonlySet<string> | null;
  /** This device asks another one to confirm it; null: it does not. */
  readonly asking: AskingState | null;
  /** Other devices ask this one. */
  readonly answering: AnsweringState;
  readonly recovery: RecoveryView;
  /** A new identity instead of the one that stands. */
  readonly replacing: 'working' | 'failed' | 'done' | null;
  /** Whether the hint on the first screen was put away. */
  readonly hintDismissed: boolean;
}

export interface RecoveryView {
  /** When the code that holds was made, in ms since 1970; null: there is none. */
  readonly madeAt: Loadable<number | null>;
  /** A code that is being made, or is shown this once. */
  readonly made:
    | null
    | { readonly state: 'making' | 'failed' }
    | { readonly state: 'shown'; readonly groups: readonly string[] };
  /** A code that is being typed or tried. */
  readonly tried:
    | null
    | ({ readonly state: 'typing' } & TypedCode)
    | { readonly state: 'checking' | 'done' }
    | { readonly state: 'failed'; readonly reason: RecoveryFailure };
}

export const NO_IDENTITY: IdentityView = {
  confirmedDevices: null,
  asking: null,
  answering: { asks: [], answer: null },
  recovery: { madeAt: { state: 'loading' }, made: null, tried: null },
  replacing: null,
  hintDismissed: false,
};

export interface IdentityActions {
  /** The screens that show devices and the recovery code are open. */
  readonly loadIdentity: () => void;
  /** This device asks, anew if it did. */
  readonly askToBeConfirmed: () => void;
  /** The person has seen that the other device took the digits, or that it did not. */
  readonly confirmGrant: (seen: boolean) => void;
  readonly stopAsking: () => void;
  /** By digits. */
  readonly openAsk: (deviceId: string) => void;
  readonly typeDigits: (digits: string) => void;
  /** What a camera saw on the screen of a device that asks. */
  readonly scanAsk: (scan: Uint8Array) => void;
  /** “That wasn’t me.” */
  readonly refuseAsk: (deviceId: string) => void;
  readonly closeAnswer: () => void;
  readonly makeRecoveryCode: () => void;
  readonly copyRecoveryCode: () => void;
  /** It was shown long enough. */
  readonly putCodeAway: () => void;
  readonly typeRecoveryCode: (text: string) => void;
  readonly tryRecoveryCode: (text: string) => void;
  readonly closeRecovery: () => void;
  readonly replaceIdentity: () => void;
  readonly closeReplacement: () => void;
  readonly dismissConfirmHint: () => void;
}

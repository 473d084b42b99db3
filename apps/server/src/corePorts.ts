import type { Accounts, History, Ports } from './ports.ts';

/** What is needed of it for calls and sessions, without HTTP. */
export interface CorePorts extends Omit<Ports, 'accounts' | 'history' | 'turn' | 'health'> {
  readonly accounts: Pick<
    Accounts,
    'findRegistrant' | 'findRelation' | 'listAudience' | 'removeDevice' | 'touchDevice'
  >;
  readonly history: Pick<History, 'countMissedUnseen'>;
}

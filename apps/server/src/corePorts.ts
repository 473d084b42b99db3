import type { Accounts, History, Ports } from './ports.ts';

/** What is needed of it for calls and sessions, without HTTP. */
export interface CorePorts extends Omit<Ports, 'accounts' | 'history' | 'turn' | 'health' | 'sfu'> {
  readonly accounts: Pick<
    Accounts,
    'findUser' | 'findRelation' | 'listAudience' | 'listDevices' | 'removeDevice' | 'touchDevice'
  >;
  readonly history: Pick<History, 'countMissedUnseen'>;
}

import type { LinkStore, SavedGroupStore } from './groupPorts.ts';
import type { History } from './historyPorts.ts';
import type { Accounts, Ports } from './ports.ts';

/** What is needed of it for calls and sessions, without HTTP. */
export interface CorePorts extends Omit<
  Ports,
  'accounts' | 'identities' | 'history' | 'turn' | 'health' | 'savedGroups' | 'links'
> {
  readonly accounts: Pick<
    Accounts,
    'findRegistrant' | 'findRelation' | 'listAudience' | 'removeDevice' | 'touchDevice'
  >;
  readonly savedGroups: Pick<SavedGroupStore, 'find'>;
  readonly links: Pick<LinkStore, 'find' | 'findGuestCall' | 'forgetGuests'>;
  readonly history: Pick<History, 'countMissedUnseen'>;
}

import { auditCalls } from './auditCalls.ts';
import { auditEvents } from './auditEvents.ts';
import { auditSignals } from './auditSignals.ts';
import type { DeviceLedger } from './ledger.ts';
import type { RecordedCall } from './record.ts';

/** What a run came to. Everything in `lost` and `doubled` is a fault, in words. */
export interface Tally {
  readonly calls: number;
  /** Calls by what became of them. */
  readonly outcomes: ReadonlyMap<string, number>;
  /** Dials that were refused, by code. */
  readonly refused: ReadonlyMap<string, number>;
  readonly requests: number;
  readonly events: number;
  readonly signals: number;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  /** Events of ended calls that were told once more in a session that Redis' loss had begun afresh. */
  readonly repeated: number;
  /** Signals that a new connection took the place of, after a session that could not go on. */
  readonly superseded: number;
  /** Sessions that could not go on. */
  readonly freshStarts: number;
  /** How late calls were given up that nobody answered, in ms, each. */
  readonly lateness: readonly { readonly dueAt: number; readonly lateMs: number }[];
}

/** Holds what devices asked for and were told against what is stored. */
export function audit(ledgers: readonly DeviceLedger[], calls: readonly RecordedCall[]): Tally {
  const lost: string[] = [];
  const doubled: string[] = [];
  const findings = { lost, doubled };
  auditCalls(ledgers, calls, findings);
  const repeated = auditEvents(ledgers, calls, findings);
  const signals = auditSignals(ledgers, calls, findings);
  const dials = ledgers.flatMap(({ requests }) =>
    requests.filter(({ request }) => request.type === 'initiate_call'),
  );
  return {
    calls: calls.length,
    outcomes: count(calls.map(({ state, endReason }) => `${state} (${endReason ?? 'not over'})`)),
    refused: count(dials.flatMap(({ answer }) => (answer?.type === 'error' ? [answer.payload.code] : []))),
    requests: ledgers.reduce((sum, { requests }) => sum + requests.length, 0),
    events: ledgers.reduce((sum, { events }) => sum + events.length, 0),
    ...signals,
    lost,
    doubled,
    repeated,
    freshStarts: ledgers.reduce((sum, { freshStarts }) => sum + freshStarts.length, 0),
    lateness: calls.flatMap(({ endReason, endedAt, ringLimitAt }) =>
      endReason === 'no_answer' && endedAt !== null
        ? [{ dueAt: ringLimitAt, lateMs: endedAt - ringLimitAt }]
        : [],
    ),
  };
}

export interface Findings {
  readonly lost: string[];
  readonly doubled: string[];
}

export function count<Key>(keys: Iterable<Key>): Map<Key, number> {
  const counts = new Map<Key, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

import type { ServerEvent } from '@visavis/protocol';
import { count, type Findings } from './audit.ts';
import type { DeviceLedger, LedgerEvent } from './ledger.ts';
import type { RecordedCall } from './record.ts';

/** What happens to a device once in a call, if at all. */
const ONCE: readonly ServerEvent['type'][] = ['ring', 'call_answered', 'call_ended'];

/**
 * SES2, CALL2: each device hears of each of its calls once, in order, and of its end; or has a snapshot that says so.
 *
 * @returns how many events came after the end of their call in a session that was begun afresh after it: what its former
 * session had been told was forgotten with Redis, and devices pass over it
 */
export function auditEvents(
  ledgers: readonly DeviceLedger[],
  calls: readonly RecordedCall[],
  { lost, doubled }: Findings,
): number {
  const createdAt = new Map(calls.map((call) => [call.callId, call.createdAt]));
  let repeated = 0;
  const byDevice = new Map(ledgers.map((ledger) => [ledger.deviceId, ledger]));
  for (const ledger of ledgers) {
    auditNumbers(ledger, { lost, doubled });
    repeated += auditOrder(ledger, createdAt, doubled);
  }
  for (const call of calls) {
    for (const { deviceId, role, joined } of call.parts) {
      const ledger = byDevice.get(deviceId);
      if (ledger === undefined) continue;
      // A session that is begun afresh may tell once more what the former one had: with Redis its memory of that is gone.
      const heard = count(
        ledger.events
          .filter(({ event }) => event.callId === call.callId)
          .map(({ event, session }) => `${event.type} ${String(session)}`),
      );
      for (const [what, times] of heard) {
        if (times > 1 && ONCE.some((type) => what.startsWith(`${type} `)))
          doubled.push(`${deviceId} heard ${what} of ${call.callId} ${String(times)} times`);
      }
      // A device that started afresh in between was told by a snapshot.
      const isExcused = ledger.freshStarts.some((at) => at >= call.createdAt);
      const expected =
        role === 'caller' && call.connectedAt !== null ? ['call_answered', 'call_ended'] : ['call_ended'];
      for (const type of isExcused ? [] : expected) {
        if (!ledger.events.some(({ event }) => event.type === type && event.callId === call.callId))
          lost.push(
            `${deviceId} (${role}${joined ? '' : ', not joined'}) was not told ${type} of ${call.callId}`,
          );
      }
    }
  }
  return repeated;
}

/** The numbers of a session grow by one. */
function auditNumbers({ deviceId, events }: DeviceLedger, { lost, doubled }: Findings): void {
  let last: LedgerEvent | null = null;
  for (const entry of events) {
    const before: number = last?.session === entry.session ? last.event.seq : entry.event.seq - 1;
    if (entry.event.seq <= before) doubled.push(`${deviceId} handled ${String(entry.event.seq)} twice`);
    if (entry.event.seq > before + 1) lost.push(`${deviceId} never got ${String(before + 1)}`);
    last = entry;
  }
}

/** Nothing is said of a call to a device that was told of its end; signals under way may still come. */
function auditOrder(
  { deviceId, events, freshStarts }: DeviceLedger,
  createdAt: ReadonlyMap<string, number>,
  doubled: string[],
): number {
  let repeated = 0;
  const over = new Set<string>();
  for (const { event, session, at } of events) {
    const { type } = event;
    const callId = `${event.callId} ${String(session)}`;
    const isSignal = type === 'offer' || type === 'answer' || type === 'ice_candidate';
    if (over.has(callId) && !isSignal) {
      const begunAt = freshStarts.findLast((startedAt) => startedAt <= at);
      const isOlder = begunAt !== undefined && (createdAt.get(event.callId) ?? begunAt) < begunAt;
      if (isOlder) repeated += 1;
      else doubled.push(`${deviceId} heard ${type} of ${callId} after its end`);
    }
    if (type === 'call_ended') over.add(callId);
  }
  return repeated;
}

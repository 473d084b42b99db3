import type { DeviceRequest } from '@visavis/call';
import type { Findings } from './audit.ts';
import type { DeviceLedger, LedgerRequest } from './ledger.ts';
import type { RecordedCall } from './record.ts';

/** How a call may end where every device stays alive. */
const EXPECTED_ENDS: ReadonlySet<string | null> = new Set([
  'hangup',
  'cancelled',
  'declined',
  'no_answer',
  'busy',
]);

/** RING1, CALL2, HIST1: every call that was confirmed is stored once, has the end that was confirmed, and is in both histories. */
export function auditCalls(
  ledgers: readonly DeviceLedger[],
  calls: readonly RecordedCall[],
  { lost, doubled }: Findings,
): void {
  const byId = new Map(calls.map((call) => [call.callId, call]));
  const dialed = new Set<string>();
  const winners = new Map<string, string[]>();

  for (const { deviceId, requests } of ledgers) {
    for (const entry of requests) {
      const { request, answer } = entry;
      if (request.type === 'initiate_call') {
        dialed.add(request.payload.idempotencyKey);
        const callId = answer?.type === 'ok' ? answer.payload.callId : undefined;
        const call = callId === undefined ? undefined : byId.get(callId);
        if (callId !== undefined && call?.keys.includes(request.payload.idempotencyKey) !== true)
          lost.push(`a dial was confirmed as ${callId}, and its key does not stand for that call`);
      } else if (answer?.type === 'ok' && 'callId' in request) {
        const call = byId.get(request.callId);
        const wrong = call === undefined ? 'the call is not there' : contradict(entry, call, deviceId);
        if (wrong !== null) lost.push(`${request.type} of ${request.callId} was confirmed, but ${wrong}`);
        if (request.type === 'answer_call')
          winners.set(request.callId, [...(winners.get(request.callId) ?? []), deviceId]);
      }
    }
  }
  for (const [callId, devices] of winners)
    if (new Set(devices).size > 1)
      doubled.push(`${callId} was answered by ${String(devices.length)} devices`);
  for (const call of calls) {
    const { callId, keys, state, endReason, endedAt, listedFor, callerId, calleeId } = call;
    if (!keys.some((key) => dialed.has(key))) doubled.push(`${callId} was dialed by nobody`);
    if (endedAt === null) lost.push(`${callId} is ${state} for ever`);
    else if (!EXPECTED_ENDS.has(endReason)) lost.push(`${callId} ended by ${String(endReason)}`);
    if (listedFor.toSorted().join() !== [callerId, calleeId].toSorted().join())
      lost.push(`${callId} is in ${String(listedFor.length)} histories`);
  }
}

/** @returns what in the record contradicts a confirmed request */
function contradict({ request }: LedgerRequest, call: RecordedCall, deviceId: string): string | null {
  if (request.type === 'answer_call') {
    const won = call.parts.some((part) => part.deviceId === deviceId && part.joined);
    return won && call.connectedAt !== null ? null : 'this device did not take it';
  }
  const expected = expectedEnd(request);
  return expected === null || call.endReason === expected ? null : `it was ${String(call.endReason)}`;
}

function expectedEnd(request: DeviceRequest): string | null {
  if (request.type === 'decline_call') return 'declined';
  if (request.type === 'cancel_call') return 'cancelled';
  return request.type === 'end_call' ? request.payload.reason : null;
}

import type { Findings } from './audit.ts';
import { nameSignal, signalOf, type DeviceLedger } from './ledger.ts';
import type { RecordedCall } from './record.ts';

interface Sent {
  readonly name: string;
  readonly callId: string;
  readonly sentAt: number;
  readonly answeredAt: number | null;
  readonly isConfirmed: boolean;
  /** It was refused for the moment and sent again: its place is then where it was confirmed. */
  readonly isRepeated: boolean;
}

/** NEG1, NEG2: each signal that was confirmed reaches the other device once, and those of one device in their order. */
export function auditSignals(
  ledgers: readonly DeviceLedger[],
  calls: readonly RecordedCall[],
  { lost, doubled }: Findings,
): { readonly signals: number; readonly superseded: number } {
  const byDevice = new Map(ledgers.map((ledger) => [ledger.deviceId, ledger]));
  const sentBy = new Map(ledgers.map((ledger) => [ledger.deviceId, listSent(ledger)]));
  const heardBy = new Map(ledgers.map((ledger) => [ledger.deviceId, listHeard(ledger)]));
  let signals = 0;
  let superseded = 0;
  for (const call of calls) {
    if (call.connectedAt === null) continue;
    const joined = call.parts.filter((part) => part.joined);
    for (const { deviceId } of joined) {
      const other = joined.find((part) => part.deviceId !== deviceId);
      const receiver = other === undefined ? undefined : byDevice.get(other.deviceId);
      if (receiver === undefined) continue;
      const heard = heardBy.get(receiver.deviceId)?.get(call.callId) ?? [];
      const position = new Map(heard.map((name, n) => [name, n]));
      for (const name of new Set(heard)) {
        const times = heard.filter((each) => each === name).length;
        if (times > 1) doubled.push(`a signal of ${call.callId} came ${String(times)} times`);
      }
      let last = -1;
      for (const sent of sentBy.get(deviceId)?.get(call.callId) ?? []) {
        signals += 1;
        const at = position.get(sent.name);
        if (at === undefined) {
          if (!sent.isConfirmed) continue;
          if (isSuperseded(receiver, sent) || isSuperseded(byDevice.get(deviceId), sent)) superseded += 1;
          else lost.push(`a signal of ${call.callId} was confirmed and never came`);
        } else if (!sent.isRepeated) {
          if (at < last) lost.push(`signals of ${call.callId} came out of order`);
          last = at;
        }
      }
    }
  }
  return { signals, superseded };
}

/** How long a session lives whose device is away, and a moment for what crosses the end of it. */
const AWAY_MS = 60_000;
const MOMENT_MS = 1_000;

/** After a session that could not go on, a new connection takes the place of what may be lost. */
const isSuperseded = (ledger: DeviceLedger | undefined, { sentAt }: Sent): boolean =>
  ledger !== undefined &&
  [...ledger.freshStarts, ...ledger.rejoins].some((at) => at >= sentAt - MOMENT_MS && at <= sentAt + AWAY_MS);

function listSent({ requests, refusals }: DeviceLedger): ReadonlyMap<string, readonly Sent[]> {
  const byCall = new Map<string, Sent[]>();
  for (const { request, sentAt, answer, answeredAt } of requests) {
    const signal = signalOf(request);
    if (signal === null || !('callId' in request)) continue;
    const sent = {
      name: nameSignal(signal),
      callId: request.callId,
      sentAt,
      answeredAt,
      isConfirmed: answer?.type === 'ok',
      isRepeated: refusals.some((at) => at >= sentAt && (answeredAt === null || at <= answeredAt)),
    };
    byCall.set(request.callId, [...(byCall.get(request.callId) ?? []), sent]);
  }
  return byCall;
}

/** In the order in which they came: what the server had kept came with the answer, before all others. */
function listHeard({ events, given }: DeviceLedger): ReadonlyMap<string, readonly string[]> {
  const byCall = new Map<string, string[]>();
  const add = (callId: string, name: string): void => {
    const known = byCall.get(callId) ?? [];
    known.push(name);
    byCall.set(callId, known);
  };
  for (const { callId, signal } of given) add(callId, nameSignal(signal));
  for (const { event } of events) {
    const signal = signalOf(event);
    if (signal !== null) add(event.callId, nameSignal(signal));
  }
  return byCall;
}

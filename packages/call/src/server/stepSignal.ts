import type { Signal } from '@visavis/protocol';
import { LIMITS } from '@visavis/protocol';
import { findRemote } from './participants.ts';
import type { CallStep, ConnectedCall, Participant, RingingCall } from './types.ts';

/**
 * Passes a signal of a joined device on. While the call rings only the caller is joined: its offer and candidates are kept
 * and given to the device that answers, to nobody else (NEG2, NEG3).
 */
export function stepSignal(call: RingingCall | ConnectedCall, from: Participant, signal: Signal): CallStep {
  if (call.state === 'connected') {
    const remote = findRemote(call, from.device.deviceId);
    if (remote === undefined) return { call, effects: [], refusal: 'WRONG_STATE' };
    const event = { ...signal, callId: call.callId };
    return { call, effects: [{ type: 'send', deviceId: remote.device.deviceId, event }], refusal: null };
  }
  const held = holdSignal(call.held, signal);
  if (held === null) return { call, effects: [], refusal: 'WRONG_STATE' };
  return { call: held === call.held ? call : { ...call, held }, effects: [], refusal: null };
}

/** NEG1, NEG2: one offer and its candidates, no candidate twice; a new offer replaces what was there for another connection. */
function holdSignal(held: readonly Signal[], signal: Signal): readonly Signal[] | null {
  switch (signal.type) {
    case 'offer': {
      const { connectionId } = signal.payload;
      const kept = held.filter(
        (other) => other.type === 'ice_candidate' && other.payload.connectionId === connectionId,
      );
      return [signal, ...kept];
    }
    case 'ice_candidate': {
      const candidates = held.filter(({ type }) => type === 'ice_candidate');
      const text = JSON.stringify(signal.payload);
      if (candidates.some(({ payload }) => JSON.stringify(payload) === text)) return held;
      // One place stays free for the offer, which may come after its candidates.
      return candidates.length >= LIMITS.heldSignals - 1 ? null : [...held, signal];
    }
    case 'answer':
      return null;
  }
}

import type { Candidate } from '@visavis/protocol';
import { LIMITS } from '@visavis/protocol';
import { isNewerConnection } from './connectionId.ts';
import type { Connection, Negotiation, NegotiationAction, NegotiationStep } from './types.ts';

/** Remembered candidates of one connection. Fewer: a repeated one may be given to the browser again, which is harmless. */
const REMEMBERED = 256;

/** NEG2: gives a remote candidate to the browser, keeps it for its description, or drops it. */
export function handleCandidate(state: Negotiation, candidate: Candidate): NegotiationStep {
  const { connection } = state;
  if (connection !== null && isNewerConnection(connection.connectionId, candidate.connectionId)) {
    return { state: countDropped(state), actions: [] };
  }
  if (connection === null || !belongsTo(candidate, connection)) {
    if (state.held.some((other) => keyOf(other) === keyOf(candidate))) {
      return { state: countDropped(state), actions: [] };
    }
    const overflows = state.held.length >= LIMITS.heldSignals;
    const next = overflows ? countDropped(state) : state;
    return {
      state: { ...next, held: [...state.held, candidate].slice(-LIMITS.heldSignals) },
      actions: [],
    };
  }
  return add(state, connection, [candidate]);
}

/** After a remote description: gives the browser what was kept for it, forgets what is for connections that are over. */
export function releaseHeld(state: Negotiation): NegotiationStep {
  const { connection } = state;
  if (connection === null) return { state, actions: [] };
  const live = state.held.filter(
    (candidate) => !isNewerConnection(connection.connectionId, candidate.connectionId),
  );
  const ready = live.filter((candidate) => belongsTo(candidate, connection));
  const held = live.filter((candidate) => !belongsTo(candidate, connection));
  return add({ ...state, held }, connection, ready);
}

/** An own candidate goes out after the description it belongs to, never before (NEG2, NEG3). */
export function handleLocalCandidate(state: Negotiation, candidate: Candidate): NegotiationStep {
  const { connection } = state;
  if (connection === null || connection.connectionId !== candidate.connectionId)
    return { state, actions: [] };
  switch (connection.phase.name) {
    case 'making_offer':
    case 'answering':
      return {
        state: { ...state, connection: { ...connection, unsent: [...connection.unsent, candidate] } },
        actions: [],
      };
    case 'offered':
    case 'applying_answer':
    case 'stable': {
      const told = connection.isShared ? [] : [...connection.told, candidate].slice(-LIMITS.heldSignals);
      return {
        state: { ...state, connection: { ...connection, told } },
        actions: [sendCandidate(candidate)],
      };
    }
    case 'broken':
      return { state, actions: [] };
  }
}

export const sendCandidate = (candidate: Candidate): NegotiationAction => ({
  type: 'send',
  signal: { type: 'ice_candidate', payload: candidate },
});

export const countDropped = (state: Negotiation): Negotiation => ({
  ...state,
  counters: { ...state.counters, dropped: state.counters.dropped + 1 },
});

/** The ICE user name fragments of a description (RFC 8839 §5.4). */
export function ufragsOf(sdp: string): readonly string[] {
  return [...new Set([...sdp.matchAll(/^a=ice-ufrag:(\S+)/gm)].map((match) => match[1] ?? ''))];
}

/** Without a user name fragment it is for whatever description is in force. */
function belongsTo(candidate: Candidate, connection: Connection): boolean {
  return (
    candidate.connectionId === connection.connectionId &&
    connection.remoteUfrags.length > 0 &&
    (candidate.usernameFragment === null || connection.remoteUfrags.includes(candidate.usernameFragment))
  );
}

function add(state: Negotiation, connection: Connection, candidates: readonly Candidate[]): NegotiationStep {
  const fresh = candidates.filter((candidate) => !connection.added.includes(keyOf(candidate)));
  const added = [...connection.added, ...fresh.map(keyOf)].slice(-REMEMBERED);
  const dropped = state.counters.dropped + candidates.length - fresh.length;
  return {
    state: { ...state, connection: { ...connection, added }, counters: { ...state.counters, dropped } },
    actions: fresh.map((candidate) => ({ type: 'add_candidate', candidate })),
  };
}

const keyOf = (candidate: Candidate): string =>
  [
    candidate.connectionId,
    candidate.usernameFragment,
    candidate.sdpMid,
    candidate.sdpMLineIndex,
    candidate.candidate,
  ].join(' ');

import { handleCandidate, handleLocalCandidate } from './candidates.ts';
import {
  breakDown,
  connect,
  finishAnswer,
  finishApply,
  finishOffer,
  handleDescription,
  wantOffer,
} from './descriptions.ts';
import type { Connection, Negotiation, NegotiationInput, NegotiationStep } from './types.ts';

/** @param polite - NEG1: the callee; when both offer at once it gives way, by a new connection */
export const createNegotiation = (polite: boolean): Negotiation => ({
  polite,
  isOpen: false,
  connection: null,
  held: [],
  counters: { refused: 0, dropped: 0 },
});

/** NEG1 to NEG3. Inputs that make no sense where they come (late results of a replaced connection) change nothing. */
export function stepNegotiation(state: Negotiation, input: NegotiationInput): NegotiationStep {
  switch (input.type) {
    case 'accept':
      return { state: { ...state, isOpen: true }, actions: [] };
    case 'connect':
      return connect(state, input.connectionId);
    case 'signal':
      if (!state.isOpen) {
        const counters = { ...state.counters, refused: state.counters.refused + 1 };
        return { state: { ...state, counters }, actions: [] };
      }
      return input.signal.type === 'ice_candidate'
        ? handleCandidate(state, input.signal.payload)
        : handleDescription(state, input.signal);
    case 'local_candidate':
      return handleLocalCandidate(state, input.candidate);
    case 'offer_wanted':
      return stepOfferWanted(state, input.because);
    case 'offer_made':
    case 'answer_made':
    case 'answer_applied':
    case 'failed':
      return state.connection?.connectionId === input.connectionId
        ? stepResult(state, state.connection, input)
        : { state, actions: [] };
  }
}

function stepResult(
  state: Negotiation,
  connection: Connection,
  input: Extract<
    NegotiationInput,
    { readonly type: 'offer_made' | 'answer_made' | 'answer_applied' | 'failed' }
  >,
): NegotiationStep {
  switch (input.type) {
    case 'offer_made':
      return finishOffer(state, connection, input);
    case 'answer_made':
      return finishAnswer(state, connection, input);
    case 'answer_applied':
      return finishApply(state, connection);
    case 'failed':
      return breakDown(state);
  }
}

function stepOfferWanted(
  state: Negotiation,
  because: 'media_changed' | 'path_lost' | 'network_changed',
): NegotiationStep {
  const { connection } = state;
  if (connection === null || connection.phase.name === 'broken') return { state, actions: [] };
  const { phase } = connection;
  const isUnderWay = (phase.name === 'making_offer' || phase.name === 'offered') && phase.kind === 'restart';
  if (because === 'path_lost' && isUnderWay) return { state, actions: [] };
  return wantOffer(state, connection, because === 'media_changed' ? 'plain' : 'restart');
}

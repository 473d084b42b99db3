export { isNewerConnection, nextConnectionId } from './connectionId.ts';
export { createNegotiation, stepNegotiation } from './step.ts';
export type {
  Negotiation,
  NegotiationAction,
  NegotiationCounters,
  NegotiationInput,
  NegotiationPhase,
  NegotiationStep,
  OfferKind,
} from './types.ts';

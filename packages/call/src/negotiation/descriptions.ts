import type { AnswerDescription, Description, TransportProof } from '@visavis/protocol';
import { countDropped, releaseHeld, sendCandidate, ufragsOf } from './candidates.ts';
import { isNewerConnection } from './connectionId.ts';
import type {
  Connection,
  DescriptionSignal,
  Negotiation,
  NegotiationAction,
  NegotiationStep,
  OfferKind,
} from './types.ts';

/** Descriptions kept while the browser works on one. An honest device sends one at a time. */
const WAITING = 16;

interface Made {
  readonly sdp: string;
  readonly proof?: TransportProof | undefined;
}

/** A new connection of this device's own: it replaces whatever there was. */
export function connect(state: Negotiation, connectionId: string): NegotiationStep {
  if (!isNewerConnection(connectionId, state.connection?.connectionId ?? null)) {
    // Only after a connection id at the very end of time: nothing greater can be made.
    return breakDown(state);
  }
  const connection = createConnection(connectionId, { name: 'making_offer', kind: 'plain' });
  return {
    state: { ...state, isOpen: true, connection },
    actions: [
      { type: 'open', connectionId },
      { type: 'make_offer', connectionId, kind: 'plain' },
    ],
  };
}

/** NEG1, NEG2: an offer or an answer that came. */
export function handleDescription(state: Negotiation, signal: DescriptionSignal): NegotiationStep {
  const { connection } = state;
  const { connectionId } = signal.payload;
  if (signal.type === 'offer' && isNewerConnection(connectionId, connection?.connectionId ?? null)) {
    // A device that came back says so before it gives way: else nobody learns that the answers before were another's.
    if (connection?.phase.name === 'making_offer' && !connection.isShared) {
      return wait(state, connection, signal);
    }
    const opened = createConnection(connectionId, { name: 'answering' });
    const { state: next, actions } = answerOffer(state, { ...opened, isShared: true }, signal.payload);
    return { state: next, actions: [{ type: 'open', connectionId }, ...actions] };
  }
  if (connection === null) return { state: countDropped(state), actions: [] };
  if (connectionId !== connection.connectionId) {
    return signal.type === 'offer' ? correct(state, connection) : { state: countDropped(state), actions: [] };
  }
  switch (connection.phase.name) {
    case 'making_offer':
    case 'answering':
    case 'applying_answer':
      return wait(state, connection, signal);
    case 'broken':
      return { state: countDropped(state), actions: [] };
    case 'offered':
    case 'stable':
      return signal.type === 'offer'
        ? handleOffer(state, connection, signal.payload)
        : handleAnswer(state, connection, signal.payload);
  }
}

/** The browser has set our offer. */
export function finishOffer(
  state: Negotiation,
  connection: Connection,
  { sdp, proof }: Made,
): NegotiationStep {
  if (connection.phase.name !== 'making_offer') return { state, actions: [] };
  const { kind } = connection.phase;
  const { connectionId } = connection;
  const sent = [
    sendDescription({ type: 'offer', payload: { connectionId, sdp, ...signed(proof) } }),
    ...connection.unsent.map(sendCandidate),
  ];
  const told = connection.isShared ? [] : connection.unsent;
  return goOn(
    put(state, { ...connection, phase: { name: 'offered', kind, sdp, proof }, unsent: [], told }),
    sent,
  );
}

/** The browser has set the other's offer and our answer. */
export function finishAnswer(
  state: Negotiation,
  connection: Connection,
  { sdp, proof }: Made,
): NegotiationStep {
  if (connection.phase.name !== 'answering') return { state, actions: [] };
  const { connectionId } = connection;
  const [answers] = ufragsOf(connection.lastRemoteOffer ?? '');
  const sent = [
    sendDescription({
      type: 'answer',
      payload: { connectionId, sdp, ...signed(proof), ...(answers === undefined ? {} : { answers }) },
    }),
    ...connection.unsent.map(sendCandidate),
  ];
  return goOn(put(state, { ...connection, phase: { name: 'stable' }, unsent: [] }), sent);
}

/** The browser has set the other's answer. */
export function finishApply(state: Negotiation, connection: Connection): NegotiationStep {
  if (connection.phase.name !== 'applying_answer') return { state, actions: [] };
  return goOn(put(state, { ...connection, phase: { name: 'stable' } }), []);
}

/** A new offer within the connection, now or as soon as it is stable. */
export function wantOffer(state: Negotiation, connection: Connection, kind: OfferKind): NegotiationStep {
  const stronger = connection.wanted === 'restart' ? 'restart' : kind;
  return goOn(put(state, { ...connection, wanted: stronger }), []);
}

export function breakDown(state: Negotiation): NegotiationStep {
  const { connection } = state;
  if (connection === null || connection.phase.name === 'broken') return { state, actions: [] };
  const { connectionId } = connection;
  return {
    state: put(state, { ...connection, phase: { name: 'broken' }, waiting: [], unsent: [], wanted: null }),
    actions: [{ type: 'broken', connectionId }],
  };
}

function handleOffer(state: Negotiation, connection: Connection, offer: Description): NegotiationStep {
  const { sdp } = offer;
  if (sdp === connection.lastRemoteOffer) return { state: countDropped(state), actions: [] };
  if (connection.phase.name !== 'offered') return answerOffer(state, connection, offer);
  if (!state.polite) {
    return { state: countDropped(put(state, { ...connection, lastRemoteOffer: sdp })), actions: [] };
  }
  // Our offer gives way, with its connection: a browser that takes an offer back may play what comes past every transform.
  return { state: countDropped(state), actions: [{ type: 'connect_anew' }] };
}

function answerOffer(
  state: Negotiation,
  connection: Connection,
  { sdp, proof }: Description,
): NegotiationStep {
  const { connectionId } = connection;
  const answering: Connection = {
    ...connection,
    phase: { name: 'answering' },
    remoteUfrags: ufragsOf(sdp),
    lastRemoteOffer: sdp,
  };
  const released = releaseHeld(put(state, answering));
  return {
    state: released.state,
    actions: [{ type: 'answer_offer', connectionId, sdp, ...signed(proof) }, ...released.actions],
  };
}

function handleAnswer(
  state: Negotiation,
  connection: Connection,
  { sdp, proof, answers }: AnswerDescription,
): NegotiationStep {
  if (connection.phase.name !== 'offered') return { state: countDropped(state), actions: [] };
  // Before it was reloaded this device may have offered in this connection, too.
  if (answers !== undefined && !ufragsOf(connection.phase.sdp).includes(answers))
    return { state: countDropped(state), actions: [] };
  const { connectionId } = connection;
  const applying: Connection = {
    ...connection,
    phase: { name: 'applying_answer' },
    isShared: true,
    told: [],
    remoteUfrags: ufragsOf(sdp),
  };
  const released = releaseHeld(put(state, applying));
  return {
    state: released.state,
    actions: [{ type: 'apply_answer', connectionId, sdp, ...signed(proof) }, ...released.actions],
  };
}

/**
 * The other side offers an older connection: it does not know ours. Either our offer is still on its way or was lost with a
 * device that reloaded: say it again. Or it knew ours and has forgotten it: then only a newer one brings it back.
 */
function correct(state: Negotiation, connection: Connection): NegotiationStep {
  const next = countDropped(state);
  if (connection.isShared) return { state: next, actions: [{ type: 'connect_anew' }] };
  if (connection.phase.name !== 'offered') return { state: next, actions: [] };
  const { connectionId, phase } = connection;
  return {
    state: next,
    actions: [
      sendDescription({ type: 'offer', payload: { connectionId, sdp: phase.sdp, ...signed(phase.proof) } }),
      ...connection.told.map(sendCandidate),
    ],
  };
}

function wait(state: Negotiation, connection: Connection, signal: DescriptionSignal): NegotiationStep {
  return connection.waiting.length >= WAITING
    ? { state: countDropped(state), actions: [] }
    : { state: put(state, { ...connection, waiting: [...connection.waiting, signal] }), actions: [] };
}

/** The browser is free again: the next description that waited, else the offer that is wanted. */
function goOn(state: Negotiation, before: readonly NegotiationAction[]): NegotiationStep {
  const { connection } = state;
  if (connection === null) return { state, actions: before };
  const { name } = connection.phase;
  if (name !== 'stable' && name !== 'offered') return { state, actions: before };
  const [first, ...waiting] = connection.waiting;
  if (first !== undefined) {
    const { state: next, actions } = handleDescription(put(state, { ...connection, waiting }), first);
    return goOn(next, [...before, ...actions]);
  }
  if (name !== 'stable' || connection.wanted === null) return { state, actions: before };
  const { connectionId, wanted: kind } = connection;
  return {
    state: put(state, { ...connection, phase: { name: 'making_offer', kind }, wanted: null }),
    actions: [...before, { type: 'make_offer', connectionId, kind }],
  };
}

const createConnection = (connectionId: string, phase: Connection['phase']): Connection => ({
  connectionId,
  phase,
  isShared: false,
  wanted: null,
  remoteUfrags: [],
  lastRemoteOffer: null,
  waiting: [],
  unsent: [],
  told: [],
  added: [],
});

const put = (state: Negotiation, connection: Connection): Negotiation => ({ ...state, connection });

const sendDescription = (signal: DescriptionSignal): NegotiationAction => ({ type: 'send', signal });

const signed = (proof: TransportProof | undefined): { readonly proof?: TransportProof } =>
  proof === undefined ? {} : { proof };

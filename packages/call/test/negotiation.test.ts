import type { Candidate, Signal } from '@visavis/protocol';
import { Signal as SignalSchema, LIMITS } from '@visavis/protocol';
import { describe, expect, test } from 'vitest';
import {
  createNegotiation,
  isNewerConnection,
  nextConnectionId,
  stepNegotiation,
  type Negotiation,
  type NegotiationAction,
  type NegotiationInput,
} from '../src/negotiation/index.ts';
import { World } from './negotiationWorld.ts';

const RANDOM = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
const FIRST = nextConnectionId(null, 1_000, RANDOM);
const SECOND = nextConnectionId(FIRST, 2_000, RANDOM);

const sdp = (name: string, ufrag = 'u1'): string => `v=0\r\ns=${name}\r\na=ice-ufrag:${ufrag}\r\n`;
const offer = (connectionId: string, name: string, ufrag?: string): NegotiationInput => ({
  type: 'signal',
  signal: { type: 'offer', payload: { connectionId, sdp: sdp(name, ufrag) } },
});
const answer = (connectionId: string, name: string, ufrag?: string): NegotiationInput => ({
  type: 'signal',
  signal: { type: 'answer', payload: { connectionId, sdp: sdp(name, ufrag) } },
});
const candidateOf = (connectionId: string, name: string, ufrag: string | null = 'u1'): Candidate => ({
  connectionId,
  candidate: `candidate:${name}`,
  sdpMid: '0',
  sdpMLineIndex: 0,
  usernameFragment: ufrag,
});
const candidate = (connectionId: string, name: string, ufrag?: string | null): NegotiationInput => ({
  type: 'signal',
  signal: { type: 'ice_candidate', payload: candidateOf(connectionId, name, ufrag) },
});

function run(
  state: Negotiation,
  ...inputs: readonly NegotiationInput[]
): { state: Negotiation; actions: NegotiationAction[] } {
  const actions: NegotiationAction[] = [];
  let current = state;
  for (const input of inputs) {
    const step = stepNegotiation(current, input);
    current = step.state;
    actions.push(...step.actions);
  }
  return { state: current, actions };
}
const types = (actions: readonly NegotiationAction[]): string[] =>
  actions.map((action) => (action.type === 'send' ? `send ${action.signal.type}` : action.type));

const callee = (): Negotiation => run(createNegotiation(true), { type: 'accept' }).state;
/** Stable after one exchange, as the caller or the callee. */
const stable = (polite: boolean): Negotiation =>
  polite
    ? run(callee(), offer(FIRST, 'o1'), { type: 'answer_made', connectionId: FIRST, sdp: sdp('a1') }).state
    : run(
        createNegotiation(false),
        { type: 'connect', connectionId: FIRST },
        { type: 'offer_made', connectionId: FIRST, sdp: sdp('o1') },
        answer(FIRST, 'a1'),
        { type: 'answer_applied', connectionId: FIRST },
      ).state;

describe('connection ids', () => {
  test('are UUIDs that the wire takes', () => {
    const signal: Signal = { type: 'ice_candidate', payload: candidateOf(FIRST, 'x') };
    expect(SignalSchema.parse(signal)).toEqual(signal);
  });
  test('a later one is greater, also from a clock that is behind', () => {
    expect(isNewerConnection(SECOND, FIRST)).toBe(true);
    const behind = nextConnectionId(SECOND, 5, new Uint8Array(10));
    expect(isNewerConnection(behind, SECOND)).toBe(true);
    expect(isNewerConnection(FIRST, null)).toBe(true);
    expect(isNewerConnection(FIRST, FIRST.toUpperCase())).toBe(false);
  });
  test('at the end of time none is newer: the connection is given up instead of a fight', () => {
    const last = 'ffffffff-ffff-7fff-bfff-ffffffffffff';
    const state = run(callee(), offer(last, 'o1')).state;
    const next = nextConnectionId(last, 1_000, new Uint8Array(10));
    expect(types(run(state, { type: 'connect', connectionId: next }).actions)).toEqual(['broken']);
  });
});

describe('NEG1 descriptions', () => {
  test('NEG1 the caller offers, the callee answers', () => {
    const offered = run(
      createNegotiation(false),
      { type: 'connect', connectionId: FIRST },
      { type: 'offer_made', connectionId: FIRST, sdp: sdp('o1') },
    );
    expect(types(offered.actions)).toEqual(['open', 'make_offer', 'send offer']);
    const answered = run(callee(), offer(FIRST, 'o1'), {
      type: 'answer_made',
      connectionId: FIRST,
      sdp: sdp('a1'),
    });
    expect(types(answered.actions)).toEqual(['open', 'answer_offer', 'send answer']);
    expect(types(run(offered.state, answer(FIRST, 'a1')).actions)).toEqual(['apply_answer']);
  });

  test('NEG1 both offer at once: the impolite one goes on, the polite one makes a new connection', () => {
    const wanted: NegotiationInput = { type: 'offer_wanted', because: 'media_changed' };
    const made: NegotiationInput = { type: 'offer_made', connectionId: FIRST, sdp: sdp('o2') };
    const impolite = run(stable(false), wanted, made, offer(FIRST, 'theirs'));
    expect(types(impolite.actions)).toEqual(['make_offer', 'send offer']);
    const polite = run(stable(true), wanted, made, offer(FIRST, 'theirs'));
    expect(types(polite.actions)).toEqual(['make_offer', 'send offer', 'connect_anew']);
  });

  test('NEG1 a newer connection takes the place of the one there is', () => {
    const { state, actions } = run(stable(false), offer(SECOND, 'o2'));
    expect(types(actions)).toEqual(['open', 'answer_offer']);
    expect(state.connection?.connectionId).toBe(SECOND);
  });

  test('NEG1 an offer of an older connection: the other side has forgotten ours, a newer one is made', () => {
    const state = run(stable(true), offer(SECOND, 'o2')).state;
    expect(types(run(state, offer(FIRST, 'o3')).actions)).toEqual(['connect_anew']);
  });

  test('NEG1 an older offer that crosses ours: ours is said again, with its candidates', () => {
    const { actions } = run(
      createNegotiation(false),
      { type: 'connect', connectionId: SECOND },
      { type: 'local_candidate', candidate: candidateOf(SECOND, 'early') },
      { type: 'offer_made', connectionId: SECOND, sdp: sdp('o1') },
      { type: 'local_candidate', candidate: candidateOf(SECOND, 'late') },
      offer(FIRST, 'o2'),
    );
    const said = ['send offer', 'send ice_candidate', 'send ice_candidate'];
    expect(types(actions)).toEqual(['open', 'make_offer', ...said, ...said]);
  });

  test('NEG1 an answer says which offer it answers, and one to an offer of a former life is dropped', () => {
    const answering = run(callee(), offer(FIRST, 'o1', 'former'));
    const { actions } = run(answering.state, {
      type: 'answer_made',
      connectionId: FIRST,
      sdp: sdp('a1', 'theirs'),
    });
    const [action] = actions;
    if (action?.type !== 'send') throw new Error('no answer was sent');
    expect(action.signal.payload).toEqual({
      connectionId: FIRST,
      sdp: sdp('a1', 'theirs'),
      answers: 'former',
    });
    const offered = (ufrag: string): Negotiation =>
      run(
        createNegotiation(false),
        { type: 'connect', connectionId: FIRST },
        { type: 'offer_made', connectionId: FIRST, sdp: sdp('o1', ufrag) },
      ).state;
    const late = run(offered('own'), { type: 'signal', signal: action.signal });
    expect([late.actions, late.state.counters.dropped]).toEqual([[], 1]);
    expect(types(run(offered('former'), { type: 'signal', signal: action.signal }).actions)).toEqual([
      'apply_answer',
    ]);
  });

  test('NEG1 repeated descriptions are ignored', () => {
    const answered = run(stable(true), offer(FIRST, 'o1'));
    expect(answered.actions).toEqual([]);
    const applied = run(stable(false), answer(FIRST, 'a1'));
    expect(applied.actions).toEqual([]);
    expect(applied.state.counters.dropped).toBe(1);
  });

  test('NEG1 a description the browser refuses breaks the connection, not the call', () => {
    const { actions, state } = run(stable(true), offer(FIRST, 'o2'), { type: 'failed', connectionId: FIRST });
    expect(types(actions)).toEqual(['answer_offer', 'broken']);
    expect(types(run(state, { type: 'connect', connectionId: SECOND }).actions)).toEqual([
      'open',
      'make_offer',
    ]);
  });

  test('NEG1 results of a connection that was replaced change nothing', () => {
    const state = run(stable(true), offer(SECOND, 'o2')).state;
    const late = run(state, { type: 'answer_made', connectionId: FIRST, sdp: sdp('old') });
    expect(late).toEqual({ state, actions: [] });
  });

  test('NEG1 a device that came back says so before it gives way', () => {
    // Found by the model: it took the other's repeated offer over before its own was out, and nobody knew that it was new.
    const world = new World(600_000);
    world.connect('caller');
    world.accept();
    world.reload('callee', 1);
    world.finish('caller');
    world.finish('callee');
    world.deliver('caller');
    world.finish('caller');
    world.reload('caller', 0);
    world.deliver('callee');
    world.deliver('caller');
    world.settle();
    const { caller, callee: other } = world.devices;
    expect(caller.peer?.local).toBe(other.peer?.remote);
    expect(other.peer?.local).toBe(caller.peer?.remote);
  });
});

describe('NEG2 candidates', () => {
  test('NEG2 those before their description are kept for it', () => {
    const kept = run(callee(), candidate(FIRST, 'a'), candidate(FIRST, 'b'));
    expect(kept.actions).toEqual([]);
    expect(types(run(kept.state, offer(FIRST, 'o1')).actions)).toEqual([
      'open',
      'answer_offer',
      'add_candidate',
      'add_candidate',
    ]);
  });

  test('NEG2 those of a restart wait for its description', () => {
    const { state, actions } = run(stable(true), candidate(FIRST, 'a', 'u2'));
    expect(actions).toEqual([]);
    expect(types(run(state, offer(FIRST, 'o2', 'u2')).actions)).toEqual(['answer_offer', 'add_candidate']);
  });

  test('NEG2 repeated ones are dropped', () => {
    const { state, actions } = run(stable(true), candidate(FIRST, 'a'), candidate(FIRST, 'a'));
    expect(types(actions)).toEqual(['add_candidate']);
    expect(state.counters.dropped).toBe(1);
  });

  test('NEG2 those of an older connection are dropped, those of a newer one kept', () => {
    const state = run(stable(true), candidate(SECOND, 'new')).state;
    const moved = run(state, offer(SECOND, 'o2'));
    expect(types(moved.actions)).toEqual(['open', 'answer_offer', 'add_candidate']);
    expect(run(moved.state, candidate(FIRST, 'old')).actions).toEqual([]);
  });

  test('NEG2 what is kept is bounded', () => {
    const many = Array.from({ length: 500 }, (_, index) => candidate(SECOND, `${index}`));
    const { state } = run(stable(true), ...many);
    expect(state.held).toHaveLength(LIMITS.heldSignals);
    expect(state.counters.dropped).toBe(500 - LIMITS.heldSignals);
  });

  test('NEG2 own ones follow the description they belong to', () => {
    const { actions } = run(
      callee(),
      offer(FIRST, 'o1'),
      { type: 'local_candidate', candidate: candidateOf(FIRST, 'mine') },
      { type: 'answer_made', connectionId: FIRST, sdp: sdp('a1') },
    );
    expect(types(actions)).toEqual(['open', 'answer_offer', 'send answer', 'send ice_candidate']);
  });
});

test('NEG3 before the accept nothing is handled, kept or sent; it is counted', () => {
  const inputs = [offer(FIRST, 'o1'), candidate(FIRST, 'a'), answer(FIRST, 'a1'), offer(SECOND, 'o2')];
  const { state, actions } = run(createNegotiation(true), ...inputs);
  expect(actions).toEqual([]);
  expect(state).toEqual({ ...createNegotiation(true), counters: { refused: 4, dropped: 0 } });
});

test('NEG4 a restart is wanted while one is under way: a lost path waits for it, a changed network does not', () => {
  const lost: NegotiationInput = { type: 'offer_wanted', because: 'path_lost' };
  const rest: NegotiationInput[] = [
    { type: 'offer_made', connectionId: FIRST, sdp: sdp('o2', 'u2') },
    answer(FIRST, 'a2', 'u2'),
    { type: 'answer_applied', connectionId: FIRST },
  ];
  const once = ['make_offer', 'send offer', 'apply_answer'];
  expect(types(run(stable(false), lost, lost, ...rest).actions)).toEqual(once);
  const changed: NegotiationInput = { type: 'offer_wanted', because: 'network_changed' };
  expect(types(run(stable(false), lost, changed, ...rest).actions)).toEqual([...once, 'make_offer']);
});

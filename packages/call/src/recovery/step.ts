import { RECOVERY_TIMES as MS } from './times.ts';
import type { PathState, Recovery, RecoveryAction, RecoveryInput, RecoveryStep, Trouble } from './types.ts';

/** @param polite - waits a little longer, so that only one side restarts */
export const createRecovery = (polite: boolean): Recovery => ({
  polite,
  hasRelay: false,
  hasStarted: false,
  path: 'connecting',
  flow: 'connecting',
  trouble: null,
  lastStepAt: null,
  restartAt: null,
  doubtSinceAt: null,
  gaveUp: false,
});

/** NEG4. A `tick` is due at {@link nextRecoveryDeadline}; an early one changes nothing. */
export function stepRecovery(state: Recovery, input: RecoveryInput): RecoveryStep {
  if (state.gaveUp) return { state, actions: [] };
  switch (input.type) {
    case 'relay_known':
      return { state: { ...state, hasRelay: input.hasRelay }, actions: [] };
    case 'started':
      return { state: start(state, input.now), actions: [] };
    case 'path':
      // Browsers say it twice, for ICE and for the connection: only a change counts.
      if (input.state === state.path) return { state, actions: [] };
      return stepPath({ ...state, path: input.state }, input.state, input.now);
    case 'network_changed':
      return stepNetworkChanged(state, input.now);
    case 'arrived': {
      const { doubtSinceAt } = state;
      const proves = doubtSinceAt !== null && input.now >= doubtSinceAt + MS.stragglersMs;
      return { state: proves ? { ...state, doubtSinceAt: null } : state, actions: [] };
    }
    case 'remote_offered': {
      const { trouble } = state;
      if (trouble === null) return { state, actions: [] };
      const nextStepAt = Math.max(trouble.nextStepAt, input.now + stepMs(state));
      return {
        state: { ...state, trouble: { ...trouble, nextStepAt, needsConnection: false } },
        actions: [],
      };
    }
    case 'broken': {
      if (!state.hasStarted) return { state, actions: [] };
      const trouble = state.trouble ?? createTrouble(input.now, input.now);
      const nextStepAt = soonest(state, input.now);
      return { state: { ...state, trouble: { ...trouble, nextStepAt, needsConnection: true } }, actions: [] };
    }
    case 'tick':
      return stepTick(state, input.now);
  }
}

/** When the next `tick` is due, in ms since 1970; null: nothing is waited for. */
export function nextRecoveryDeadline(state: Recovery): number | null {
  if (state.gaveUp) return null;
  const { trouble, restartAt } = state;
  const due = [
    restartAt,
    doubtEndsAt(state),
    trouble?.nextStepAt ?? null,
    trouble === null ? null : trouble.sinceAt + MS.giveUpMs,
  ];
  const times = due.filter((at) => at !== null);
  return times.length === 0 ? null : Math.min(...times);
}

/** One word for ICE and DTLS. Connected only when both are: then media can flow. */
export function pathStateOf(
  ice: 'new' | 'checking' | 'connected' | 'completed' | 'disconnected' | 'failed' | 'closed',
  connection: 'new' | 'connecting' | 'connected' | 'disconnected' | 'failed' | 'closed',
): PathState {
  if (ice === 'failed' || connection === 'failed') return 'failed';
  if (ice === 'disconnected' || connection === 'disconnected') return 'disconnected';
  if (connection === 'connected' && (ice === 'connected' || ice === 'completed')) return 'connected';
  return 'connecting';
}

function start(state: Recovery, now: number): Recovery {
  if (state.hasStarted) return state;
  const trouble = state.flow === 'flowing' ? null : createTrouble(now, now + MS.connectMs + patience(state));
  return { ...state, hasStarted: true, trouble };
}

function stepPath(state: Recovery, path: PathState, now: number): RecoveryStep {
  switch (path) {
    case 'connecting':
      // A restart of a path that works passes through here as well: what flows goes on until it is known not to.
      return { state, actions: [] };
    case 'connected':
      return { state: { ...state, flow: 'flowing', trouble: null }, actions: [] };
    case 'disconnected': {
      const flow = state.flow === 'flowing' ? 'lost' : state.flow;
      const wait = MS.disconnectedMs + patience(state);
      const trouble = state.trouble ?? createTrouble(now, now + wait);
      return { state: { ...state, flow, trouble: state.hasStarted ? trouble : null }, actions: [] };
    }
    case 'failed': {
      const flow = state.flow === 'flowing' ? 'lost' : state.flow;
      if (!state.hasStarted) return { state: { ...state, flow }, actions: [] };
      const trouble = state.trouble ?? createTrouble(now, now);
      const nextStepAt = Math.min(
        state.trouble?.nextStepAt ?? Number.POSITIVE_INFINITY,
        soonest(state, now) + patience(state),
      );
      return stepTick({ ...state, flow, trouble: { ...trouble, nextStepAt } }, now);
    }
  }
}

function stepNetworkChanged(state: Recovery, now: number): RecoveryStep {
  if (!state.hasStarted) return { state, actions: [] };
  const at = soonest(state, now);
  const doubtful =
    state.flow === 'connecting' ? state : { ...state, doubtSinceAt: state.doubtSinceAt ?? now };
  return at > now
    ? { state: { ...doubtful, restartAt: at }, actions: [] }
    : restart(doubtful, 'network_changed', now);
}

function stepTick(state: Recovery, now: number): RecoveryStep {
  const { trouble } = state;
  if (trouble !== null && now >= trouble.sinceAt + MS.giveUpMs) {
    return { state: { ...state, gaveUp: true }, actions: [{ type: 'give_up' }] };
  }
  const endsAt = doubtEndsAt(state);
  if (endsAt !== null && now >= endsAt) {
    return replace(state, state.doubtSinceAt ?? now, now);
  }
  if (state.restartAt !== null && now >= state.restartAt) return restart(state, 'network_changed', now);
  if (trouble === null || now < trouble.nextStepAt) return { state, actions: [] };
  const action = nextStep(state, trouble);
  if (action.type === 'restart_ice') return restart(state, action.because, now);
  return { state: countStep({ ...state, restartAt: null }, now), actions: [action] };
}

/** The browser says nothing, but nothing arrives: from here on it is trouble like any other. */
function replace(state: Recovery, sinceAt: number, now: number): RecoveryStep {
  const known = { ...state, doubtSinceAt: null, restartAt: null, lastStepAt: now };
  const next: Recovery =
    state.trouble === null
      ? { ...known, flow: 'lost', trouble: createTrouble(sinceAt, now + MS.secondTryMs) }
      : countStep(known, now);
  return { state: next, actions: [{ type: 'reconnect', relayOnly: false }] };
}

function restart(state: Recovery, because: 'path_lost' | 'network_changed', now: number): RecoveryStep {
  const next = countStep({ ...state, restartAt: null }, now);
  return { state: next, actions: [{ type: 'restart_ice', because }] };
}

function countStep(state: Recovery, now: number): Recovery {
  const { trouble } = state;
  if (trouble === null) return { ...state, lastStepAt: now };
  const next: Trouble = {
    ...trouble,
    steps: trouble.steps + 1,
    nextStepAt: now + stepMs(state),
    needsConnection: false,
  };
  return { ...state, lastStepAt: now, trouble: next };
}

/**
 * Restart, relays only, new connection, relays only, new connection, … Without relays a restart is the gentler try. What has
 * never worked gets a new connection at once: a restart can only mend what was there.
 */
function nextStep(state: Recovery, trouble: Trouble): RecoveryAction {
  const isRelayTurn = trouble.steps % 2 === 1;
  if (isRelayTurn && state.hasRelay) return { type: 'reconnect', relayOnly: true };
  const isFirstTry = trouble.steps === 0 && state.flow !== 'connecting';
  const isRestartTurn = isFirstTry || isRelayTurn;
  if (isRestartTurn && !trouble.needsConnection) return { type: 'restart_ice', because: 'path_lost' };
  return { type: 'reconnect', relayOnly: false };
}

const createTrouble = (sinceAt: number, nextStepAt: number): Trouble => ({
  sinceAt,
  nextStepAt,
  steps: 0,
  needsConnection: false,
});

/** When a new connection is made that nothing has arrived by then. */
const doubtEndsAt = ({ doubtSinceAt, lastStepAt }: Recovery): number | null =>
  doubtSinceAt === null ? null : Math.max(doubtSinceAt + MS.silentMs, (lastStepAt ?? 0) + MS.gapMs);

const patience = (state: Recovery): number => (state.polite ? MS.politeMs : 0);
const stepMs = (state: Recovery): number => MS.stepMs + patience(state);
const soonest = (state: Recovery, now: number): number =>
  state.lastStepAt === null ? now : Math.max(now, state.lastStepAt + MS.gapMs);

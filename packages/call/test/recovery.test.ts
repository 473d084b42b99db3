import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createRecovery,
  nextRecoveryDeadline,
  pathStateOf,
  RECOVERY_TIMES as MS,
  stepRecovery,
  type Recovery,
  type RecoveryAction,
  type RecoveryInput,
} from '../src/recovery/index.ts';

/** One side in virtual time: ticks exactly when the deadline says so. */
class Side {
  now = 1_000_000;
  state: Recovery;
  readonly done: { readonly atMs: number; readonly action: RecoveryAction }[] = [];
  private readonly startedAt = this.now;
  constructor(polite = false, hasRelay = true) {
    this.state = createRecovery(polite);
    this.input({ type: 'relay_known', hasRelay });
  }
  input(input: RecoveryInput): void {
    const { state, actions } = stepRecovery(this.state, input);
    this.state = state;
    this.done.push(...actions.map((action) => ({ atMs: this.now - this.startedAt, action })));
  }
  path(state: 'connecting' | 'connected' | 'disconnected' | 'failed'): void {
    this.input({ type: 'path', state, now: this.now });
  }
  pass(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const deadline = nextRecoveryDeadline(this.state);
      if (deadline === null || deadline > end) break;
      expect(deadline).toBeGreaterThanOrEqual(this.now);
      this.now = deadline;
      const before = this.state;
      this.input({ type: 'tick', now: this.now });
      expect(this.state, 'a due tick does something').not.toBe(before);
    }
    this.now = end;
  }
}

const flowing = (polite = false, hasRelay = true): Side => {
  const side = new Side(polite, hasRelay);
  side.input({ type: 'started', now: side.now });
  side.path('connected');
  return side;
};
const names = (side: Side): string[] =>
  side.done.map(({ action }) =>
    action.type === 'reconnect' ? (action.relayOnly ? 'relay' : 'reconnect') : action.type,
  );

describe('NEG4', () => {
  test('NEG4 disconnected for 2 s restarts ICE, not before', () => {
    const side = flowing();
    side.path('disconnected');
    expect(side.state.flow).toBe('lost');
    side.pass(1_999);
    expect(side.done).toEqual([]);
    side.pass(1);
    expect(side.done).toEqual([{ atMs: 2_000, action: { type: 'restart_ice', because: 'path_lost' } }]);
  });

  test('NEG4 disconnected for less than 2 s is nothing', () => {
    const side = flowing();
    side.path('disconnected');
    side.pass(1_900);
    side.path('connected');
    expect(side.state.flow).toBe('flowing');
    expect(nextRecoveryDeadline(side.state)).toBeNull();
    side.pass(120_000);
    expect(side.done).toEqual([]);
  });

  test('NEG4 failed restarts ICE at once', () => {
    const side = flowing();
    side.path('failed');
    expect(names(side)).toEqual(['restart_ice']);
    side.path('failed');
    expect(names(side)).toEqual(['restart_ice']);
  });

  test('NEG4 a network change restarts ICE at once, also on the polite side and while media flows', () => {
    const side = flowing(true);
    side.input({ type: 'network_changed', now: side.now });
    expect(side.done).toEqual([{ atMs: 0, action: { type: 'restart_ice', because: 'network_changed' } }]);
    expect(side.state.flow).toBe('flowing');
  });

  test('NEG4 where nothing arrives after a change of network, a new connection follows the restart', () => {
    const side = flowing();
    side.input({ type: 'network_changed', now: side.now });
    side.pass(MS.stragglersMs - 1);
    side.input({ type: 'arrived', now: side.now });
    side.pass(10_000);
    expect(side.done.slice(0, 3).map(({ atMs, action }) => [atMs, action.type])).toEqual([
      [0, 'restart_ice'],
      [MS.silentMs, 'reconnect'],
      [MS.silentMs + MS.secondTryMs, 'restart_ice'],
    ]);
    expect(side.state.flow).toBe('lost');
    side.path('connecting');
    side.path('connected');
    expect([side.state.flow, nextRecoveryDeadline(side.state)]).toEqual(['flowing', null]);
  });

  test('NEG4 a call on which nothing ever arrives after a change of network ends after 60 s', () => {
    const side = flowing();
    side.input({ type: 'network_changed', now: side.now });
    side.path('connecting');
    side.pass(MS.giveUpMs);
    expect(side.done.at(-1)).toEqual({ atMs: MS.giveUpMs, action: { type: 'give_up' } });
  });

  test('NEG4 what arrives after a change of network shows that the path works', () => {
    const side = flowing();
    side.input({ type: 'network_changed', now: side.now });
    side.pass(MS.stragglersMs);
    side.input({ type: 'arrived', now: side.now });
    side.pass(10_000);
    expect(names(side)).toEqual(['restart_ice']);
  });

  test('NEG4 several announcements of one network change do not restart at each of them', () => {
    const side = flowing();
    for (let count = 0; count < 5; count += 1) {
      side.input({ type: 'network_changed', now: side.now });
      side.pass(50);
    }
    side.input({ type: 'arrived', now: side.now });
    side.pass(10_000);
    expect(side.done.map(({ atMs }) => atMs)).toEqual([0, MS.gapMs]);
  });

  test('NEG4 restart, relays only, new connection, and so on; after 60 s it gives up, once', () => {
    const side = flowing();
    side.path('disconnected');
    side.pass(300_000);
    expect(names(side).slice(0, 5)).toEqual(['restart_ice', 'relay', 'reconnect', 'relay', 'reconnect']);
    expect(side.done.at(-1)).toEqual({ atMs: 60_000, action: { type: 'give_up' } });
    expect(names(side).filter((name) => name === 'give_up')).toHaveLength(1);
    expect(side.state.gaveUp).toBe(true);
  });

  test('NEG4 without a TURN server a restart takes the place of the relay', () => {
    const side = flowing(false, false);
    side.path('disconnected');
    side.pass(60_000);
    expect(names(side).slice(0, 4)).toEqual(['restart_ice', 'restart_ice', 'reconnect', 'restart_ice']);
  });

  test('NEG4 when both notice, the polite side leaves the first restart to the other', () => {
    const side = flowing(true);
    side.path('disconnected');
    side.pass(2_500);
    side.input({ type: 'remote_offered', now: side.now });
    side.pass(2_000);
    expect(side.done).toEqual([]);
    side.path('connected');
    side.pass(60_000);
    expect(side.done).toEqual([]);
  });

  test('NEG4 when only the polite side notices, it restarts itself', () => {
    const side = flowing(true);
    side.path('disconnected');
    side.pass(MS.disconnectedMs + MS.politeMs);
    expect(names(side)).toEqual(['restart_ice']);
  });

  test('NEG4 media that never comes: tried again, given up after 60 s', () => {
    const side = new Side();
    side.input({ type: 'started', now: side.now });
    expect(side.state.flow).toBe('connecting');
    side.pass(59_999);
    expect(names(side)).not.toContain('give_up');
    expect(names(side).slice(0, 2)).toEqual(['reconnect', 'relay']);
    side.pass(1);
    expect(names(side).at(-1)).toBe('give_up');
    expect(side.state.flow).toBe('connecting');
  });

  test('NEG4 nothing runs while it rings', () => {
    const side = new Side();
    side.path('failed');
    side.input({ type: 'network_changed', now: side.now });
    expect(nextRecoveryDeadline(side.state)).toBeNull();
    expect(side.done).toEqual([]);
  });

  test('NEG4 a broken connection is replaced, not restarted', () => {
    const side = flowing(false, false);
    side.input({ type: 'broken', now: side.now });
    side.pass(0);
    expect(names(side)).toEqual(['reconnect']);
  });

  test('connected means ICE and DTLS', () => {
    expect(pathStateOf('connected', 'connecting')).toBe('connecting');
    expect(pathStateOf('completed', 'connected')).toBe('connected');
    expect(pathStateOf('disconnected', 'connected')).toBe('disconnected');
    expect(pathStateOf('checking', 'failed')).toBe('failed');
  });

  test('NEG4 whatever happens: steps keep their distance, and 60 s without media end it', () => {
    const events = fc.array(
      fc.tuple(
        fc.nat({ max: 8_000 }),
        fc.constantFrom('connecting', 'disconnected', 'failed', 'network', 'arrived', 'offered', 'broken'),
      ),
      { maxLength: 60, size: 'max' },
    );
    fc.assert(
      fc.property(events, fc.boolean(), fc.boolean(), (list, polite, hasRelay) => {
        const side = flowing(polite, hasRelay);
        side.path('disconnected');
        const lostAt = side.now;
        for (const [ms, event] of list) {
          side.pass(ms);
          if (event === 'network') side.input({ type: 'network_changed', now: side.now });
          else if (event === 'arrived') side.input({ type: 'arrived', now: side.now });
          else if (event === 'offered') side.input({ type: 'remote_offered', now: side.now });
          else if (event === 'broken') side.input({ type: 'broken', now: side.now });
          else if (event === 'connecting' || event === 'disconnected' || event === 'failed') side.path(event);
        }
        side.pass(Math.max(0, lostAt + MS.giveUpMs - side.now));
        expect(names(side).filter((name) => name === 'give_up')).toHaveLength(1);
        const steps = side.done.filter(({ action }) => action.type !== 'give_up').map(({ atMs }) => atMs);
        for (const [index, at] of steps.entries()) {
          if (index > 0) expect(at - (steps[index - 1] ?? 0)).toBeGreaterThanOrEqual(MS.gapMs);
        }
        expect(nextRecoveryDeadline(side.state)).toBeNull();
      }),
      { numRuns: 2_000 },
    );
  });
});

import { describe, expect, test } from 'vitest';
import {
  keysDeadline,
  leaveKeys,
  nextDeadline,
  nextGroupDeadline,
  passKeysDeadline,
  stepCall,
  stepGroup,
  stepKeys,
  STUCK_MS,
  type KeyEvent,
  type KeyGroup,
  type KeyScene,
  type KeyStep,
} from '../src/index.ts';
import { gathered, left } from './groupFixtures.ts';
import { answered, dial, LAPTOP, PHONE, START as DIALED } from './serverFixtures.ts';

const NOW = 1_000_000;
const everybody = ['a', 'b', 'c', 'd'];
const scene = (present: readonly string[] = everybody, now = NOW): KeyScene => ({
  callId: 'call',
  present,
  now,
});

const joins = (deviceId: string, keyPackage = `${deviceId}1`): KeyEvent => ({
  type: 'keys_joined',
  deviceId,
  keyPackage,
});
/** What a member makes of all that was proposed, or of the first of it. */
function commits(keys: KeyGroup, deviceId: string, covered = keys.proposals.length): KeyEvent {
  const leaf = keys.leaves.find((each) => each.deviceId === deviceId)?.leaf ?? -1;
  const isWelcoming = keys.proposals.slice(0, covered).some(({ type }) => type === 'add');
  return {
    type: 'keys_committed',
    deviceId,
    commit: { generation: keys.generation, epoch: keys.epoch, commit: 'commit' },
    welcome: isWelcoming ? 'welcome' : null,
    read: { leaf, covered, hasPath: true },
  };
}
function groupOf({ keys, refusal }: KeyStep): KeyGroup {
  if (keys === null || refusal !== null) throw new Error(refusal ?? 'no group');
  return keys;
}
const step = (keys: KeyGroup | null, event: KeyEvent, at = scene()): KeyStep => stepKeys(keys, event, at);
/** These are members, in the order of their leaves. */
function groupWith(...devices: readonly string[]): KeyGroup {
  let keys: KeyGroup | null = null;
  for (const device of devices) keys = groupOf(step(keys, joins(device)));
  if (keys === null) throw new Error('nobody');
  return devices.length > 1 ? groupOf(step(keys, commits(keys, devices[0] ?? ''))) : keys;
}
const told = ({ effects }: KeyStep): string[] =>
  effects.map(({ deviceIds, message }) => `${message.type} ${deviceIds.join('')}`);
const members = ({ leaves }: KeyGroup): string =>
  leaves.map(({ leaf, deviceId }) => `${leaf}${deviceId}`).join(' ');
const proposed = ({ proposals }: KeyGroup): string[] =>
  proposals.map((each) => (each.type === 'add' ? `add ${each.keyPackage}` : `remove ${each.leaf}`));

describe('KEY1 who asks to be a member', () => {
  test('the first makes the group, the others are proposed to all members', () => {
    const first = step(null, joins('a'));
    expect(first.keys).toMatchObject({ generation: 0, epoch: 0, leaves: [{ leaf: 0, deviceId: 'a' }] });
    expect(first.effects).toEqual([]);
    const second = step(first.keys, joins('b'));
    expect(proposed(groupOf(second))).toEqual(['add b1']);
    expect(told(second)).toEqual(['keys_proposed a']);
  });

  test('a member that asks again is removed and added in one epoch', () => {
    const again = step(groupWith('a', 'b'), joins('b', 'b2'));
    expect(proposed(groupOf(again))).toEqual(['remove 1', 'add b2']);
    expect(told(again)).toEqual(['keys_proposed ab']);
  });

  test('where nobody could commit that, it makes the next group, and who waited joins it', () => {
    const alone = groupOf(step(groupWith('a'), joins('b')));
    const again = step(alone, joins('a', 'a2'));
    expect(again.keys).toMatchObject({ generation: 1, epoch: 0, proposals: [] });
    expect(members(groupOf(again))).toBe('0a');
    expect(told(again)).toEqual(['keys_reset b']);
    // Both were reloaded at once.
    const both = step(groupOf(step(groupWith('a', 'b'), joins('a', 'a2'))), joins('b', 'b2'));
    expect(both.keys).toMatchObject({ generation: 1, leaves: [{ leaf: 0, deviceId: 'b' }] });
    expect(told(both)).toEqual(['keys_reset a']);
  });

  test('a newcomer that asks again is told of when it was added, and added once more', () => {
    const waiting = groupOf(step(groupWith('a'), joins('b')));
    const again = step(waiting, joins('b', 'b2'));
    expect(told(again)).toEqual([]);
    const committed = step(again.keys, commits(groupOf(again), 'a'));
    // Not the welcome, which is for what it does not have any more.
    expect(told(committed)).toEqual(['keys_committed a', 'keys_proposed ab']);
    expect(proposed(groupOf(committed))).toEqual(['remove 1', 'add b2']);
  });

  test('of more proposals than members take there is a new group', () => {
    let keys = groupWith('a');
    const many = Array.from({ length: 127 }, (_, n) => `x${String(n)}`);
    for (const device of many) keys = groupOf(step(keys, joins(device), scene(['a', ...many])));
    expect(keys).toMatchObject({ generation: 0 });
    const last = step(keys, joins('z'), scene(['a', 'z', ...many]));
    expect(last.keys).toMatchObject({ generation: 1, leaves: [{ leaf: 0, deviceId: 'z' }] });
    expect(last.effects).toMatchObject([{ deviceIds: ['a', ...many] }]);
  });
});

describe('KEY3 commits', () => {
  const waiting = groupOf(step(groupWith('a', 'b'), joins('c')));

  test('KEY2 KEY3 the first of an epoch counts, and everybody hears of it', () => {
    const committed = step(waiting, commits(waiting, 'b'));
    expect(committed.keys).toMatchObject({ epoch: 2, proposals: [], waitingSinceAt: null });
    expect(members(groupOf(committed))).toBe('0a 1b 2c');
    expect(told(committed)).toEqual(['keys_committed ab', 'keys_welcome c']);
    const late = step(committed.keys, commits(waiting, 'a'));
    expect(late).toMatchObject({ refusal: 'KEYS_STALE', effects: [] });
    expect(late.keys).toBe(committed.keys);
  });

  test('removals come first, and the leftmost leaf is given again', () => {
    let keys = groupWith('a', 'b', 'c');
    keys = groupOf(leaveKeys(keys, scene(['a', 'c', 'd'])));
    keys = groupOf(step(keys, joins('d')));
    expect(members(groupOf(step(keys, commits(keys, 'c'))))).toBe('0a 1d 2c');
  });

  test('what a commit does not cover is proposed anew in the next epoch', () => {
    const two = groupOf(step(waiting, joins('d'), scene(everybody, NOW + 500)));
    const committed = step(two, commits(two, 'a', 1), scene(everybody, NOW + 900));
    expect(proposed(groupOf(committed))).toEqual(['add d1']);
    expect(committed.keys?.waitingSinceAt).toBe(NOW + 900);
    expect(told(committed)).toEqual(['keys_committed ab', 'keys_welcome c', 'keys_proposed abc']);
  });

  test.each([
    ['none that can be read', { read: null }],
    ["somebody else's leaf", { read: { leaf: 0, covered: 1, hasPath: true } }],
    ['of nothing', { read: { leaf: 1, covered: 0, hasPath: true } }],
    ['of more than there is', { read: { leaf: 1, covered: 2, hasPath: true } }],
    ['without a welcome for who is added', { welcome: null }],
  ])('BAD_MESSAGE: %s', (_what, change) => {
    const event: KeyEvent = { ...commits(waiting, 'b'), ...change };
    expect(step(waiting, event)).toEqual({ keys: waiting, effects: [], refusal: 'BAD_MESSAGE' });
  });

  test('BAD_MESSAGE: a removal without new keys, a welcome for nobody, and by whom it removes', () => {
    const leaving = groupOf(leaveKeys(groupWith('a', 'b', 'c'), scene(['a', 'b'])));
    const good = commits(leaving, 'a');
    const asked = groupOf(step(groupWith('a', 'b'), joins('b', 'b2')));
    for (const [keys, event] of [
      [leaving, { ...good, read: { leaf: 0, covered: 1, hasPath: false } }],
      [leaving, { ...good, welcome: 'welcome' }],
      [asked, commits(asked, 'b')],
    ] as const)
      expect(step(keys, event as KeyEvent).refusal).toBe('BAD_MESSAGE');
  });
});

describe('KEY4 who leaves the call', () => {
  test('is proposed to be removed in the same step, once', () => {
    const gone = leaveKeys(groupWith('a', 'b'), scene(['a']));
    expect(proposed(groupOf(gone))).toEqual(['remove 1']);
    expect(told(gone)).toEqual(['keys_proposed a']);
    expect(leaveKeys(gone.keys, scene(['a'])).effects).toEqual([]);
  });

  test('before it was added: it is removed once it is', () => {
    const waiting = groupOf(step(groupWith('a', 'b'), joins('c')));
    const gone = groupOf(leaveKeys(waiting, scene(['a', 'b'])));
    expect(proposed(gone)).toEqual(['add c1']);
    const committed = step(gone, commits(gone, 'a'), scene(['a', 'b']));
    expect(told(committed)).toEqual(['keys_committed ab', 'keys_proposed ab']);
    expect(proposed(groupOf(committed))).toEqual(['remove 2']);
  });

  test('as the last one who could commit: the next one makes another group', () => {
    const gone = leaveKeys(groupOf(step(groupWith('a'), joins('b'))), scene(['b']));
    expect(gone.keys).toMatchObject({ generation: 1, leaves: [], proposals: [] });
    expect(told(gone)).toEqual(['keys_reset b']);
    expect(step(gone.keys, joins('b', 'b2')).keys).toMatchObject({ generation: 1, epoch: 0 });
  });
});

test('KEY5 proposals that wait for 3 s: everybody in the call joins another group', () => {
  const waiting = groupOf(step(groupWith('a', 'b'), joins('c')));
  expect(keysDeadline(groupWith('a', 'b'))).toBeNull();
  expect(keysDeadline(waiting)).toBe(NOW + STUCK_MS);
  expect(passKeysDeadline(waiting, scene(everybody, NOW + STUCK_MS - 1)).keys).toBe(waiting);
  const stuck = passKeysDeadline(waiting, scene(everybody, NOW + STUCK_MS));
  expect(stuck.keys).toMatchObject({ generation: 1, leaves: [], waitingSinceAt: null });
  expect(told(stuck)).toEqual(['keys_reset abcd']);
});

test('KEY6 a member of this epoch goes on, and hears again what was proposed; all others join anew', () => {
  const waiting = groupOf(step(groupWith('a', 'b'), joins('c')));
  const refresh = (deviceId: string, epoch = 1, generation = 0): KeyStep =>
    step(waiting, { type: 'keys_refreshed', deviceId, epoch, generation });
  expect(refresh('b')).toMatchObject({
    refusal: null,
    effects: [{ deviceIds: ['b'], message: { payload: { from: 0, proposals: waiting.proposals } } }],
  });
  expect(refresh('b').keys).toBe(waiting);
  for (const stale of [refresh('b', 0), refresh('b', 1, 1), refresh('c'), refresh('d')])
    expect(stale).toMatchObject({ refusal: 'KEYS_STALE', effects: [] });
});

describe('in a direct call', () => {
  test('KEY1 the caller joins while it rings, the callee when it has answered, nobody else', () => {
    const { call } = dial();
    expect(stepCall(call, joins('phone'), DIALED).refusal).toBe('FORBIDDEN');
    const first = stepCall(call, joins('laptop'), DIALED);
    expect(first.call).toMatchObject({ keys: { generation: 0, leaves: [{ deviceId: 'laptop' }] } });
    const connected = stepCall(first.call, answered(PHONE), DIALED + 1_000).call;
    const second = stepCall(connected, joins('phone'), DIALED + 2_000);
    expect(second.effects).toMatchObject([{ type: 'keys', deviceIds: [LAPTOP.deviceId] }]);
    expect(nextDeadline(second.call)).toBe(DIALED + 2_000 + STUCK_MS);
    const stuck = stepCall(second.call, { type: 'deadline_passed' }, DIALED + 2_000 + STUCK_MS);
    expect(stuck.effects).toMatchObject([{ type: 'keys', message: { type: 'keys_reset' } }]);
    expect(nextDeadline(stuck.call)).toBeNull();
  });

  test('KEY4 they vanish when it ends', () => {
    const { call } = stepCall(dial().call, joins('laptop'), DIALED);
    const ended = stepCall(call, { type: 'cancelled', deviceId: 'laptop' }, DIALED + 1_000);
    expect('keys' in ended.call).toBe(false);
    expect(stepCall(ended.call, joins('laptop'), DIALED + 2_000).refusal).toBe('CALL_UNAVAILABLE');
  });
});

describe('in a group call', () => {
  const START = 1_750_000_100_000;
  const keyed = () => {
    let call = gathered('ben', 'cleo');
    for (const deviceId of ['ada1', 'ben1', 'cleo1']) call = stepGroup(call, joins(deviceId), START).call;
    if (call.state !== 'live' || call.keys === null) throw new Error('no keys');
    return stepGroup(call, commits(call.keys, 'ada1'), START).call;
  };

  test.each([
    ['leaves', left('cleo')],
    ['is removed by the host', { type: 'person_removed', deviceId: 'ada1', userId: 'cleo' }],
    ['signs out', { type: 'device_removed', deviceId: 'cleo1' }],
  ] as const)('KEY4 whoever %s is proposed to be removed in the same step', (_how, event) => {
    const after = stepGroup(keyed(), event, START + 1_000);
    expect(after.effects.at(-1)).toMatchObject({
      type: 'keys',
      deviceIds: ['ada1', 'ben1'],
      message: { payload: { proposals: [{ type: 'remove', deviceId: 'cleo1', leaf: 2 }] } },
    });
    expect(nextGroupDeadline(after.call)).toBe(START + 1_000 + STUCK_MS);
  });

  test('KEY4 whoever is silent for too long, too', () => {
    const silent = stepGroup(keyed(), { type: 'device_silent', deviceId: 'cleo1', lastSeenAt: START }, START);
    const gone = stepGroup(silent.call, { type: 'deadline_passed' }, START + 10_000);
    expect(gone.effects.at(-1)).toMatchObject({ type: 'keys', deviceIds: ['ada1', 'ben1'] });
  });

  test('KEY4 KEY1 nothing is left of them when it ends, and who only rings has none', () => {
    const call = stepGroup(stepGroup(keyed(), left('cleo'), START).call, left('ben'), START).call;
    expect('keys' in stepGroup(call, left('ada'), START).call).toBe(false);
    const rung = gathered('ben');
    expect(stepGroup(rung, joins('ben2'), START).refusal).toBe('CALL_UNAVAILABLE');
  });
});

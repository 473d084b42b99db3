import { TIMES } from '@visavis/protocol';
import { describe, expect, it } from 'vitest';
import {
  nextGroupDeadline,
  ownGroupCall,
  stepGroup,
  viewGroup,
  type GroupCall,
  type GroupEvent,
} from '../src/index.ts';
import {
  device,
  gathered,
  invitee,
  left,
  play,
  START,
  start,
  statusOf,
  told,
  user,
  view,
} from './groupFixtures.ts';

const LATER = START + 20_000;
const step = (call: GroupCall, event: GroupEvent, now = LATER) => stepGroup(call, event, now);
const after = (call: GroupCall, ...events: readonly GroupEvent[]): GroupCall =>
  events.reduce((current, event) => {
    const next = step(current, event);
    if (next.refusal !== null) throw new Error(`${event.type}: ${next.refusal}`);
    return next.call;
  }, call);
/** To the second device of Ada, unless it says otherwise. */
const move = (from = 'ada1', to = device('ada', 2)): GroupEvent => ({
  type: 'move_started',
  fromDeviceId: from,
  device: to,
  user: user(to.userId),
});
const confirm = (deviceId: string, toDeviceId = 'ada2'): GroupEvent => ({
  type: 'move_confirmed',
  deviceId,
  toDeviceId,
});
const media = (deviceId: string, muted: boolean, camera: boolean): GroupEvent => ({
  type: 'media_updated',
  deviceId,
  mediaState: { muted, camera, screen: true, hand: true, held: false },
});
/** In the order of their names. */
function joinedIds(call: GroupCall): string[] {
  const joined = call.participants.filter(({ part }) => part.state === 'joined');
  const ids = joined.map((each) => each.device.deviceId);
  ids.sort();
  return ids;
}

describe('moving a group call', () => {
  it('CALL4 the new device is in it beside the old one, sends what that one sends but its screen, and everybody sees it', () => {
    const call = after(gathered('ben'), media('ada1', true, false));
    const moving = step(call, move());
    expect(told(moving)).toEqual(['ada1 group_changed', 'ben1 group_changed']);
    expect(joinedIds(moving.call)).toEqual(['ada1', 'ada2', 'ben1']);
    expect(view(moving.call, 'ben1').group?.moves).toEqual([{ fromDeviceId: 'ada1', toDeviceId: 'ada2' }]);
    expect(view(moving.call, 'ada2').mediaState).toEqual({
      muted: true,
      camera: false,
      screen: false,
      hand: true,
      held: false,
    });
    expect(view(call, 'ben1').group?.moves).toBeUndefined();
  });

  it('CALL4 the old one leaves when the new one has its media and the others have what it sends, in whatever order', () => {
    const moving = after(gathered('ben', 'cleo'), move());
    for (const order of [
      ['ada2', 'ben1', 'cleo1'],
      ['cleo1', 'ben1', 'ada2'],
    ]) {
      const [first = '', second = '', last = ''] = order;
      const almost = after(moving, confirm(first), confirm(second));
      expect(joinedIds(almost)).toContain('ada1');
      const moved = step(almost, confirm(last));
      expect(told(moved)).toContain('ada1 call_ended moved');
      expect(joinedIds(moved.call)).toEqual(['ada2', 'ben1', 'cleo1']);
      expect(statusOf(moved.call, 'ada')).toBe('joined');
      expect(moved.call).toMatchObject({ hostId: 'ada', moves: [] });
      expect(viewGroup(moved.call, 'ada1')).toBeNull();
    }
  });

  it('CALL4 says to the old device where the call went', () => {
    const moving = after(gathered('ben'), move(), confirm('ben1'));
    const ended = step(moving, confirm('ada2')).effects.flatMap((effect) =>
      effect.type === 'send' && effect.event.type === 'call_ended' ? [effect.event.payload] : [],
    );
    expect(ended).toMatchObject([{ reason: 'moved', by: "ada's device 2" }]);
  });

  it('CALL4 whoever is not connected is not waited for, whoever is slow 10 s, and this person’s other devices not at all', () => {
    const call = after(gathered('ben', 'cleo'), {
      type: 'joined',
      device: device('ada', 3),
      user: user('ada'),
      media: 'video',
      entrance: { type: 'own', isGroupMember: false },
    });
    const silent: GroupEvent = { type: 'device_silent', deviceId: 'cleo1', lastSeenAt: LATER };
    expect(joinedIds(after(call, move(), silent, confirm('ben1'), confirm('ada2')))).not.toContain('ada1');
    const slow = after(call, move(), confirm('ada2'));
    expect(nextGroupDeadline(slow)).toBe(LATER + TIMES.moveConfirmMs);
    const early = step(slow, { type: 'deadline_passed' }, LATER + TIMES.moveConfirmMs - 1);
    expect(early.call).toBe(slow);
    const late = step(slow, { type: 'deadline_passed' }, LATER + TIMES.moveConfirmMs);
    expect(told(late)).toContain('ada1 call_ended moved');
    expect(joinedIds(late.call)).toContain('ada3');
  });

  it('CALL4 a new device that has no media for 20 s leaves again, and the call is where it was', () => {
    const call = gathered('ben');
    const moving = after(call, move(), confirm('ben1'));
    expect(nextGroupDeadline(moving)).toBe(LATER + TIMES.moveMs);
    const failed = step(moving, { type: 'deadline_passed' }, LATER + TIMES.moveMs);
    expect(told(failed)).toEqual(['ada2 call_ended move_failed', 'ada1 group_changed', 'ben1 group_changed']);
    expect(joinedIds(failed.call)).toEqual(['ada1', 'ben1']);
    expect(view(failed.call, 'ben1')).toEqual(view(call, 'ben1'));
  });

  it('CALL4 a device that was in it before stays when nothing comes of the move', () => {
    const both = after(gathered('ben'), {
      type: 'joined',
      device: device('ada', 2),
      user: user('ada'),
      media: 'audio',
      entrance: { type: 'own', isGroupMember: false },
    });
    const failed = step(after(both, move()), { type: 'deadline_passed' }, LATER + TIMES.moveMs);
    expect(joinedIds(failed.call)).toEqual(['ada1', 'ada2', 'ben1']);
    const moved = after(both, move(), confirm('ben1'), confirm('ada2'));
    expect(joinedIds(moved)).toEqual(['ada2', 'ben1']);
  });

  it('CALL4 whichever of the two leaves first, the other one is in the call and nothing is waited for', () => {
    const moving = after(gathered('ben'), move());
    const byOld = step(moving, left('ada'));
    expect(byOld.call).toMatchObject({ state: 'live', moves: [] });
    expect(joinedIds(byOld.call)).toEqual(['ada2', 'ben1']);
    expect(view(byOld.call, 'ben1').group?.moves).toBeUndefined();
    const byNew = step(moving, left('ada', 2));
    expect(joinedIds(byNew.call)).toEqual(['ada1', 'ben1']);
    expect(nextGroupDeadline(byNew.call)).toBeNull();
    expect(step(byNew.call, confirm('ben1')).call).toBe(byNew.call);
  });

  it('CALL4 of two moves at once one wins; the same one again is the same', () => {
    const moving = after(gathered('ben'), move());
    expect(step(moving, move()).call).toBe(moving);
    expect(step(moving, move('ada1', device('ada', 3))).refusal).toBe('ALREADY_MOVING');
    expect(step(moving, move('ada2', device('ada', 3))).refusal).toBe('ALREADY_MOVING');
    expect(step(moving, move('ada2', device('ada', 1))).refusal).toBe('ALREADY_MOVING');
    // Another person's goes its own way.
    expect(step(moving, move('ben1', device('ben', 2))).refusal).toBeNull();
  });

  it('CALL4 from a device that is not in it, to itself, and in a call that is over nothing moves', () => {
    const call = gathered('ben');
    expect(step(call, move('ada9')).refusal).toBe('CALL_UNAVAILABLE');
    expect(step(call, move('ada1', device('ada'))).refusal).toBe('WRONG_STATE');
    const over = after(call, left('ben'), left('ada'));
    expect(step(over, move()).refusal).toBe('CALL_UNAVAILABLE');
    expect(step(call, confirm('dan1')).refusal).toBe('FORBIDDEN');
  });

  it('CALL4 and back: each device is in it once', () => {
    const there = after(gathered('ben'), move(), confirm('ben1'), confirm('ada2'));
    const back = after(there, move('ada2', device('ada')), confirm('ben1', 'ada1'), confirm('ada1', 'ada1'));
    expect(joinedIds(back)).toEqual(['ada1', 'ben1']);
    expect(back.participants.filter((each) => each.device.userId === 'ada')).toHaveLength(2);
  });

  it('CALL4 CALL5 lists the calls of a person with the devices that are in them', () => {
    const call = gathered('ben');
    expect(ownGroupCall(call, 'ada')).toMatchObject({
      peer: { userId: 'ben' },
      people: [{ userId: 'ben' }],
      devices: [{ deviceId: 'ada1', mediaState: { muted: false } }],
    });
    expect(ownGroupCall(call, 'dan')).toBeNull();
    expect(ownGroupCall(after(call, left('ben'), left('ada')), 'ada')).toBeNull();
  });
});

describe('passing a group call on', () => {
  const pass = move('ada1', device('dan'));

  it('CALL4 somebody else takes the place of a person, as host too, and all devices of that person leave', () => {
    const call = after(gathered('ben'), {
      type: 'joined',
      device: device('ada', 2),
      user: user('ada'),
      media: 'audio',
      entrance: { type: 'own', isGroupMember: false },
    });
    const moving = step(call, pass);
    expect(statusOf(moving.call, 'dan')).toBe('joined');
    expect(view(moving.call, 'dan1').mediaState).toMatchObject({ muted: false, camera: true });
    const passed = step(after(moving.call, confirm('dan1', 'dan1')), confirm('ben1', 'dan1'));
    expect(told(passed)).toEqual(
      expect.arrayContaining(['ada1 call_ended passed', 'ada2 call_ended passed']),
    );
    expect(statusOf(passed.call, 'ada')).toBe('left');
    expect(passed.call).toMatchObject({ hostId: 'dan', moves: [] });
  });

  it('CALL4 not to somebody whom the host removed, who is in it already, who does not fit, or into a locked call by others', () => {
    const call = gathered('ben', 'dan');
    expect(step(call, pass).refusal).toBe('WRONG_STATE');
    const removed = after(call, { type: 'person_removed', deviceId: 'ada1', userId: 'dan' });
    expect(step(removed, pass).refusal).toBe('FORBIDDEN');
    const locked = after(gathered('ben'), { type: 'locked', deviceId: 'ada1', locked: true });
    expect(step(locked, move('ben1', device('dan'))).refusal).toBe('CALL_LOCKED');
    expect(step(locked, pass).refusal).toBeNull();
    const crowd = Array.from({ length: 31 }, (_, n) => invitee(`p${String(n)}`));
    expect(step(start(...crowd).call, pass).refusal).toBe('CALL_FULL');
  });

  it('CALL4 whoever rings takes it over by taking the place, and their other devices stop ringing', () => {
    const { call } = start(invitee('ben'), invitee('dan'));
    const moving = step(play(call, { type: 'answered', deviceId: 'ben1', media: 'video' }), pass);
    expect(told(moving)).toContain('dan2 call_ended answered_elsewhere');
  });
});

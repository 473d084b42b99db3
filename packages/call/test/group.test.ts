import { LIMITS, TIMES } from '@visavis/protocol';
import { describe, expect, it } from 'vitest';
import {
  ALONE_MS,
  ALONE_WITH_LINK_MS,
  nextGroupDeadline,
  stepGroup,
  viewGroup,
  type Entrance,
  type GroupCall,
  type GroupEvent,
} from '../src/index.ts';
import {
  ADMITS,
  answered,
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
const OWN: Entrance = { type: 'own', isGroupMember: false };
const joined = (userId: string, entrance: Entrance = OWN, n = 1): GroupEvent => ({
  type: 'joined',
  device: device(userId, n),
  user: user(userId),
  media: 'video',
  entrance,
});
const revoked = (linkId: string): GroupEvent => ({ type: 'link_revoked', linkId });
const saved = (userId: string, savedGroupId = 'lunch'): GroupEvent => ({
  type: 'group_saved',
  userId,
  savedGroupId,
  title: 'Lunch',
});
const GUEST: Entrance = { type: 'link', guest: true };
const add = (by: string, ...userIds: readonly string[]): GroupEvent => ({
  type: 'people_added',
  deviceId: `${by}1`,
  invitees: userIds.map((userId) => invitee(userId)),
});

describe('the machine of group calls', () => {
  it('GRP1 rings every device of everybody', () => {
    const started = start(invitee('ben'), invitee('cleo', { devices: [device('cleo')] }));
    expect(told(started)).toEqual(['ben1 ring', 'ben2 ring', 'cleo1 ring', 'history ada ben cleo']);
    expect(view(started.call, 'ada1')).toMatchObject({ joined: true, state: 'ringing', connectedAt: null });
    expect(view(started.call, 'ben2')).toMatchObject({ joined: false, peer: { userId: 'ada' } });
  });

  it('GRP1 takes 32 people who ring or have joined, and no more; whoever does not fit rings nobody', () => {
    const crowd = Array.from({ length: LIMITS.groupPeople - 2 }, (_, n) => invitee(`p${String(n)}`));
    const { call } = start(...crowd);
    const refused = step(call, add('ada', 'ben', 'cleo'));
    expect(refused).toEqual({ call, effects: [], refusal: 'CALL_FULL' });
    const full = step(call, add('ada', 'ben')).call;
    expect(step(full, joined('cleo', { type: 'own', isGroupMember: true })).refusal).toBe('CALL_FULL');
    const roomy = step(full, { type: 'declined', deviceId: 'p01' }).call;
    expect(statusOf(step(roomy, joined('cleo', { type: 'own', isGroupMember: true })).call, 'cleo')).toBe(
      'joined',
    );
  });

  it('GRP2 tells everybody in it and everybody it rings, and stops the other devices of whoever answers', () => {
    const { call } = start(invitee('ben'), invitee('cleo'));
    expect(told(step(call, answered('ben')))).toEqual([
      'ben2 call_ended answered_elsewhere',
      'ada1 group_changed',
      'cleo1 group_changed',
      'cleo2 group_changed',
      'history ada ben cleo',
    ]);
    const media = { muted: true, camera: true, screen: false, hand: false, held: false };
    const muted = step(gathered('ben'), { type: 'media_updated', deviceId: 'ada1', mediaState: media });
    expect(told(muted)).toEqual(['ada1 group_changed', 'ben1 group_changed']);
    expect(step(muted.call, { type: 'media_updated', deviceId: 'ada1', mediaState: media }).effects).toEqual(
      [],
    );
  });

  it('GRP2 an answer that is repeated changes nothing, and a late one is refused', () => {
    const call = gathered('ben');
    expect(step(call, answered('ben'))).toEqual({ call, effects: [], refusal: null });
    expect(step(call, answered('ben', 2)).refusal).toBe('CALL_UNAVAILABLE');
  });

  it('RING2 rings a device that comes online while its person is rung, and gives them the whole time', () => {
    const { call } = start(invitee('ben', { devices: [] }));
    expect(nextGroupDeadline(call)).toBe(START + TIMES.unreachableMs);
    const rung = step(call, { type: 'device_online', device: device('ben') }, START + 1_000);
    expect(told(rung)).toEqual(['ben1 ring', 'ada1 group_changed']);
    expect(nextGroupDeadline(rung.call)).toBe(START + 45_000);
    expect(told(step(rung.call, { type: 'device_online', device: device('ben', 2) }))).toEqual(['ben2 ring']);
  });

  it('RING5 no of one device is no of all, and the time limit is a missed call', () => {
    const { call } = start(invitee('ben'), invitee('cleo'));
    const declined = step(call, { type: 'declined', deviceId: 'ben1' }, START + 1_000);
    expect(told(declined)).toContain('ben1 call_ended declined');
    expect(told(declined)).toContain('ben2 call_ended declined_elsewhere');
    const missed = step(declined.call, { type: 'deadline_passed' }, START + 45_000);
    expect(statusOf(missed.call, 'cleo')).toBe('missed');
    expect(told(missed)).toContain('cleo1 call_ended no_answer');
  });

  it('RING6 RING8 busy without call waiting is a missed call; whoever blocks is not rung and hears nothing', () => {
    const busy = start(invitee('ben', { policy: { ...ADMITS, inCall: true, callWaiting: false } }));
    expect(told(busy)).toEqual(['history ada ben']);
    expect(statusOf(busy.call, 'ben')).toBe('missed');
    const blocked = start(invitee('ben', { policy: { ...ADMITS, admits: 'nothing' } }));
    expect(told(blocked)).toEqual(['history ada']);
    expect(statusOf(blocked.call, 'ben')).toBe('ringing');
    expect(step(blocked.call, { type: 'device_online', device: device('ben') }).call).toBe(blocked.call);
    expect(step(blocked.call, joined('ben')).refusal).toBe('FORBIDDEN');
    expect(statusOf(step(blocked.call, { type: 'deadline_passed' }).call, 'ben')).toBe('missed');
  });

  it('GRP3 whoever was in it or was rung comes back, a member of its group comes, others do not', () => {
    const call = play(gathered('ben', 'cleo'), left('ben'));
    expect(statusOf(step(call, joined('ben')).call, 'ben')).toBe('joined');
    expect(step(call, joined('eve')).refusal).toBe('FORBIDDEN');
    expect(statusOf(step(call, joined('eve', { type: 'own', isGroupMember: true })).call, 'eve')).toBe(
      'joined',
    );
    const locked = play(call, { type: 'locked', deviceId: 'ada1', locked: true });
    expect(step(locked, joined('eve', { type: 'own', isGroupMember: true })).refusal).toBe('CALL_LOCKED');
    expect(statusOf(step(locked, joined('ben')).call, 'ben')).toBe('joined');
  });

  it('GRP3 one person on two devices is one person, who has left with the last of them', () => {
    const call = play(gathered('ben'), joined('ben', OWN, 2));
    expect(view(call, 'ada1').group?.participants).toHaveLength(3);
    const once = play(call, left('ben'));
    expect(statusOf(once, 'ben')).toBe('joined');
    expect(statusOf(play(once, left('ben', 2)), 'ben')).toBe('left');
  });

  it('GRP4 nobody signals to another device in a group call', () => {
    expect(step(gathered('ben'), { type: 'signalled', deviceId: 'ada1' }).refusal).toBe('WRONG_STATE');
    expect(step(start(invitee('ben')).call, { type: 'signalled', deviceId: 'ben1' }).refusal).toBe(
      'FORBIDDEN',
    );
  });

  it('GRP5 the host removes for good, and whoever joined first is host after them', () => {
    const call = gathered('ben', 'cleo');
    const remove: GroupEvent = { type: 'person_removed', deviceId: 'ada1', userId: 'ben' };
    expect(step(call, { ...remove, deviceId: 'cleo1' }).refusal).toBe('FORBIDDEN');
    const removed = step(call, remove);
    expect(told(removed)[0]).toBe('ben1 call_ended removed');
    expect(step(removed.call, joined('ben')).refusal).toBe('FORBIDDEN');
    expect(step(removed.call, add('cleo', 'ben')).refusal).toBe('FORBIDDEN');
    expect(statusOf(step(removed.call, add('ada', 'ben')).call, 'ben')).toBe('ringing');
    const without = play(call, left('ada'));
    expect(without.hostId).toBe('ben');
    expect(play(without, joined('ada')).hostId).toBe('ben');
  });

  it('GRP5 asks only those who are in it, and tells nobody to unmute themselves', () => {
    const call = gathered('ben', 'cleo');
    const ask: GroupEvent = { type: 'media_asked', deviceId: 'ada1', userId: null, ask: 'mute' };
    const asked = step(call, ask);
    expect(asked.call).toBe(call);
    expect(told(asked)).toEqual(['ben1 media_asked', 'cleo1 media_asked']);
    // Whose id: the server knows no names of guests.
    expect(asked.effects).toMatchObject(
      [1, 2].map(() => ({ event: { payload: { ask: 'mute', by: 'ada' } } })),
    );
    expect(step(call, { ...ask, userId: 'eve' }).refusal).toBe('WRONG_STATE');
  });

  it('GRP6 a guest waits, sees the host only, and is let in or not', () => {
    const call = gathered('ben');
    const waiting = play(call, joined('guest', GUEST));
    expect(statusOf(waiting, 'guest')).toBe('waiting');
    const seen = view(waiting, 'guest1');
    expect(seen).toMatchObject({ joined: false, direction: 'outgoing' });
    expect(seen.group?.people.map((person) => person.user.userId)).toEqual(['ada', 'guest']);
    expect(seen.group?.participants).toEqual([]);
    const admit: GroupEvent = { type: 'person_admitted', deviceId: 'ada1', userId: 'guest', admit: true };
    expect(step(waiting, { ...admit, deviceId: 'ben1' }).refusal).toBe('FORBIDDEN');
    const admitted = step(waiting, admit);
    expect(view(admitted.call, 'guest1')).toMatchObject({ joined: true, state: 'connected' });
    expect(told(admitted)).toContain('guest1 group_changed');
    const denied = step(waiting, { ...admit, admit: false });
    expect(told(denied)[0]).toBe('guest1 call_ended not_admitted');
    expect(step(denied.call, joined('guest', GUEST)).refusal).toBe('FORBIDDEN');
    expect(step(waiting, answered('guest')).refusal).toBe('FORBIDDEN');
    expect(step(waiting, joined('guest')).refusal).toBe('WRONG_STATE');
  });

  it('GRP6 whoever waits and goes, or is not heard of for 10 s, was never there', () => {
    const waiting = play(gathered('ben'), joined('guest', GUEST));
    expect(statusOf(play(waiting, left('guest')), 'guest')).toBeUndefined();
    const silent = step(waiting, { type: 'device_silent', deviceId: 'guest1', lastSeenAt: LATER }).call;
    expect(nextGroupDeadline(silent)).toBe(LATER + TIMES.busyDeadMs);
    const back = step(silent, { type: 'device_online', device: device('guest') }).call;
    expect(nextGroupDeadline(back)).toBeNull();
    const gone = step(silent, { type: 'deadline_passed' }, LATER + TIMES.busyDeadMs).call;
    expect(statusOf(gone, 'guest')).toBeUndefined();
  });

  it('GRP7 what a device says goes to the others who are in it, with whose it is, and is kept nowhere', () => {
    const call = play(gathered('ben'), add('ada', 'cleo'));
    const said = { type: 'data_sent', messageId: 'm', sealed: 'AAAA' } as const;
    const chat = step(call, { ...said, deviceId: 'ada1' });
    expect(chat.call).toBe(call);
    expect(told(chat)).toEqual(['ben1 call_data']);
    expect(chat.effects).toMatchObject([
      { event: { payload: { messageId: 'm', userId: 'ada', deviceId: 'ada1', at: LATER, sealed: 'AAAA' } } },
    ]);
    expect(step(call, { ...said, deviceId: 'cleo1' }).refusal).toBe('FORBIDDEN');
  });

  it('GRP10 kept as a group by somebody in it, the call is one of that group, by its name, for its members to join', () => {
    const call = play(gathered('ben', 'cleo'), left('cleo'));
    const kept = step(call, saved('ben'));
    expect(kept.call).toMatchObject({ savedGroupId: 'lunch', title: 'Lunch' });
    expect(told(kept)).toEqual(['history ada ben cleo', 'ada1 group_changed', 'ben1 group_changed']);
    expect(view(kept.call, 'ada1').group).toMatchObject({ savedGroupId: 'lunch', title: 'Lunch' });
    expect(step(kept.call, saved('ben')).call).toBe(kept.call);
    expect(step(kept.call, saved('ada', 'dinner')).refusal).toBe('WRONG_STATE');
    // Nobody who is not in it, and no guest.
    for (const userId of ['cleo', 'eve']) expect(step(call, saved(userId)).refusal).toBe('FORBIDDEN');
    const guest = play(call, joined('guest', GUEST), {
      type: 'person_admitted',
      deviceId: 'ada1',
      userId: 'guest',
      admit: true,
    });
    expect(step(guest, saved('guest')).refusal).toBe('FORBIDDEN');
    const over = play(call, left('ben'), left('ada'));
    expect(step(over, saved('ada')).refusal).toBe('CALL_UNAVAILABLE');
  });

  it('GRP9 ends when the last one leaves, and when one has been alone for a minute', () => {
    const call = gathered('ben');
    const alone = step(call, left('ben'));
    expect(nextGroupDeadline(alone.call)).toBe(LATER + ALONE_MS);
    expect(step(alone.call, { type: 'deadline_passed' }, LATER + ALONE_MS - 1).call).toBe(alone.call);
    const ended = step(alone.call, { type: 'deadline_passed' }, LATER + ALONE_MS);
    expect(ended.call).toMatchObject({ state: 'ended', endReason: 'hangup' });
    expect(told(ended)).toContain('ada1 call_ended hangup');
    expect(nextGroupDeadline(play(alone.call, joined('ben')))).toBeNull();
    const cancelled = step(start(invitee('ben')).call, left('ada'));
    expect(cancelled.call).toMatchObject({ state: 'ended', endReason: 'cancelled' });
    expect(told(cancelled)).toEqual([
      'ada1 call_ended hangup',
      'ben1 call_ended cancelled',
      'ben2 call_ended cancelled',
      'history ada ben',
    ]);
  });

  it('GRP9 whoever is alone and has made a link waits for half an hour, or until the link ends', () => {
    const made = (linkId: string, expiresAt = LATER + TIMES.linkMs): GroupEvent => ({
      type: 'link_made',
      linkId,
      expiresAt,
    });
    const alone = step(gathered('ben'), left('ben')).call;
    const at = LATER + ALONE_MS - 1;
    const open = step(alone, made('one'), at);
    expect(open).toMatchObject({ effects: [], refusal: null });
    expect(nextGroupDeadline(open.call)).toBe(at + ALONE_WITH_LINK_MS);
    expect(step(open.call, made('one'), at + 1).call).toBe(open.call);
    const ended = step(open.call, { type: 'deadline_passed' }, at + ALONE_WITH_LINK_MS);
    expect(ended.call).toMatchObject({ state: 'ended', endReason: 'hangup' });
    expect(step(ended.call, made('two')).refusal).toBe('CALL_UNAVAILABLE');
    expect(step(ended.call, revoked('one')).call).toBe(ended.call);
    // A link that ends sooner is waited for until then, but never for less than without one.
    expect(nextGroupDeadline(step(alone, made('one', at + 600_000), at).call)).toBe(at + 600_000);
    expect(nextGroupDeadline(step(alone, made('one', at + 1), at).call)).toBe(at + ALONE_MS);
    // Of two links one is enough; a minute is left after the last one.
    const two = step(open.call, made('two'), at + 1_000).call;
    const one = step(two, revoked('one'), at + 300_000).call;
    expect(nextGroupDeadline(one)).toBe(at + 1_000 + ALONE_WITH_LINK_MS);
    const none = step(one, revoked('two'), at + 400_000).call;
    expect(nextGroupDeadline(none)).toBe(at + 400_000 + ALONE_MS);
    expect(step(none, revoked('two'), at + 500_000).call).toBe(none);
    // Who was not alone when it was made has it, too.
    const both = step(gathered('ben'), made('one')).call;
    expect(nextGroupDeadline(both)).toBeNull();
    expect(nextGroupDeadline(step(both, left('ben')).call)).toBe(LATER + ALONE_WITH_LINK_MS);
  });

  it('GRP9 nobody is alone while somebody rings or waits to be let in', () => {
    const alone = step(gathered('ben'), left('ben')).call;
    const knocked = step(alone, joined('guest', GUEST)).call;
    expect(statusOf(knocked, 'guest')).toBe('waiting');
    expect(nextGroupDeadline(knocked)).toBeNull();
    const gone = step(knocked, left('guest'), LATER + 3_600_000).call;
    expect(nextGroupDeadline(gone)).toBe(LATER + 3_600_000 + ALONE_MS);
    const rung = step(alone, add('ada', 'cleo')).call;
    expect(nextGroupDeadline(rung)).toBe(LATER + 45_000);
    const missed = step(rung, { type: 'deadline_passed' }, LATER + 45_000).call;
    expect(missed).toMatchObject({ state: 'live' });
    expect(nextGroupDeadline(missed)).toBe(LATER + 45_000 + ALONE_MS);
  });

  it('GRP9 CALL2 a device that is silent for 10 s left when it was last heard of', () => {
    const call = gathered('ben', 'cleo');
    const silent = step(call, { type: 'device_silent', deviceId: 'ben1', lastSeenAt: LATER }).call;
    expect(nextGroupDeadline(silent)).toBe(LATER + TIMES.busyDeadMs);
    const gone = step(silent, { type: 'deadline_passed' }, LATER + 60_000).call;
    expect(gone.people.find((person) => person.user.userId === 'ben')).toMatchObject({
      status: 'left',
      leftAt: LATER,
    });
    const back = step(silent, { type: 'device_online', device: device('ben') }).call;
    expect(nextGroupDeadline(back)).toBeNull();
  });

  it('CALL2 a call that is over changes no more, and tells only its own people that it was', () => {
    const over = play(gathered('ben'), left('ben'), left('ada'));
    expect(over.state).toBe('ended');
    expect(step(over, answered('ben'))).toEqual({ call: over, effects: [], refusal: 'CALL_UNAVAILABLE' });
    expect(step(over, joined('ben')).refusal).toBe('CALL_UNAVAILABLE');
    expect(step(over, joined('eve')).refusal).toBe('FORBIDDEN');
    expect(viewGroup(over, 'ada1')).toBeNull();
  });
});

import * as fc from 'fast-check';
import { LIMITS } from '@visavis/protocol';
import { expect, it } from 'vitest';
import {
  ALONE_WITH_LINK_MS,
  joinedOf,
  nextGroupDeadline,
  stepGroup,
  viewGroup,
  type GroupCall,
  type GroupEvent,
  type GroupStep,
  type LiveGroup,
} from '../src/index.ts';
import { device, invitee, START, start, user } from './groupFixtures.ts';

const PEOPLE = ['ada', 'ben', 'cleo', 'dan', 'guest'] as const;
const userId = fc.constantFrom(...PEOPLE);
const n = fc.constantFrom(1, 2);
const deviceOf = fc.tuple(userId, n).map(([id, number]) => device(id, number));
const deviceId = deviceOf.map((each) => each.deviceId);
const media = fc.constantFrom('video' as const, 'audio' as const);
const flag = fc.boolean();
const admits = fc.constantFrom('ring' as const, 'silent' as const, 'nothing' as const);
const invitees = fc.uniqueArray(
  fc.record({ id: userId, online: flag, inCall: flag, callWaiting: flag, admits }),
  { selector: ({ id }) => id, maxLength: 3 },
);

const anyEvent: fc.Arbitrary<GroupEvent> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('answered' as const), deviceId, media }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('left' as const),
      deviceId,
      reason: fc.constant('hangup' as const),
    }),
  },
  fc.record({ type: fc.constant('declined' as const), deviceId }),
  fc.record({ type: fc.constant('ringing_reported' as const), deviceId, silent: flag }),
  fc.record({ type: fc.constant('signalled' as const), deviceId }),
  fc.record({
    type: fc.constant('media_reported' as const),
    deviceId,
    flow: fc.constantFrom('flowing' as const, 'lost' as const),
  }),
  fc.record({
    type: fc.constant('media_updated' as const),
    deviceId,
    mediaState: fc.record({ muted: flag, camera: flag, screen: flag, hand: flag, held: flag }),
  }),
  fc.record({ type: fc.constant('person_removed' as const), deviceId, userId }),
  fc.record({ type: fc.constant('person_admitted' as const), deviceId, userId, admit: flag }),
  fc.record({ type: fc.constant('locked' as const), deviceId, locked: flag }),
  fc.record({
    type: fc.constant('media_asked' as const),
    deviceId,
    userId: fc.option(userId),
    ask: fc.constant('mute' as const),
  }),
  fc.record({
    type: fc.constant('data_sent' as const),
    deviceId,
    messageId: fc.constant('m'),
    sealed: fc.constant('AAAA'),
  }),
  {
    weight: 3,
    arbitrary: fc.tuple(deviceId, invitees).map(([by, added]): GroupEvent => ({
      type: 'people_added',
      deviceId: by,
      invitees: added.map(({ id, online, ...policy }) =>
        invitee(id, {
          ...(online ? {} : { devices: [] }),
          policy: { ...policy, doNotDisturb: false },
        }),
      ),
    })),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(deviceOf, media, flag, flag)
      .map(([by, with_, byLink, isGroupMember]): GroupEvent => ({
        type: 'joined',
        device: by,
        user: user(by.userId),
        media: with_,
        entrance: byLink
          ? { type: 'link', guest: by.userId === 'guest' }
          : { type: 'own', isGroupMember: isGroupMember && by.userId !== 'guest' },
      })),
  },
  deviceOf.map((each): GroupEvent => ({ type: 'device_online', device: each })),
  deviceId.map((id): GroupEvent => ({ type: 'device_silent', deviceId: id, lastSeenAt: START })),
  deviceId.map((id): GroupEvent => ({ type: 'device_removed', deviceId: id })),
  fc
    .tuple(fc.constantFrom('one', 'two'), fc.constantFrom(30_000, 900_000, 86_400_000))
    .map(([linkId, ms]): GroupEvent => ({ type: 'link_made', linkId, expiresAt: START + ms })),
  fc.constantFrom('one', 'two').map((linkId): GroupEvent => ({ type: 'link_revoked', linkId })),
  fc.tuple(userId, fc.constantFrom('lunch', 'dinner')).map(([by, savedGroupId]): GroupEvent => ({
    type: 'group_saved',
    userId: by,
    savedGroupId,
    title: savedGroupId,
  })),
  {
    weight: 3,
    arbitrary: fc.tuple(deviceId, deviceOf).map(([fromDeviceId, to]): GroupEvent => ({
      type: 'move_started',
      fromDeviceId,
      device: to,
      user: user(to.userId),
    })),
  },
  {
    weight: 5,
    arbitrary: fc
      .tuple(deviceId, deviceId)
      .map(([by, toDeviceId]): GroupEvent => ({ type: 'move_confirmed', deviceId: by, toDeviceId })),
  },
  { weight: 3, arbitrary: fc.constant<GroupEvent>({ type: 'deadline_passed' }) },
);
const anySteps = fc.array(fc.tuple(anyEvent, fc.constantFrom(0, 100, 5_000, 11_000, 61_000, 1_000_000)), {
  maxLength: 60,
});

const isLivePart = (state: string): boolean =>
  state === 'joined' || state === 'invited' || state === 'ringing';

/** What holds in every state, however it was reached. */
function auditCall(call: GroupCall): void {
  const ids = call.people.map((person) => person.user.userId);
  expect(new Set(ids).size, 'GRP2 a person is one line').toBe(ids.length);
  const devices = call.participants.map((each) => each.device.deviceId);
  expect(new Set(devices).size).toBe(devices.length);
  const taken = call.people.filter(({ status }) => status === 'joined' || status === 'ringing');
  expect(taken.length, 'GRP1').toBeLessThanOrEqual(LIMITS.groupPeople);
  const joined = new Set(joinedOf(call).map((each) => each.device.userId));
  for (const { user: person, status } of call.people)
    expect(joined.has(person.userId), `${person.userId} is ${status}`).toBe(status === 'joined');
  for (const { device: each, part } of call.participants) {
    if (!isLivePart(part.state) || part.state === 'joined') continue;
    const status = call.people.find((person) => person.user.userId === each.userId)?.status;
    expect(['ringing', 'waiting'], `${each.deviceId} is ${part.state}`).toContain(status);
  }
  if (call.state === 'live') {
    expect(joined.has(call.hostId), 'GRP5 the host is in it').toBe(true);
    auditMoves(call);
    const rings = call.people.filter(({ status }) => status === 'ringing');
    const due = nextGroupDeadline(call);
    for (const { deadlineAt } of rings)
      expect(due, 'RING5 whoever rings has a deadline').toBeLessThanOrEqual(deadlineAt ?? -Infinity);
    if (joined.size === 1 && rings.length === 0 && !call.people.some(({ status }) => status === 'waiting'))
      expect(due, 'GRP9 nobody is alone for ever').not.toBeNull();
    return;
  }
  expect(
    call.participants.some(({ part }) => isLivePart(part.state)),
    'CALL2',
  ).toBe(false);
  expect(call.endedAt).toBeGreaterThanOrEqual(call.connectedAt ?? call.createdAt);
}

/** CALL4: each device is in one move at most, both ends of it are in the call, and it is over by itself. */
function auditMoves(call: LiveGroup): void {
  const ends = call.moves.flatMap((move) => [move.fromDeviceId, move.toDeviceId]);
  expect(new Set(ends).size, 'CALL4 one move').toBe(ends.length);
  const joined = joinedOf(call).map((each) => each.device.deviceId);
  expect(joined, 'CALL4 both are in it').toEqual(expect.arrayContaining(ends));
  if (call.moves.length > 0) expect(nextGroupDeadline(call), 'CALL4 it is over by itself').not.toBeNull();
}

/** CALL4: nobody is put out of the call by a move whose new device is not in it. */
function auditLeft(before: GroupCall, { call, effects }: GroupStep): void {
  if (before.state !== 'live') return;
  for (const effect of effects) {
    if (effect.type !== 'send' || effect.event.type !== 'call_ended') continue;
    const { reason } = effect.event.payload;
    if (reason !== 'moved' && reason !== 'passed') continue;
    const owner = before.participants.find((each) => each.device.deviceId === effect.deviceId)?.device.userId;
    const move = before.moves.find(({ fromDeviceId }) =>
      before.participants.some(({ device: each }) => each.deviceId === fromDeviceId && each.userId === owner),
    );
    expect(
      joinedOf(call).some((each) => each.device.deviceId === move?.toDeviceId),
      `CALL4 ${effect.deviceId} is relieved`,
    ).toBe(true);
  }
}

/** GRP9: nobody who waits for people with a link is thrown out by being alone. */
function auditWait(before: GroupCall, event: GroupEvent, after: GroupCall, now: number): void {
  if (event.type !== 'deadline_passed' || before.state !== 'live' || before.aloneSinceAt === null) return;
  const isOpen = before.links.some(({ expiresAt }) => expiresAt > now);
  if (!isOpen || now - before.aloneSinceAt >= ALONE_WITH_LINK_MS) return;
  if (joinedOf(before).some(({ part }) => part.state === 'joined' && part.silentSinceAt !== null)) return;
  expect(after.state, 'GRP9 alone with a link').toBe('live');
}

/** What holds for every step. */
function auditStep(before: GroupCall, { call, effects, refusal }: GroupStep): void {
  if (refusal !== null || before.state === 'ended') {
    expect(call).toBe(before);
    expect(effects).toEqual([]);
    return;
  }
  if (before.savedGroupId !== null) expect(call.savedGroupId, 'GRP10').toBe(before.savedGroupId);
  const ended = effects.flatMap((effect) =>
    effect.type === 'send' && effect.event.type === 'call_ended' ? [effect.deviceId] : [],
  );
  const known = new Set([...before.participants, ...call.participants].map((each) => each.device.deviceId));
  for (const effect of effects) {
    if (effect.type === 'history_changed' || effect.type === 'keys') continue;
    expect(known.has(effect.deviceId), 'nobody else is told').toBe(true);
    if (effect.type !== 'send' || effect.event.type !== 'group_changed') continue;
    expect(effect.event.payload.call).toEqual(viewGroup(call, effect.deviceId));
  }
  if (call.state !== 'ended') return;
  const live = before.participants.filter(({ part }) => isLivePart(part.state));
  for (const { device: each } of live)
    if (!ended.includes(each.deviceId))
      expect(before.people.find((person) => person.user.userId === each.userId)?.status).toBe('waiting');
  expect(new Set(ended).size, 'once each').toBe(ended.length);
}

it('GRP1 GRP2 GRP5 GRP9 CALL1 CALL2 CALL4 hold whatever happens', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(anySteps, (steps) => {
      let now = START;
      let { call } = start(invitee('ben'), invitee('cleo'));
      auditCall(call);
      for (const [event, ms] of steps) {
        now += ms;
        const step = stepGroup(call, event, now);
        auditStep(call, step);
        auditWait(call, event, step.call, now);
        auditLeft(call, step);
        auditCall(step.call);
        ({ call } = step);
      }
      // Left alone, it is over in the end unless two and more are in it.
      for (let rounds = 0; rounds < 100; rounds += 1) {
        const due = nextGroupDeadline(call);
        if (due === null) break;
        ({ call } = stepGroup(call, { type: 'deadline_passed' }, Math.max(now, due)));
        auditCall(call);
      }
      expect(nextGroupDeadline(call)).toBeNull();
      expect(call.people.some(({ status }) => status === 'ringing')).toBe(false);
    }),
    { numRuns: 400 },
  );
});

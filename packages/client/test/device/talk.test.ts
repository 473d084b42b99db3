import type { Bytes } from '@visavis/encryption';
import { createLinkSecret, guestKeyOf, sealGuestName } from '@visavis/encryption/identity';
import { type CallSnapshot, type GroupView, toGroupCallId } from '@visavis/protocol';
import { describe, expect, it } from 'vitest';
import { fromBase64, toBase64 } from '../../src/base64.ts';
import { type CallContent, readContent, writeContent } from '../../src/device/callContent.ts';
import type { TalkLine } from '../../src/device/index.ts';
import { introduceGuest } from '../../src/index.ts';
import { BEN, CALL, createDeviceBench, OWN_DEVICE, opened, REMOTE, sealed, snapshot } from './bench.ts';
import { soon } from '../soon.ts';

const GROUP_ID = toGroupCallId(CALL);
const GUS = { userId: 'gus', handle: 'guest-1', name: 'Guest', avatarUrl: null };
const group: GroupView = {
  title: null,
  savedGroupId: null,
  grewFrom: null,
  hostId: BEN.userId,
  locked: false,
  people: [{ user: BEN, guest: false, status: 'joined' }],
  participants: [REMOTE],
};
const withPeople = (people: GroupView['people']): CallSnapshot =>
  snapshot({
    callId: GROUP_ID,
    state: 'connected',
    connectedAt: 1,
    group: { ...group, people },
    mediaState: REMOTE.mediaState,
  });
const SEALED = {
  phase: 'sealed',
  devices: [
    { userId: 'ana', deviceId: OWN_DEVICE, standing: 'verified', arrival: 0, returns: 0 },
    { userId: BEN.userId, deviceId: REMOTE.deviceId, standing: 'seen', arrival: 1, returns: 0 },
  ],
} as const;

function inGroup(people = group.people, talks?: Parameters<typeof createDeviceBench>[1]) {
  const made = createDeviceBench(null, talks);
  made.register([withPeople(people)]);
  const [seal] = made.seals;
  let messages = 0;
  return {
    ...made,
    seal,
    hear(content: CallContent | Bytes, change = {}) {
      messages += 1;
      const bytes = content instanceof Uint8Array ? content : writeContent(content);
      const payload = {
        messageId: `m${String(messages)}`,
        userId: BEN.userId,
        deviceId: REMOTE.deviceId,
        at: made.timers.now(),
        sealed: toBase64(sealed(bytes)),
        ...change,
      };
      made.say({ type: 'call_data', callId: GROUP_ID, payload });
    },
    view: () => made.device.getView().calls[0],
    said: () =>
      made.requests.flatMap(({ request }) =>
        request.type === 'send_data' ? [readContent(opened(fromBase64(request.payload.sealed)))] : [],
      ),
  };
}
const names = ({ view }: ReturnType<typeof inGroup>) =>
  view()?.call.group?.people.map(({ user }) => user.name);
const OLD_LINE: TalkLine = {
  id: 'own-1',
  userId: null,
  name: '',
  text: 'long ago',
  at: 1,
  state: 'sent',
  missedBy: [],
};
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

describe('what is said in a group call', () => {
  it('GRP7 goes sealed, and is kept as long as the call is shown', async () => {
    const made = inGroup();
    made.seal?.change(SEALED);
    const sending = made.device.sendChat(GROUP_ID, 'hello');
    expect(made.view()?.group?.chat).toMatchObject([{ userId: null, text: 'hello', state: 'sending' }]);
    await settle();
    expect(made.said()).toEqual([{ type: 'chat', text: 'hello' }]);
    expect(JSON.stringify(made.requests)).not.toContain('hello');
    await made.answer('send_data', { type: 'ok', id: '1', payload: {} });
    expect(await sending).toBe('sent');
    made.hear({ type: 'chat', text: 'hi' });
    await settle();
    expect(made.view()?.group?.chat.map(({ name, text, state }) => [name, text, state])).toEqual([
      ['', 'hello', 'sent'],
      ['Ben', 'hi', 'sent'],
    ]);
  });

  it('GRP7 is there after a reload of the window, one’s own lines with it, each once, and is no news', async () => {
    const talks: NonNullable<Parameters<typeof createDeviceBench>[1]> = new Map([['an earlier call', []]]);
    const before = inGroup(undefined, talks);
    before.seal?.change(SEALED);
    const hi = sealed(writeContent({ type: 'chat', text: 'hi' }));
    before.hear({ type: 'chat', text: 'hi' }, { sealed: toBase64(hi), at: before.timers.now() });
    await settle();
    const sending = before.device.sendChat(GROUP_ID, 'hello');
    await settle();
    await before.answer('send_data', { type: 'ok', id: '1', payload: {} });
    await sending;

    const after = inGroup(undefined, talks);
    const lines = () => after.view()?.group?.chat.map(({ text, userId, isKept }) => [text, userId, isKept]);
    expect(lines()).toEqual([
      ['hi', BEN.userId, true],
      ['hello', null, true],
    ]);
    expect([...talks.keys()]).toEqual([GROUP_ID]);
    after.seal?.change(SEALED);
    // Ben cannot know that it is there still.
    after.hear({
      type: 'again',
      tag: hi.slice(-16),
      at: before.timers.now(),
      content: { type: 'chat', text: 'hi' },
    });
    after.hear({ type: 'chat', text: 'welcome back' });
    await settle();
    expect(lines()?.map(([text]) => text)).toEqual(['hi', 'hello', 'welcome back']);
    void after.device.sendChat(GROUP_ID, 'thanks');
    const ids = after.view()?.group?.chat.map(({ id }) => id) ?? [];
    expect([ids.length, new Set(ids).size]).toEqual([4, 4]);

    after.device.hangUp(GROUP_ID);
    expect([...talks.keys()]).toEqual([]);
  });

  it('GRP7 of a call that is over, or that this device is not in any more, nothing is kept', () => {
    const talks = new Map([[GROUP_ID, [OLD_LINE]]]);
    createDeviceBench(null, talks).register([]);
    expect([...talks.keys()]).toEqual([]);
  });

  it('GRP7 waits for keys and for the server up to 5 s, in its order, and says so where it was not sent', async () => {
    const made = inGroup();
    const lines = ['one', 'two'].map(async (text) => made.device.sendChat(GROUP_ID, text));
    const wait = async (ms: number) => {
      for (let at = 0; at < ms; at += 100) {
        await settle();
        made.timers.advance(100);
      }
      await settle();
    };
    await wait(2_000);
    expect(made.said()).toEqual([]);
    made.seal?.change(SEALED);
    made.loseLink();
    await wait(2_000);
    expect(made.said()).toEqual([]);
    made.register([withPeople(group.people)], true);
    await wait(200);
    expect(made.said()).toEqual(['one', 'two'].map((text) => ({ type: 'chat', text })));
    for (const entry of made.requests)
      if (entry.request.type === 'send_data') entry.answer({ type: 'ok', id: '1', payload: {} });
    expect(await Promise.all(lines)).toEqual(['sent', 'sent']);

    made.seal?.change({ phase: 'preparing', devices: [] });
    const late = made.device.sendChat(GROUP_ID, 'three');
    await wait(5_200);
    expect(await late).toBe('failed');
    expect(made.view()?.group?.chat.at(-1)).toMatchObject({ text: 'three', state: 'failed' });
  });

  it('GRP7 a line that was not passed on says so', async () => {
    const made = inGroup();
    made.seal?.change(SEALED);
    const sending = made.device.sendChat(GROUP_ID, 'hello');
    await settle();
    const payload = { code: 'RATE_LIMITED', message: 'slower' } as const;
    await made.answer('send_data', { type: 'error', id: '1', payload });
    expect(await sending).toBe('failed');
    expect(made.view()?.group?.chat).toMatchObject([{ state: 'failed' }]);
  });

  it('GRP7 reactions go by themselves, and those of before a break are not shown', async () => {
    const made = inGroup();
    made.hear({ type: 'reaction', reaction: 'heart' });
    made.hear({ type: 'reaction', reaction: 'party' }, { at: made.timers.now() - 10_000 });
    await settle();
    made.device.react(GROUP_ID, 'laugh');
    expect(made.view()?.group?.reactions.map(({ userId, reaction }) => [userId, reaction])).toEqual([
      [BEN.userId, 'heart'],
      [null, 'laugh'],
    ]);
    made.timers.advance(4_000);
    expect(made.view()?.group?.reactions).toEqual([]);
  });

  it('GRP7 what is of somebody else, malformed, too long or of no kind is not shown', async () => {
    const made = inGroup();
    made.hear({ type: 'chat', text: 'of somebody else' }, { userId: 'chidi' });
    made.hear({ type: 'chat', text: 'of another device' }, { deviceId: OWN_DEVICE });
    made.hear({ type: 'chat', text: 'x'.repeat(2_001) });
    made.hear({ type: 'chat', text: '  ' });
    made.hear({ type: 'chat', text: 'no base64' }, { sealed: '!' });
    for (const bytes of [[], [0], [1], [1, 0xff, 0xfe], [2, 104], [3], [3, 1], [4, 0], [255, 1, 2]])
      made.hear(Uint8Array.from(bytes));
    made.hear(Uint8Array.from([3, ...Array.from({ length: 33 * 32 }, () => 7)]));
    await settle();
    expect(made.view()?.group).toMatchObject({ chat: [], reactions: [] });
    const fine = { type: 'chat', text: '<b>ok</b> ‮' } as const;
    expect(readContent(writeContent(fine))).toEqual(fine);
  });
});

describe('the names of guests', async () => {
  const guestKey = await guestKeyOf(createLinkSecret());
  const { sealedName } = (await introduceGuest(guestKey, ' Gus\u202e ')) ?? expect.fail();
  const gus = { user: GUS, guest: true, status: 'waiting', sealedName } as const;

  it('GRP6 are read by whoever made the link, who tells the others', async () => {
    const made = inGroup([...group.people, gus]);
    made.seal?.change(SEALED);
    expect(names(made)).toEqual(['Ben', 'Guest']);
    made.device.knowLink(GROUP_ID, guestKey, true);
    await soon(() => expect(names(made)).toEqual(['Ben', 'Gus']));
    expect(made.said()).toContainEqual({ type: 'guest_keys', keys: [guestKey] });
    expect(made.seal?.log).toContain('reconsider');
  });

  it('GRP6 who cannot read one asks, again after 3 s and not for ever; who knows answers', async () => {
    const made = inGroup([...group.people, gus]);
    made.seal?.change(SEALED);
    names(made);
    const asks = () => made.said().filter((said) => said?.type === 'ask_guest_keys').length;
    await soon(() => {
      names(made);
      expect(asks()).toBe(1);
    });
    for (let at = 0; at < 30; at += 1) {
      made.timers.advance(1_000);
      await settle();
    }
    expect(asks()).toBe(5);
    made.hear({ type: 'guest_keys', keys: [guestKey] });
    await soon(() => expect(names(made)).toEqual(['Ben', 'Gus']));

    made.hear({ type: 'ask_guest_keys' });
    await settle();
    const answers = () => made.said().filter((said) => said?.type === 'guest_keys').length;
    expect(answers()).toBe(0);
    // Somebody else was faster.
    made.hear({ type: 'guest_keys', keys: [guestKey] });
    await settle();
    made.timers.advance(2_000);
    await settle();
    expect(answers()).toBe(0);
    made.hear({ type: 'ask_guest_keys' });
    await settle();
    made.timers.advance(2_000);
    await settle();
    expect(answers()).toBe(1);
  });

  it('GRP5 a guest who is host and mutes is named as in the call, and the server knows their id only', async () => {
    const made = inGroup([...group.people, { ...gus, status: 'joined' }]);
    made.seal?.change(SEALED);
    const mute = (by: string) =>
      made.say({ type: 'media_asked', callId: GROUP_ID, payload: { ask: 'mute', by } });
    mute(GUS.userId);
    made.device.setMuted(GROUP_ID, false);
    made.device.knowLink(GROUP_ID, guestKey, false);
    await soon(() => expect(names(made)).toEqual(['Ben', 'Gus']));
    mute(GUS.userId);
    made.device.setMuted(GROUP_ID, false);
    mute('somebody who is not in it');
    expect(made.groupNotices).toEqual(['Guest', 'Gus', null].map((by) => ({ type: 'muted_by_host', by })));
  });

  it('GRP6 that are none are not shown', async () => {
    const made = inGroup(
      await Promise.all(
        ['\u202e', 'x'.repeat(61), '', 'Gus'].map(async (name, at) => ({
          user: { ...GUS, userId: `guest-${String(at)}` },
          guest: true,
          status: 'joined' as const,
          sealedName: toBase64(await sealGuestName(guestKey, name)),
        })),
      ),
    );
    made.device.knowLink(GROUP_ID, guestKey, false);
    await soon(() => expect(names(made)).toEqual(['Guest', 'Guest', 'Guest', 'Gus']));
  });
});

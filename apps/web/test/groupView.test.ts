import { NO_CALLS, stepDevice, type ClientCall } from '@visavis/call';
import type { DeviceCallView, DeviceGroupView } from '@visavis/client';
import type { CallSnapshot, GroupView, JoinedParticipant, UserSummary } from '@visavis/protocol';
import { describe, expect, it } from 'vitest';
import { createGroupsShown } from '../src/app/groupShown.ts';
import { OWN_SCREEN, toGroupView, toMediaTiles } from '../src/app/groupView.ts';
import { isLinkPage, linkAddress, linkOf } from '../src/app/linkPage.ts';
import { groupCallWords } from '../src/words/groupCall.ts';
import { fakeStreams, stream } from './fakeStream.ts';

const person = (name: string): UserSummary => ({ userId: name, handle: name, name, avatarUrl: null });
const ME = person('me');
const BEN = person('ben');
const CLEO = person('cleo');
const MEDIA = { muted: false, camera: true, screen: false, hand: false, held: false };
const device = (
  userId: string,
  change: Partial<typeof MEDIA> = {},
  deviceId = `${userId}-phone`,
): JoinedParticipant => ({ userId, deviceId, deviceName: 'Phone', mediaState: { ...MEDIA, ...change } });
const GROUP: GroupView = {
  title: null,
  savedGroupId: null,
  grewFrom: null,
  hostId: 'ben',
  locked: false,
  people: [
    { user: BEN, guest: false, status: 'joined' },
    { user: ME, guest: false, status: 'joined' },
    { user: CLEO, guest: false, status: 'ringing' },
  ],
  participants: [device('ben'), device('me')],
};
fakeStreams();
const OPEN: DeviceGroupView = {
  chat: [],
  reactions: [],
  forwarded: {
    flow: 'flowing',
    gaveUp: false,
    remotes: new Map([
      [
        'ben-phone',
        {
          stream: stream('ben'),
          hasVideo: true,
          hasAudio: true,
          quality: 'good',
          isReady: true,
          isCutOff: false,
        },
      ],
    ]),
    screens: [{ trackId: 'shared', deviceId: 'ben-phone', stream: stream('screen') }],
    speakerDeviceId: 'ben-phone',
    path: 'forwarded',
    connectionId: 'one',
  },
  levels: new Map([['ben-phone', 0.7]]),
  sharing: 'off',
  screen: null,
  own: { isSilent: false, move: null, others: [] },
};

function entryOf(group: GroupView, open: Partial<DeviceGroupView> = {}): DeviceCallView {
  const call: CallSnapshot = {
    callId: 'group',
    callType: 'video',
    state: 'connected',
    direction: 'incoming',
    peer: BEN,
    createdAt: 0,
    ringDeadlineAt: 1,
    connectedAt: 1,
    progress: [],
    silent: false,
    joined: true,
    mediaState: MEDIA,
    remote: null,
    group,
  };
  const { state } = stepDevice(NO_CALLS, { type: 'registered', resumed: false, calls: [call] }, 0);
  return viewOf(state.calls[0], open);
}
function viewOf(call: ClientCall | undefined, open: Partial<DeviceGroupView> = {}): DeviceCallView {
  if (call === undefined) throw new Error('no call');
  return {
    call,
    local: { stream: null, problem: null, hint: null },
    media: null,
    seal: null,
    group: { ...OPEN, ...open },
    quality: {
      isPaused: false,
      isSlow: false,
      mark: { level: 'good', side: null },
      hidesPictures: false,
      getsPictures: true,
      budget: null,
    },
  };
}

const line = (id: string, userId: string | null, missedBy: readonly string[] = []) =>
  ({ id, userId, name: 'x', text: 'hi', at: 1, state: 'sent', missedBy }) as const;
const shown = createGroupsShown(() => undefined);
const see = (entry: DeviceCallView) => toGroupView(entry, shown.read('group'), ME, (at) => at);
const remote = (name: string) =>
  ({
    stream: stream(name),
    hasVideo: true,
    hasAudio: true,
    quality: 'good',
    isReady: true,
    isCutOff: false,
  }) as const;
const phaseWith = (change: object) =>
  see(entryOf(GROUP, { forwarded: { ...OPEN.forwarded, ...change } as DeviceGroupView['forwarded'] }))
    ?.tiles[0]?.phase;
const tileOf = (entry: DeviceCallView, key = 'group') =>
  toGroupView(entry, shown.read(key), ME, (at) => at)?.tiles[0];

const withQuality = (entry: DeviceCallView, change: Partial<DeviceCallView['quality']>) =>
  tileOf({ ...entry, quality: { ...entry.quality, ...change } });

describe('what is shown of a group call', () => {
  it('GRP2 one tile for everybody else who rings or is in it, in the order in which they came', () => {
    const view = see(entryOf(GROUP));
    expect(view?.tiles.map(({ id, phase }) => [id, phase])).toEqual([
      ['ben', 'connected'],
      ['cleo', 'ringing'],
    ]);
    expect(view?.tiles[0]).toMatchObject({ hasVideo: true, level: 0.7, quality: 'good', volume: 1 });
    expect(view?.people.map(({ isMe, isHost }) => [isMe, isHost])).toEqual([
      [false, true],
      [true, false],
      [false, false],
    ]);
  });

  describe('CALL6 whose side it is', () => {
    const poorly = {
      ...GROUP,
      participants: [{ ...device('ben'), mediaState: { ...MEDIA, line: 'poor' } as const }],
    };
    const missing = {
      forwarded: {
        ...OPEN.forwarded,
        remotes: new Map([['ben-phone', { ...remote('ben'), quality: 'poor' }]]),
      },
    } as Partial<DeviceGroupView>;

    it('CALL6 what somebody says of their own line stands on their tile, whatever arrives', () => {
      expect(tileOf(entryOf(poorly))).toMatchObject({ quality: 'poor', weakLine: true });
    });

    it('CALL6 what does not arrive is not their side, and not shown with everybody where it is this one', () => {
      const entry = entryOf(GROUP, missing);
      expect(tileOf(entry)).toMatchObject({ quality: 'poor', weakLine: false });
      expect(withQuality(entry, { mark: { level: 'poor', side: 'own' } })).toMatchObject({ quality: 'good' });
      expect(withQuality(entryOf(poorly, missing), { mark: { level: 'poor', side: 'own' } })).toMatchObject({
        quality: 'poor',
        weakLine: true,
      });
    });

    it('CALL6 hidden pictures are not shown', () => {
      expect(withQuality(entryOf(GROUP), { getsPictures: false })?.hasVideo).toBe(false);
    });
  });

  describe('CALL5 two devices of a person', () => {
    const forwarded = {
      ...OPEN.forwarded,
      remotes: new Map([
        ['ben-laptop', remote('laptop')],
        ['ben-phone', remote('phone')],
        ['me-laptop', remote('own')],
      ]),
    } as DeviceGroupView['forwarded'];
    const levels = new Map([
      ['ben-laptop', 0.9],
      ['ben-phone', 0.1],
    ]);
    const both = (laptop: Partial<typeof MEDIA> = {}, phone: Partial<typeof MEDIA> = {}) =>
      entryOf(
        {
          ...GROUP,
          participants: [
            device('ben', laptop, 'ben-laptop'),
            device('ben', phone),
            device('me', {}, 'me-laptop'),
          ],
        },
        { forwarded, levels },
      );

    it('CALL5 are one tile, the one with a camera, and are both heard', () => {
      expect(tileOf(both({ camera: false }))).toMatchObject({
        voice: { name: 'phone' },
        hasVideo: true,
        otherSounds: [{ deviceId: 'ben-laptop', stream: { name: 'laptop' } }],
        muted: false,
        level: 0.9,
      });
      expect(tileOf(both({ camera: false }, { muted: true, hand: true }))).toMatchObject({
        muted: false,
        hand: true,
      });
      expect(tileOf(both({ muted: true }, { muted: true }))?.muted).toBe(true);
    });

    it('CALL5 the one that is shown is chosen by whoever looks, and received', () => {
      expect(tileOf(both())).toMatchObject({
        voice: { name: 'laptop' },
        devices: [{ id: 'ben-laptop' }, { id: 'ben-phone' }],
        shownDeviceId: 'ben-laptop',
      });
      shown.change('chosen', { deviceIds: { ben: 'ben-phone' } });
      expect(tileOf(both({}, { camera: false }), 'chosen')).toMatchObject({
        voice: { name: 'phone' },
        hasVideo: false,
        otherSounds: [{ deviceId: 'ben-laptop' }],
        shownDeviceId: 'ben-phone',
      });
      const size = { width: 1, height: 1, visible: true, large: false };
      const chosen = shown.read('chosen').deviceIds;
      expect(toMediaTiles([{ id: 'ben', ...size }], both(), chosen).map(({ of }) => of)).toEqual([
        { deviceId: 'ben-phone' },
      ]);
      // It left: the other one is shown.
      const left = entryOf({ ...GROUP, participants: [device('ben', {}, 'ben-laptop')] }, { forwarded });
      expect(tileOf(left, 'chosen')).toMatchObject({
        voice: { name: 'laptop' },
        otherSounds: [],
        devices: [],
      });
    });

    it('CALL5 nobody hears themselves from their own other device', () => {
      const view = see(both());
      expect(view?.tiles.map(({ id }) => id)).not.toContain('me');
      expect(JSON.stringify(view?.tiles.map(({ otherSounds }) => otherSounds))).not.toContain('own');
    });
  });

  it('GRP2 somebody without microphone and camera is there all the same; somebody else is on the way', () => {
    const none = { ...OPEN.forwarded, remotes: new Map() } as DeviceGroupView['forwarded'];
    const silent = { ...GROUP, participants: [device('ben', { muted: true, camera: false })] };
    expect(see(entryOf(silent, { forwarded: none }))?.tiles[0]?.phase).toBe('connected');
    expect(see(entryOf(GROUP, { forwarded: none }))?.tiles[0]?.phase).toBe('connecting');
  });

  it('GRP11 the tile of somebody of whom nothing comes any more says so; so does everybody’s when nothing comes to here', () => {
    const cut = new Map([['ben-phone', { ...remote('ben'), isCutOff: true }]]);
    expect(phaseWith({})).toBe('connected');
    expect(phaseWith({ remotes: cut })).toBe('lost');
    expect(phaseWith({ flow: 'lost' })).toBe('lost');
  });

  it('somebody who is held because of a key looks neither seen nor cut off', () => {
    const cut = new Map([['ben-phone', { ...remote('ben'), isCutOff: true }]]);
    const forwarded = { ...OPEN.forwarded, remotes: cut } as DeviceGroupView['forwarded'];
    const held = [{ userId: 'ben', deviceId: 'ben-phone', why: 'changed' }] as const;
    const entry = entryOf(GROUP, { forwarded });
    const seal = { phase: 'held', devices: [], held, code: null } as const;
    expect(see({ ...entry, seal })?.tiles[0]).toMatchObject({ phase: 'connected', hasVideo: false });
  });

  it('GRP8 one’s own voice makes nobody the speaker', () => {
    const own = { ...OPEN.forwarded, speakerDeviceId: 'me-phone' } as DeviceGroupView['forwarded'];
    expect(see(entryOf(GROUP))?.speakerId).toBe('ben');
    expect(see(entryOf(GROUP, { forwarded: own }))?.speakerId).toBeNull();
  });

  it('GRP4 screens of others and one’s own, the own one last', () => {
    const view = see(entryOf(GROUP, { screen: stream('mine') }));
    expect(view?.screens.map(({ id, isMe }) => [id, isMe])).toEqual([
      ['shared', false],
      [OWN_SCREEN, true],
    ]);
  });

  it('GRP7 lines of others are new until the chat is looked at', () => {
    const entry = entryOf(GROUP, {
      chat: [line('1', 'ben'), line('2', null), line('3', 'nobody who is in it')],
    });
    expect(see(entry)?.unreadChat).toBe(2);
    shown.change('group', { readChat: 2 });
    expect(see(entry)?.unreadChat).toBe(0);
    expect(see(entry)?.chat.map(({ isMe, name }) => [isMe, name])).toEqual([
      [false, BEN.name],
      [true, 'me'],
      [false, 'x'],
    ]);
  });

  it('GRP7 lines of before a reload are not new', () => {
    shown.change('group', { readChat: 0 });
    const kept = { ...line('1', 'ben'), isKept: true };
    expect(see(entryOf(GROUP, { chat: [kept, line('2', 'ben')] }))?.unreadChat).toBe(1);
  });

  it('GRP7 a line says by name who may have missed it', () => {
    const view = see(entryOf(GROUP, { chat: [line('1', null, [BEN.userId, 'nobody who is in it'])] }));
    expect(view?.chat.map(({ missedBy }) => missedBy)).toEqual([[BEN.name]]);
    expect(groupCallWords.chat.missed([BEN.name, 'Cleo Park'])).toMatch(/ and Cleo may have missed this\.$/);
  });

  it('GRP1 whoever starts a call is in it before the server has said so', () => {
    const input = { key: 'k', people: [BEN, CLEO], callType: 'video', savedGroupId: null } as const;
    const { state } = stepDevice(NO_CALLS, { type: 'start_group', ...input }, 0);
    const view = see(viewOf(state.calls[0]));
    expect(view?.people[0]).toMatchObject({ isMe: true, isHost: true, status: 'joined' });
    expect(view?.isHost).toBe(true);
  });

  it('GRP4 tiles are told as devices and tracks; one’s own screen is nobody else’s business', () => {
    const size = { width: 1, height: 1, visible: true, large: false };
    const tiles = ['ben', 'shared', OWN_SCREEN, 'cleo'].map((id) => ({ id, ...size }));
    expect(toMediaTiles(tiles, entryOf(GROUP), {}).map(({ of }) => of)).toEqual([
      { deviceId: 'ben-phone' },
      { trackId: 'shared' },
    ]);
  });
});

describe('the page of a call link', () => {
  const secret = 'A'.repeat(43);
  it('GRP6 keeps its secret in the fragment, takes nothing else for one, and tells the server what is derived from it', async () => {
    const address = linkAddress({ origin: 'https://host', pathname: '/' }, secret);
    const link = await linkOf(new URL(address).hash);
    expect(link).toMatchObject({ text: secret, secret: new Uint8Array(32) });
    expect(link?.token).toMatch(/^[\w-]{43}$/);
    expect(link?.token).not.toBe(secret);
    expect(new URL(address).search).toBe('');
    for (const hash of ['#/join/short', `#/join/${'/'.repeat(43)}`, `#/join/${'A'.repeat(42)}B`, '#/people'])
      expect(await linkOf(hash)).toBeNull();
    expect([isLinkPage('#/join/short'), isLinkPage('#/people')]).toEqual([true, false]);
  });
});

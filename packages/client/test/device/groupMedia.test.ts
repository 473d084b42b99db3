import { describe, expect, it } from 'vitest';
import { CALL, REMOTE } from './bench.ts';
import {
  DIRECT,
  GOING,
  GREW,
  GROUP_ID,
  bench,
  group,
  inGroup,
  ready,
  remoteIs,
  settle,
  stream,
  track,
  viewOf,
} from './groupBench.ts';

it('KEY1 pictures are encoded as long as the keys of the call are there', () => {
  const made = inGroup();
  const opened = [made.forwardeds[0]?.isOpen];
  for (const phase of ['sealed', 'held', 'sealed', 'failed'] as const) {
    made.seals[0]?.change({ phase });
    opened.push(made.forwardeds[0]?.isOpen);
  }
  expect(opened).toEqual([false, true, false, true, false]);
});

it('GRP8 says how loud those are of whom there is no picture', () => {
  const made = inGroup();
  const level = () => viewOf(made)?.group?.levels.get(REMOTE.deviceId);
  expect(level()).toBe(0.5);
  made.forwardeds[0]?.change({ remotes: remoteIs({ hasVideo: false }) });
  expect(level()).toBe(0.5);
  made.forwardeds[0]?.change({ remotes: remoteIs({ hasVideo: true }) });
  expect(level()).toBe(0);
});

describe('sharing a screen', () => {
  it('GRP4 publishes it, tells the others, and ends with the browser’s own bar', async () => {
    const made = inGroup();
    made.device.shareScreen(GROUP_ID);
    expect(viewOf(made)?.group?.sharing).toBe('starting');
    await settle();
    expect(viewOf(made)?.group).toMatchObject({ sharing: 'on', screen: { id: 'screen' } });
    expect(made.lastRequest().request).toMatchObject({ type: 'update_media', payload: { screen: true } });
    expect(made.forwardeds[0]?.log.at(-1)).toBe('tracks audio video screen');
    made.screens[0]?.end();
    expect(viewOf(made)?.group?.sharing).toBe('off');
    expect(made.lastRequest().request).toMatchObject({ type: 'update_media', payload: { screen: false } });
    expect(made.forwardeds[0]?.log.at(-1)).toBe('tracks audio video -');
  });

  it.each([
    ['cancelled', []],
    ['failed', [{ type: 'sharing_failed' }]],
  ] as const)('GRP4 a share that is %s leaves nothing behind', async (failure, notices) => {
    const made = inGroup();
    made.refuseScreens(failure);
    made.device.shareScreen(GROUP_ID);
    await settle();
    expect(viewOf(made)?.group?.sharing).toBe('off');
    expect(made.groupNotices).toEqual(notices);
  });

  it('GRP4 chosen after the call was over, it is closed again', async () => {
    const made = inGroup();
    made.device.shareScreen(GROUP_ID);
    made.device.hangUp(GROUP_ID);
    await settle();
    expect(made.screens.map(({ closed }) => closed)).toEqual([true]);
  });

  it('CALL3 in a call between two makes it go through the media server, or ends when that cannot be', async () => {
    const made = bench();
    made.register([DIRECT]);
    made.device.shareScreen(CALL);
    await settle();
    expect(made.types()).toContain('add_people');
    await made.answer('add_people', {
      type: 'error',
      id: '1',
      payload: { code: 'MEDIA_UNAVAILABLE', message: 'no' },
    });
    expect(made.screens.map(({ closed }) => closed)).toEqual([true]);
    expect(made.groupNotices).toEqual([
      { type: 'refused', request: 'add_people', code: 'MEDIA_UNAVAILABLE' },
    ]);
  });
});

const grown = () => {
  const made = bench();
  made.register([DIRECT]);
  made.medias[0]?.change({ flow: 'flowing', remoteStream: stream });
  made.say(GREW);
  return made;
};
const isDirectClosed = (made: ReturnType<typeof bench>) => made.medias[0]?.log.includes('close') ?? false;

describe('CALL3 from direct to forwarded media', () => {
  it('CALL3 the forwarded media take over the very stream that plays, and the direct ones go on', () => {
    const made = grown();
    expect(made.forwardeds[0]?.options.adopt?.get(REMOTE.deviceId)).toBe(stream);
    expect(made.forwardeds[0]?.log).toContain('start');
    expect(isDirectClosed(made)).toBe(false);
    expect(viewOf(made)?.call).toMatchObject({ key: CALL, flow: 'flowing' });
  });

  it('CALL3 the direct media are closed a while after the forwarded ones have arrived: the other may need them still', () => {
    const made = grown();
    made.forwardeds[0]?.change({ flow: 'flowing', remotes: new Map([[REMOTE.deviceId, ready]]) });
    made.timers.advance(3_999);
    expect(isDirectClosed(made)).toBe(false);
    made.timers.advance(1);
    expect(isDirectClosed(made)).toBe(true);
    expect(viewOf(made)?.call).toMatchObject({ flow: 'flowing' });
  });

  it('CALL3 where it took long to arrive, the direct media go on for longer: at the other device it may take as long', () => {
    const made = grown();
    made.timers.advance(5_000);
    made.forwardeds[0]?.change({ flow: 'flowing', remotes: new Map([[REMOTE.deviceId, ready]]) });
    made.timers.advance(9_999);
    expect(isDirectClosed(made)).toBe(false);
    made.timers.advance(1);
    expect(isDirectClosed(made)).toBe(true);
  });

  it('CALL3 what has not arrived is waited for', () => {
    const made = grown();
    const remotes = new Map([[REMOTE.deviceId, { ...ready, isReady: false }]]);
    made.forwardeds[0]?.change({ flow: 'flowing', remotes });
    made.timers.advance(10_000);
    expect(isDirectClosed(made)).toBe(false);
    made.timers.advance(10_000);
    expect(isDirectClosed(made)).toBe(true);
  });

  it('CALL3 forwarded media that do not flow break nothing', () => {
    const made = grown();
    made.timers.advance(30_000);
    expect(isDirectClosed(made)).toBe(false);
    expect(viewOf(made)?.call).toMatchObject({ flow: 'flowing' });
  });

  it('CALL3 nobody waits for whoever has left', () => {
    const made = grown();
    made.forwardeds[0]?.change({ flow: 'flowing' });
    const call = { ...GOING, group: { ...group, grewFrom: CALL, participants: [] } };
    made.say({ type: 'group_changed', callId: GROUP_ID, payload: { call } });
    expect(isDirectClosed(made)).toBe(true);
  });

  it('CALL3 one microphone and one camera serve both', () => {
    const made = grown();
    expect(made.shares).toHaveLength(1);
    made.shares[0]?.change({ opening: false, audio: track('audio'), video: track('video') });
    expect(made.medias[0]?.log.at(-1)).toBe('tracks audio video');
    expect(made.forwardeds[0]?.log.at(-1)).toBe('tracks audio video -');
  });

  it('leaves nothing open when it is closed on the way', () => {
    const made = grown();
    made.device.close();
    expect(made.forwardeds[0]?.log.at(-1)).toBe('close');
    expect(isDirectClosed(made)).toBe(true);
    expect(made.timers.waiting).toBe(0);
  });
});

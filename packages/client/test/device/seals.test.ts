import { toGroupCallId, type CallSnapshot, type GroupView } from '@visavis/protocol';
import { describe, expect, it } from 'vitest';
import { BEN, CALL, createDeviceBench, REMOTE, snapshot } from './bench.ts';

const GROUP_ID = toGroupCallId(CALL);
const group: GroupView = {
  title: null,
  savedGroupId: null,
  grewFrom: CALL,
  hostId: BEN.userId,
  locked: false,
  people: [{ user: BEN, guest: false, status: 'joined' }],
  participants: [REMOTE],
};
const DIRECT: CallSnapshot = snapshot({
  state: 'connected',
  connectedAt: 1,
  remote: REMOTE,
  mediaState: REMOTE.mediaState,
});
const GROUP: CallSnapshot = { ...DIRECT, callId: GROUP_ID, remote: null, group };
const reset = (callId: string) => ({ type: 'keys_reset', callId, payload: { generation: 1 } }) as const;

const dialed = async () => {
  const bench = createDeviceBench();
  bench.register();
  bench.device.dial(BEN, 'video');
  await bench.answer('initiate_call', { type: 'ok', id: '1', payload: { callId: CALL, call: snapshot({}) } });
  return bench;
};

describe('the seal of a call', () => {
  it('is the one through which the media go, and takes part in the keys when the server has named the call', async () => {
    const bench = createDeviceBench();
    bench.register();
    bench.device.dial(BEN, 'video');
    expect(bench.seals.map(({ log }) => log)).toEqual([[]]);
    expect(bench.medias[0]?.options.seal).toBeDefined();
    await bench.answer('initiate_call', {
      type: 'ok',
      id: '1',
      payload: { callId: CALL, call: snapshot({}) },
    });
    expect(bench.seals.map(({ log }) => log)).toEqual([[`join ${CALL}`]]);
  });

  it('NEG3 of a call that rings takes part in nothing before its person answers, and asks for keys right behind the answer', async () => {
    const bench = createDeviceBench();
    bench.register();
    const rung = snapshot({ direction: 'incoming', joined: false });
    bench.say({ type: 'ring', callId: CALL, payload: { call: rung } });
    expect(bench.seals[0]?.log.filter((line) => line !== `prepare ${CALL}`)).toEqual([]);
    bench.device.answer(CALL, 'video', 'hold');
    expect(bench.seals[0]?.log.filter((line) => line !== `prepare ${CALL}`)).toEqual([`join ${CALL}`]);
    const call = { ...DIRECT, direction: 'incoming' } as const;
    await bench.answer('answer_call', { type: 'ok', id: '1', payload: { call, signals: [] } });
    expect(bench.seals.map(({ log }) => log.filter((line) => line !== `prepare ${CALL}`))).toEqual([
      [`join ${CALL}`, `bind microphone ${REMOTE.deviceId}`, `bind camera ${REMOTE.deviceId}`],
    ]);
  });

  it('lets in the device that has answered and no other', async () => {
    const bench = await dialed();
    bench.say({ type: 'call_answered', callId: CALL, payload: { connectedAt: 1, remote: REMOTE } });
    expect(bench.seals[0]?.log).toEqual([
      `join ${CALL}`,
      `bind microphone ${REMOTE.deviceId}`,
      `bind camera ${REMOTE.deviceId}`,
    ]);
  });

  it('hears of keys, and of each fresh session', async () => {
    const bench = await dialed();
    bench.say(reset(CALL));
    bench.say(reset(GROUP_ID));
    bench.register([DIRECT], true);
    bench.register([DIRECT], false);
    expect(bench.seals[0]?.log.filter((line) => line !== `join ${CALL}` && !line.startsWith('bind'))).toEqual(
      ['keys_reset', 'refresh'],
    );
  });

  it('CALL3 a call that grows has another one, and the first goes on as long as the direct media', () => {
    const bench = createDeviceBench();
    bench.register([DIRECT]);
    bench.say({ type: 'call_grew', callId: CALL, payload: { call: GROUP } });
    expect(bench.seals).toHaveLength(2);
    expect(bench.seals[1]?.log).toEqual([`join ${GROUP_ID}`]);
    bench.say(reset(GROUP_ID));
    expect(bench.seals[1]?.log).toEqual([`join ${GROUP_ID}`, 'keys_reset']);
    expect(bench.seals[0]?.log).not.toContain('close');
    const stream = { id: 'of Ben' } as unknown as MediaStream;
    const remote = { stream, hasVideo: true, hasAudio: true, quality: null, isReady: true, isCutOff: false };
    bench.forwardeds[0]?.change({ flow: 'flowing', remotes: new Map([[REMOTE.deviceId, remote]]) });
    bench.timers.advance(4_000);
    expect(bench.medias[0]?.log).toContain('close');
    expect(bench.seals[0]?.log).toContain('close');
    expect(bench.seals[1]?.log).not.toContain('close');
  });

  it('that dies is replaced, with the media, as if the device had been reloaded; again and again it is not', async () => {
    const bench = await dialed();
    bench.say({ type: 'call_answered', callId: CALL, payload: { connectedAt: 1, remote: REMOTE } });
    for (const at of [0, 1]) {
      bench.seals[at]?.handlers.onFailed();
      expect(bench.seals[at]?.log).toContain('close');
      expect(bench.medias[at]?.log).toContain('close');
      expect(bench.seals[at + 1]?.log).toEqual([
        `join ${CALL}`,
        `bind microphone ${REMOTE.deviceId}`,
        `bind camera ${REMOTE.deviceId}`,
      ]);
      expect(bench.medias[at + 1]?.log.filter((line) => !line.startsWith('tracks'))).toEqual([
        'accept',
        'offer',
      ]);
    }
    bench.seals[2]?.handlers.onFailed();
    expect(bench.seals).toHaveLength(3);
    expect(bench.phases()).toEqual(['joined']);
  });

  it('that dies in a group call is replaced, with its media', () => {
    const bench = createDeviceBench();
    bench.register([GROUP]);
    bench.seals[0]?.handlers.onFailed();
    expect(bench.seals.map(({ log }) => log)).toEqual([[`join ${GROUP_ID}`, 'close'], [`join ${GROUP_ID}`]]);
    expect(bench.forwardeds.map(({ log }) => log.includes('close'))).toEqual([true, false]);
    expect(bench.forwardeds[1]?.log).toContain('start');
  });

  it('is closed with its call', async () => {
    const bench = await dialed();
    const payload = { reason: 'hangup', endedAt: 2, connectedAt: null, by: null } as const;
    bench.say({ type: 'call_ended', callId: CALL, payload });
    expect(bench.seals[0]?.log).toContain('close');
  });

  it('knows who is in the call: between two the other device, in a group everybody as they come and go', () => {
    const bench = createDeviceBench();
    bench.register([DIRECT]);
    expect(bench.seals[0]?.presents.at(-1)).toEqual([`${BEN.userId} ${REMOTE.deviceId}`]);
    bench.say({ type: 'call_grew', callId: CALL, payload: { call: GROUP } });
    expect(bench.seals[1]?.presents.at(-1)).toEqual([`${REMOTE.userId} ${REMOTE.deviceId}`]);
    const left = { ...GROUP, group: { ...group, participants: [] } };
    bench.say({ type: 'group_changed', callId: GROUP_ID, payload: { call: left } });
    expect(bench.seals[1]?.presents.at(-1)).toEqual([]);
  });

  it('NEG6 whose connection was refused stays refused in what the call grows to', () => {
    const bench = createDeviceBench();
    bench.register([DIRECT]);
    const held = [{ userId: BEN.userId, deviceId: REMOTE.deviceId, why: 'connection' }] as const;
    bench.seals[0]?.change({ phase: 'held', held });
    bench.say({ type: 'call_grew', callId: CALL, payload: { call: GROUP } });
    expect(bench.seals[1]?.log).toEqual([`join ${GROUP_ID}`, 'refuse']);
  });

  it('CALL6 tells the others while its person has to look at a key, between two and in a group', () => {
    const held = [{ userId: BEN.userId, deviceId: REMOTE.deviceId, why: 'changed' }] as const;
    for (const call of [DIRECT, GROUP]) {
      const bench = createDeviceBench();
      bench.register([call]);
      const told = () =>
        bench.requests.flatMap(({ request }) =>
          request.type === 'update_media' ? [request.payload.checking] : [],
        );
      bench.seals[0]?.change({ phase: 'sealed' });
      expect(told()).not.toContain(true);
      bench.seals[0]?.change({ phase: 'held', held });
      expect(told().at(-1)).toBe(true);
      bench.seals[0]?.change({ phase: 'sealed', held: [] });
      expect(told().at(-1)).toBe(false);
    }
  });

  it('hears whom the person goes on with', () => {
    const bench = createDeviceBench();
    bench.register([DIRECT]);
    const key = bench.device.getView().calls[0]?.call.key ?? '';
    bench.device.allowDevice(key, REMOTE.deviceId);
    expect(bench.seals[0]?.log).toContain(`allow ${REMOTE.deviceId}`);
    bench.say({ type: 'call_grew', callId: CALL, payload: { call: GROUP } });
    bench.device.allowDevice(key, REMOTE.deviceId);
    expect(bench.seals[1]?.log).toContain(`allow ${REMOTE.deviceId}`);
  });

  it('says who has the keys', () => {
    const bench = createDeviceBench();
    bench.register([DIRECT]);
    const devices = [
      { userId: BEN.userId, deviceId: REMOTE.deviceId, standing: 'seen', arrival: 1, returns: 0 },
    ] as const;
    bench.seals[0]?.change({ phase: 'sealed', devices, code: ['00000'] });
    expect(bench.device.getView().calls[0]?.seal).toMatchObject({ phase: 'sealed', devices });
  });

  it('has its figures, of the media that are in use, and none once it is over', async () => {
    const bench = createDeviceBench();
    bench.register([DIRECT]);
    const facts = await bench.device.getSealFacts(CALL);
    expect(facts).toEqual({ keys: null, keyChanges: 3, counters: { sent: [], received: [], messages: {} } });
    const payload = { reason: 'hangup', endedAt: 2, connectedAt: 1, by: null } as const;
    bench.say({ type: 'call_ended', callId: CALL, payload });
    expect(await bench.device.getSealFacts(CALL)).toBeNull();
  });
});

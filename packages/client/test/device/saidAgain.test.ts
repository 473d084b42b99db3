import { toGroupCallId } from '@visavis/protocol';
import { describe, expect, it } from 'vitest';
import { fromBase64, toBase64 } from '../../src/base64.ts';
import {
  type CallContent,
  type KeptContent,
  readContent,
  writeContent,
} from '../../src/device/callContent.ts';
import type { SealedDevice } from '../../src/device/seal.ts';
import { BEN, CALL, createDeviceBench, OWN_DEVICE, opened, REMOTE, sealed, snapshot } from './bench.ts';

const GROUP_ID = toGroupCallId(CALL);
const CLEO = { userId: 'cleo', handle: 'cleo', name: 'Cleo', avatarUrl: null };
const CLEO_DEVICE = { ...REMOTE, userId: CLEO.userId, deviceId: 'cleo1' };
const own: SealedDevice = { userId: 'ana', deviceId: OWN_DEVICE, standing: null, arrival: 0, returns: 0 };
const ben = (arrival: number, returns: number): SealedDevice => ({
  userId: BEN.userId,
  deviceId: REMOTE.deviceId,
  standing: 'seen',
  arrival,
  returns,
});
const cleo = (arrival: number, returns = 0): SealedDevice => ({
  ...ben(arrival, returns),
  userId: CLEO.userId,
  deviceId: CLEO_DEVICE.deviceId,
});
const callWith = (participants: readonly (typeof REMOTE)[]) =>
  snapshot({
    callId: GROUP_ID,
    state: 'connected',
    connectedAt: 1,
    group: {
      title: null,
      savedGroupId: null,
      grewFrom: null,
      hostId: BEN.userId,
      locked: false,
      people: [BEN, CLEO].map((user) => ({ user, guest: false, status: 'joined' as const })),
      participants: [...participants],
    },
    mediaState: REMOTE.mediaState,
  });
async function settle(): Promise<void> {
  for (let turn = 0; turn < 100; turn += 1) await Promise.resolve();
}

function inGroup(...devices: readonly SealedDevice[]) {
  const made = createDeviceBench();
  made.register([callWith([REMOTE, CLEO_DEVICE])]);
  const seal = made.seals[0] ?? expect.fail('no seal');
  const keep = (...others: readonly SealedDevice[]): void =>
    seal.change({ phase: 'sealed', devices: [own, ...others] });
  keep(...devices);
  let count = 0;
  return {
    ...made,
    seal,
    keep,
    /** Cleo and Ben, or who of them is still in the call. */
    stay: (...participants: readonly (typeof REMOTE)[]) =>
      made.say({ type: 'group_changed', callId: GROUP_ID, payload: { call: callWith(participants) } }),
    async write(text: string): Promise<void> {
      const sending = made.device.sendChat(GROUP_ID, text);
      await settle();
      await made.answer('send_data', { type: 'ok', id: '1', payload: {} });
      await sending;
    },
    async lose(): Promise<void> {
      seal.change({ phase: 'preparing', devices: [] });
      await settle();
    },
    hear(content: CallContent, at = made.timers.now(), deviceId = REMOTE.deviceId) {
      const bytes = sealed(writeContent(content));
      count += 1;
      const messageId = `m${String(count)}`;
      const payload = { messageId, userId: BEN.userId, deviceId, at, sealed: toBase64(bytes) };
      made.say({ type: 'call_data', callId: GROUP_ID, payload });
      return bytes.slice(-16);
    },
    again: () =>
      made.requests.flatMap(({ request }) => {
        const said =
          request.type === 'send_data' ? readContent(opened(fromBase64(request.payload.sealed))) : null;
        return said?.type === 'again' ? [said] : [];
      }),
    chat: () => made.device.getView().calls[0]?.group?.chat ?? [],
  };
}
const heart = (tag: number, at: number): CallContent => ({
  type: 'again',
  tag: new Uint8Array(16).fill(tag),
  at,
  content: { type: 'reaction', reaction: 'heart' },
});
const texts = (said: readonly { readonly content: KeptContent }[]) =>
  said.map(({ content }) => (content.type === 'chat' ? content.text : content.reaction));

describe('what was said while somebody had no keys', () => {
  it('GRP7 is said again to a device that comes back, in order and once', async () => {
    const made = inGroup(ben(1, 0), cleo(2));
    await made.write('one');
    made.keep(cleo(2));
    await made.write('two');
    made.keep(cleo(2), ben(1, 1));
    await settle();
    expect(texts(made.again())).toEqual(['one', 'two']);
    made.keep(cleo(2), ben(1, 1));
    await settle();
    await made.write('three');
    expect(made.again()).toHaveLength(2);
    expect(made.chat().map(({ missedBy }) => missedBy)).toEqual([[], [], []]);
  });

  it('GRP7 names the frame that brought it first, and when that was', async () => {
    const made = inGroup(ben(1, 0));
    await made.write('a line that is longer than a tag');
    const [first] = made.requests.flatMap(({ request }) =>
      request.type === 'send_data' ? [fromBase64(request.payload.sealed)] : [],
    );
    const at = made.timers.now();
    made.timers.advance(1_000);
    made.keep(ben(1, 1));
    await settle();
    expect(made.again()).toMatchObject([{ tag: first?.slice(-16), at }]);
  });

  it('GRP7 is not said again where somebody came after it, and says who may have missed it', async () => {
    const made = inGroup(ben(1, 0));
    await made.write('of Cleo');
    made.keep(ben(1, 0), cleo(2));
    await made.write('for Cleo');
    made.keep(cleo(2), ben(1, 1));
    await settle();
    expect(texts(made.again())).toEqual(['for Cleo']);
    expect(made.chat().map(({ missedBy }) => missedBy)).toEqual([[BEN.userId], []]);
  });

  it('GRP7 is not sent where somebody comes while it is sealed', async () => {
    const made = inGroup(ben(1, 0));
    await made.write('of Cleo');
    let sealings = 0;
    made.seal.whileSealing = () => {
      sealings += 1;
      made.keep(ben(1, 1), cleo(2));
    };
    made.keep(ben(1, 1));
    await settle();
    expect(sealings).toBe(1);
    expect(made.again()).toEqual([]);
    expect(made.chat()[0]?.missedBy).toEqual([BEN.userId]);
  });

  it('GRP7 is not said again to another device in its place, nor to one that had left', async () => {
    const made = inGroup(ben(1, 0));
    await made.write('one');
    made.keep(ben(2, 0));
    await settle();
    expect(made.again()).toEqual([]);
    expect(made.chat()[0]?.missedBy).toEqual([BEN.userId]);
    made.stay(CLEO_DEVICE);
    made.keep();
    await made.write('about Ben');
    made.stay(REMOTE, CLEO_DEVICE);
    made.keep(ben(3, 0));
    await settle();
    expect(made.again()).toEqual([]);
    expect(made.chat()[1]?.missedBy).toEqual([]);
  });

  it('GRP7 is bounded: the last 20 lines of a minute, each four times, and reactions as long as they are of the moment', async () => {
    const made = inGroup(ben(1, 0));
    for (let line = 1; line <= 22; line += 1) await made.write(String(line));
    made.device.react(GROUP_ID, 'heart');
    await settle();
    await made.answer('send_data', { type: 'ok', id: '1', payload: {} });
    made.keep(ben(1, 1));
    await settle();
    await settle();
    const first = texts(made.again());
    expect(first).toEqual([...Array.from({ length: 19 }, (_, at) => String(at + 4)), 'heart']);
    made.timers.advance(10_000);
    for (let returns = 2; returns < 9; returns += 1) {
      made.keep(ben(1, returns));
      await settle();
      await settle();
    }
    expect(texts(made.again()).filter((text) => text === '22')).toHaveLength(4);
    expect(texts(made.again()).filter((text) => text === 'heart')).toHaveLength(1);
    expect(made.chat().at(-1)?.missedBy).toEqual([BEN.userId]);
    await made.write('late');
    made.timers.advance(60_000);
    made.keep(ben(1, 9));
    await settle();
    expect(texts(made.again())).not.toContain('late');
  });

  it('GRP7 that could not be sent again says so, and what was never sent is not said again', async () => {
    const made = inGroup(ben(1, 0));
    await made.write('one');
    const failing = made.device.sendChat(GROUP_ID, 'two');
    await settle();
    const refusal = { type: 'error', id: '1', payload: { code: 'RATE_LIMITED', message: 'slower' } } as const;
    await made.answer('send_data', refusal);
    expect(await failing).toBe('failed');
    made.keep(ben(1, 1));
    await settle();
    expect(texts(made.again())).toEqual(['one']);
    await made.answer('send_data', refusal);
    await settle();
    expect(made.chat().map(({ state, missedBy }) => [state, missedBy])).toEqual([
      ['sent', [BEN.userId]],
      ['failed', []],
    ]);
  });

  it('GRP7 is shown once by whoever has it already, and in its place by whoever has not', async () => {
    const made = inGroup(ben(1, 0));
    const start = made.timers.now();
    const tag = made.hear({ type: 'chat', text: 'a line that is long enough' });
    await settle();
    made.timers.advance(5_000);
    await made.write('an answer');
    const before = { type: 'chat', text: 'in between' } as const;
    made.hear({
      type: 'again',
      tag,
      at: start,
      content: { type: 'chat', text: 'a line that is long enough' },
    });
    made.hear({ type: 'again', tag: new Uint8Array(16).fill(7), at: start + 2_000, content: before });
    made.hear({ type: 'again', tag: new Uint8Array(16).fill(7), at: start + 2_000, content: before });
    await settle();
    expect(made.chat().map(({ text }) => text)).toEqual([
      'a line that is long enough',
      'in between',
      'an answer',
    ]);
    // No device puts a line of its own before what was said long ago, or after what is to come.
    made.timers.advance(200_000);
    made.hear({
      type: 'again',
      tag: new Uint8Array(16).fill(8),
      at: 0,
      content: { type: 'chat', text: 'old' },
    });
    await settle();
    expect(made.chat().at(-1)).toMatchObject({ text: 'old', at: made.timers.now() - 65_000 });
  });

  it('GRP7 a reaction that is said again is shown once, and not when its moment is over', async () => {
    const made = inGroup(ben(1, 0));
    const now = made.timers.now();
    for (const each of [heart(1, now), heart(1, now), heart(2, now - 10_000)]) made.hear(each);
    await settle();
    expect(made.device.getView().calls[0]?.group?.reactions).toHaveLength(1);
  });

  it('GRP7 nothing else is said again, and nothing of another form', () => {
    const tag = new Uint8Array(16);
    const fine = {
      type: 'again',
      tag,
      at: 1_700_000_000_123,
      content: { type: 'chat', text: 'yes' },
    } as const;
    const bytes = writeContent(fine);
    expect(readContent(bytes)).toEqual(fine);
    expect(readContent(bytes.slice(0, 23))).toBeNull();
    for (const inner of [[4], [3, ...new Uint8Array(32)], [...bytes], [1], []])
      expect(readContent(Uint8Array.from([...bytes.slice(0, 23), ...inner]))).toBeNull();
  });
});

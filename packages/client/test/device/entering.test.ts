import { describe, expect, it } from 'vitest';
import { BEN, CALL, REMOTE, snapshot } from './bench.ts';
import { GOING, GROUP_ID, bench, group, viewOf } from './groupBench.ts';

const refused = {
  type: 'error',
  id: '1',
  payload: { code: 'FORBIDDEN', message: 'You are not in this call.' },
} as const;

const joining = () => {
  const made = bench();
  made.register();
  made.device.joinGroup(GROUP_ID, 'video', BEN);
  return made;
};
const ringing = () => {
  const made = bench();
  made.register();
  const call = snapshot({ callId: GROUP_ID, direction: 'incoming', joined: false, group });
  made.say({ type: 'ring', callId: GROUP_ID, payload: { call } });
  return made;
};
const logsOf = ({ forwardeds }: ReturnType<typeof bench>) =>
  forwardeds.map(({ log }) => log.filter((line) => line === 'start' || line === 'close'));
const keysOf = ({ seals }: ReturnType<typeof bench>) =>
  seals.map(({ log }) => log.filter((line) => /^(prepare|join|close)/.test(line)));

describe('GRP3 entering a group call', () => {
  it('GRP3 opens media and asks for keys right behind joining, and once', async () => {
    const made = joining();
    expect(made.types().at(-1)).toBe('join_call');
    expect(logsOf(made)).toEqual([['start']]);
    expect(keysOf(made)).toEqual([[`prepare ${GROUP_ID}`, `join ${GROUP_ID}`]]);
    await made.answer('join_call', { type: 'ok', id: '1', payload: { callId: GROUP_ID, call: GOING } });
    expect(viewOf(made)?.call.phase).toBe('joined');
    expect(logsOf(made)).toEqual([['start']]);
  });

  it('GRP3 NEG3 of a call that rings nothing is opened or asked for before it is answered', async () => {
    const made = ringing();
    expect(logsOf(made)).toEqual([]);
    expect(keysOf(made)).toEqual([[`prepare ${GROUP_ID}`]]);
    made.device.answer(GROUP_ID, 'video', 'hold');
    expect(made.types().at(-1)).toBe('answer_call');
    expect(logsOf(made)).toEqual([['start']]);
    expect(keysOf(made)).toEqual([[`prepare ${GROUP_ID}`, `join ${GROUP_ID}`]]);
    await made.answer('answer_call', {
      type: 'ok',
      id: '1',
      payload: { call: { ...GOING, direction: 'incoming' }, signals: [] },
    });
    expect(logsOf(made)).toEqual([['start']]);
  });

  it.each([
    ['joining', joining, 'join_call'],
    ['answering', ringing, 'answer_call'],
  ] as const)('GRP3 %s that is refused closes what was opened', async (name, begin, request) => {
    const made = begin();
    if (name === 'answering') made.device.answer(GROUP_ID, 'video', 'hold');
    await made.answer(request, refused);
    expect(logsOf(made)).toEqual([['start', 'close']]);
    expect(keysOf(made)[0]?.at(-1)).toBe('close');
  });

  it.each([GROUP_ID, CALL])(
    'CALL4 who takes a call over waits for what comes along, and for its id',
    async (callId) => {
      const made = bench();
      made.register();
      const { mediaState } = REMOTE;
      made.device.moveHere({ callId, callType: 'video', peer: BEN, mediaState }, null);
      expect(made.types().at(-1)).toBe('move_call');
      expect(logsOf(made)).toEqual([]);
      expect(keysOf(made)).toEqual([callId === CALL ? [] : [`prepare ${GROUP_ID}`]]);
      await made.answer('move_call', { type: 'ok', id: '1', payload: { callId: GROUP_ID, call: GOING } });
      expect(logsOf(made)).toEqual([['start']]);
    },
  );

  it('GRP6 who has to wait to be let in has nothing of the call until then', async () => {
    const made = joining();
    const call = { ...GOING, joined: false };
    await made.answer('join_call', { type: 'ok', id: '1', payload: { callId: GROUP_ID, call } });
    expect(viewOf(made)?.call.phase).toBe('waiting');
    expect(logsOf(made)).toEqual([['start', 'close']]);
    expect(keysOf(made).map((log) => log.at(-1))).toEqual(['close', undefined]);
    made.say({ type: 'group_changed', callId: GROUP_ID, payload: { call: GOING } });
    expect(logsOf(made)).toEqual([['start', 'close'], ['start']]);
    expect(keysOf(made)[1]).toEqual([`join ${GROUP_ID}`]);
  });
});

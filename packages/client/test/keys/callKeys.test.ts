import type { DeviceRequest } from '@visavis/call';
import type { CurrentKeys, HeardKeys, SaidKeys, StartKeys } from '@visavis/encryption/messages';
import type { ServerEvent } from '@visavis/protocol';
import { describe, expect, test } from 'vitest';
import { createCallKeys } from '../../src/keys/index.ts';
import { readBase64, toBase64 } from '../../src/base64.ts';
import type { KeysHandlers } from '../../src/media/sealed/index.ts';
import type { LinkAnswer } from '../../src/signaling/index.ts';
import { soon } from '../soon.ts';

const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => new Uint8Array(values);
const device = { userId: 'u', deviceId: 'd', deviceKey: null, confirmation: null };

function start(answer: LinkAnswer | Promise<LinkAnswer>) {
  const heard: HeardKeys[] = [];
  const started: StartKeys[] = [];
  const asked: DeviceRequest[] = [];
  const told: (CurrentKeys | null)[] = [];
  let handlers: KeysHandlers | null = null;
  const keys = createCallKeys({
    callId: 'call',
    device,
    worker: {
      startKeys(asked_, next) {
        started.push(asked_);
        handlers = next;
      },
      hear: (each) => heard.push(each),
    },
    request(request) {
      asked.push(request);
      return Promise.resolve(answer);
    },
    onKeys: (current) => told.push(current),
  });
  const say = (request: number, said: SaidKeys): void => handlers?.onSay(request, said);
  const report = (current: CurrentKeys | null): void => handlers?.onKeys(current);
  return { keys, heard, started, asked, told, say, report };
}

const ok = (payload: object = {}): LinkAnswer => ({ type: 'ok', id: '1', payload });
const refused = (code: 'KEYS_STALE' | 'NOT_FOUND'): LinkAnswer =>
  ({ type: 'error', id: '1', payload: { code } }) as LinkAnswer;
const joined = { generation: 2, role: 'wait', senderKey: toBase64(new Uint8Array(32).fill(7)) };

describe('what the worker says goes to the server, and the answer to the worker', () => {
  test('it is started at once', () => {
    expect(start(ok()).started).toEqual([{ callId: 'call', device }]);
  });

  test('a key package', async () => {
    const { heard, asked, say } = start(ok({ keys: joined }));
    say(1, { type: 'join_keys', keyPackage: bytes(0, 255, 62) });
    expect(asked).toEqual([{ type: 'join_keys', callId: 'call', payload: { keyPackage: 'AP8+' } }]);
    const senderKey = new Uint8Array(32).fill(7);
    await soon(() =>
      expect(heard).toEqual([{ type: 'joined', request: 1, generation: 2, role: 'wait', senderKey }]),
    );
  });

  test('a commit, with and without a welcome', async () => {
    const { heard, asked, say } = start(ok());
    const commit = { type: 'commit_keys', generation: 1, epoch: 4, commit: bytes(1) } as const;
    say(2, { ...commit, welcome: bytes(2) });
    say(3, { ...commit, welcome: null });
    const payload = { generation: 1, epoch: 4, commit: 'AQ==' };
    expect(asked).toEqual([
      { type: 'commit_keys', callId: 'call', payload: { ...payload, welcome: 'Ag==' } },
      { type: 'commit_keys', callId: 'call', payload: { ...payload, welcome: null } },
    ]);
    await soon(() =>
      expect(heard).toEqual([
        { type: 'accepted', request: 2 },
        { type: 'accepted', request: 3 },
      ]),
    );
  });

  test.each([
    ['stale', refused('KEYS_STALE')],
    ['failed', refused('NOT_FOUND')],
    ['failed', { type: 'lost', payload: { code: 'NOT_REGISTERED' } }],
  ] as const)('refused: %s', async (reason, answer) => {
    const { heard, say } = start(answer);
    say(5, { type: 'refresh_keys', generation: 0, epoch: 1 });
    await soon(() => expect(heard).toEqual([{ type: 'refused', request: 5, reason }]));
  });

  test.each([ok(), ok({ keys: { ...joined, senderKey: '!' } })])(
    'a join without what it should bring is a failed one',
    async (answer) => {
      const { heard, say } = start(answer);
      say(1, { type: 'join_keys', keyPackage: bytes(1) });
      await soon(() => expect(heard).toEqual([{ type: 'refused', request: 1, reason: 'failed' }]));
    },
  );
});

const event = (type: string, payload: object, callId = 'call'): ServerEvent =>
  ({ type, seq: 1, callId, payload }) as ServerEvent;

describe('what the server says goes to the worker', () => {
  test('each event of keys, of this call, in its order', () => {
    const { keys, heard } = start(ok());
    const place = { generation: 1, epoch: 4 };
    keys.handleEvent(event('keys_proposed', { ...place, from: 1, proposals: ['AQ==', 'Ag=='] }));
    keys.handleEvent(event('keys_committed', { ...place, by: 'x', commit: 'Aw==' }, 'another call'));
    keys.handleEvent(event('keys_committed', { ...place, by: 'x', commit: 'Aw==' }));
    keys.handleEvent(event('keys_welcome', { ...place, welcome: 'not base64!' }));
    keys.handleEvent(event('ended', {}));
    keys.handleEvent(event('keys_reset', { generation: 2 }));
    keys.refresh();
    expect(heard).toEqual([
      { type: 'proposed', ...place, from: 1, proposals: [bytes(1), bytes(2)] },
      { type: 'committed', ...place, commit: bytes(3) },
      { type: 'welcome', ...place, welcome: bytes() },
      { type: 'reset', generation: 2 },
      { type: 'fresh_session' },
    ]);
  });
});

test('the newest keys are told and kept, and nothing is carried after the end', async () => {
  const { keys, heard, asked, told, say, report } = start(ok());
  const current = { generation: 0, epoch: 1, members: [], authenticator: new Uint8Array(32) };
  report(current);
  expect([told, keys.current]).toEqual([[current], current]);
  say(1, { type: 'refresh_keys', generation: 0, epoch: 1 });
  keys.close();
  report(null);
  say(2, { type: 'refresh_keys', generation: 0, epoch: 1 });
  keys.refresh();
  await Promise.resolve();
  expect([asked.length, told, heard, keys.current]).toEqual([1, [current], [], current]);
});

test('base64 goes both ways for every byte', () => {
  const all = Uint8Array.from({ length: 256 }, (_, index) => index);
  expect(readBase64(toBase64(all))).toEqual(all);
  expect([readBase64('A'), readBase64('@@@@'), readBase64('')]).toEqual([null, null, new Uint8Array()]);
});

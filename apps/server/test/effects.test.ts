import { expect, test } from 'vitest';
import { createEffects } from '../src/calls/effects.ts';

const CALL = { callId: 'call', participants: [] };
const ended = { reason: 'hangup', endedAt: 2, connectedAt: 1, by: null } as const;
const nothing = async (): Promise<void> => {};

test('SES2 what another node left undone is handed over before what this node does next, however slowly calls are read', () => {
  const pushed: string[] = [];
  const effects = createEffects(
    {
      sessions: {
        push: (_deviceId, event) => {
          pushed.push(event.type);
          return 'known';
        },
      },
      bus: { publish: () => {} },
      presence: { setInCall: nothing },
      log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
      clock: { now: () => 0, schedule: () => () => {} },
    },
    { refresh: nothing, ownCallsChanged: nothing, historyChanged: nothing, forgetMissed: () => {} },
    {
      expectDeadline: () => {},
      handleSent: () => {},
      findCall: () => new Promise(() => {}),
      keys: {
        toEvent: () => {
          throw new Error('no keys are sent here');
        },
      },
    },
  );
  const keysReset = { type: 'keys_reset', callId: 'call', payload: { generation: 1 } } as const;
  const left = [{ type: 'send', deviceId: 'device', event: keysReset }] as const;
  void effects.redo({ callId: 'call', version: 1, effects: left }, CALL);
  const event = { type: 'call_ended', callId: 'call', payload: ended } as const;
  void effects.passOn({ type: 'send', deviceId: 'device', event }, null);
  expect(pushed).toEqual(['keys_reset', 'call_ended']);
});

import { CLOSE } from '@visavis/protocol';
import { createSingleNode } from '@visavis/server';
import { afterEach, expect, test } from 'vitest';
import { codeOf, type TestDevice } from './support/device.ts';
import { startTestServer, type TestServer } from './support/server.ts';
import { until } from './support/until.ts';

const DRAIN_MS = 5_000;
/** When the first socket is closed: proxies have had time to notice. */
const NOTICE_MS = 2_000;

let server: TestServer;
let release: () => void = () => {};
afterEach(async () => {
  release();
  let isStopped = false;
  const stopped = server.stop().then(() => {
    isStopped = true;
  });
  await until('it stops', () => {
    server.clock.advance(1_000);
    return isStopped;
  });
  await stopped;
});

/** One of several nodes. `hold`: changes of calls wait until they are released. */
async function start(hold = false): Promise<void> {
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  server = await startTestServer({
    settings: { drainMs: DRAIN_MS },
    ports: { nodes: { ...createSingleNode(), isAlone: false } },
    wrapCalls: (calls) => ({
      ...calls,
      save: async (...given) => {
        if (hold) await held;
        return calls.save(...given);
      },
    }),
  });
}

const readiness = async (): Promise<unknown> => {
  const { status, body } = await server.http(null, 'GET', '/readyz');
  return { status, body };
};

test('SES6 a node that stops says so, takes nobody, and closes its sockets one after the other', async () => {
  await start();
  const devices: TestDevice[] = [];
  for (let n = 0; n < 6; n += 1) devices.push(await server.online('ana', `Device ${String(n)}`));
  const late = await server.signIn('ben');
  expect(await readiness()).toEqual({ status: 200, body: { status: 'ready' } });
  const stopped = server.app.close();
  expect(await readiness()).toEqual({ status: 503, body: { status: 'draining' } });
  const closedWith: number[] = [];
  const connection = {
    send: () => {},
    ping: () => {},
    close: (code: number) => closedWith.push(code),
    terminate: () => {},
    bufferedBytes: () => 0,
  };
  server.app.gateway.accept(connection, late.device, '127.0.0.1');
  expect(closedWith).toEqual([CLOSE.restart]);

  const countClosed = (): number => devices.filter(({ closedWith }) => closedWith === CLOSE.restart).length;
  await server.pass(NOTICE_MS);
  expect(countClosed()).toBe(0);
  const counts: number[] = [];
  for (let n = 0; n < 6; n += 1) {
    await server.pass((DRAIN_MS - NOTICE_MS) / 6);
    counts.push(countClosed());
  }
  expect(counts).toEqual([1, 2, 3, 4, 5, 6]);
  await stopped;
});

test('SES6 a node that stops does what its devices ask for until their sockets are closed', async () => {
  await start();
  const ana = await server.online('ana');
  const ben = await server.online('ben');
  const stopped = server.app.close();
  await server.pass(NOTICE_MS - 500);
  const { callId } = await ana.dial(ben);
  await ben.event('ring', callId);
  expect(codeOf(await ben.request('answer_call', { callId, payload: { media: 'video' } }))).toBe('ok');
  await ana.event('call_answered', callId);
  await server.pass(DRAIN_MS);
  await stopped;
  expect((await server.ports.calls.load(callId))?.call.state).toBe('connected');
});

test('SES6 a request under way is answered before its socket is closed', async () => {
  await start(true);
  const ana = await server.online('ana');
  const ben = await server.online('ben');
  const { callId } = await ana.dial(ben);
  const answer = ana.request('cancel_call', { callId });
  const stopped = server.app.close();
  server.clock.advance(NOTICE_MS);
  await until('ben is sent away', () => {
    server.clock.advance(100);
    return ben.closedWith !== null;
  });
  expect(ana.closedWith).toBeNull();
  release();
  expect(codeOf(await answer)).toBe('ok');
  await until('ana is sent away', () => {
    server.clock.advance(100);
    return ana.closedWith !== null;
  });
  await stopped;
});

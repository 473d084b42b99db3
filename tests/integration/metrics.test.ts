import { afterAll, beforeAll, expect, test } from 'vitest';
import { findFreePort } from '../harness/freePort.ts';
import { startServer, type RunningServer } from '../harness/server.ts';
import { SocketDevice } from '../harness/socketDevice.ts';

let server: RunningServer;
let port: number;
beforeAll(async () => {
  port = await findFreePort();
  server = await startServer({ env: { VISAVIS_METRICS_PORT: String(port) } });
});
afterAll(async () => {
  await server.dispose();
});

test('what happened is counted, on a port of its own, and nobody is named', async () => {
  const ana = await SocketDevice.online(server.url, 'ana');
  const ben = await SocketDevice.online(server.url, 'ben');
  const callId = await ana.dial(ben);
  await ben.request('answer_call', { callId, payload: { media: 'video' } });
  await ana.request('end_call', { callId, payload: { reason: 'hangup' } });
  await ben.request('end_call', { callId, payload: { reason: 'hangup' } });
  const text = await (await fetch(`http://127.0.0.1:${String(port)}/metrics`)).text();
  for (const line of [
    'visavis_calls_started_total 1',
    'visavis_calls_connected_total 1',
    'visavis_calls_ended_total{state="ended",reason="hangup"} 1',
    'visavis_call_setup_seconds_count 1',
    'visavis_messages_total{type="end_call"} 2',
    'visavis_errors_total{code="CALL_UNAVAILABLE"} 1',
    'visavis_sockets 2',
    'visavis_sessions 2',
  ])
    expect(text).toContain(`${line}\n`);
  expect(text).toMatch(/visavis_service_seconds_count\{service="database",outcome="ok"\} [1-9]/);
  for (const secret of [callId, ana.userId, ben.userId, ana.account.deviceId])
    expect(text).not.toContain(secret);
  expect((await fetch(`${server.url}/metrics`)).headers.get('content-type')).not.toContain(
    'text/plain; version',
  );
  for (const device of [ana, ben]) device.close();
});

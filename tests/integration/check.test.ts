import { CheckTransports, LIMITS, Sample } from '@visavis/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TestDevice } from './support/device.ts';
import { createRecordingSfu, type RecordingSfu } from './support/recordingSfu.ts';
import { startTestServer, type TestServer } from './support/server.ts';

let server: TestServer;
let sfu: RecordingSfu;
let ana: TestDevice;
beforeAll(async () => {
  sfu = createRecordingSfu();
  server = await startTestServer({ ports: { sfu }, settings: { addressLimitFactor: 10 } });
  ana = await server.online('ana');
});
beforeEach(async () => {
  await server.pass(11_000);
  sfu.asked.length = 0;
  sfu.refuseAll(null);
});
afterAll(async () => {
  await server.stop();
  expect(server.errors).toEqual([]);
});

const sample = async (body: object) => server.http(ana, 'POST', '/api/check/sample', body);
const openCheck = async (device = ana) =>
  CheckTransports.parse((await server.http(device, 'POST', '/api/check/media')).body).transports;

describe('HTTP5 samples', () => {
  test('HTTP5 as many characters come back as are wanted', async () => {
    for (const wanted of [0, 1, 1_000, LIMITS.sampleLength]) {
      const { status, body } = await sample({ filler: 'x'.repeat(LIMITS.sampleLength), wanted });
      expect(status).toBe(200);
      expect(Sample.parse(body).filler).toHaveLength(wanted);
    }
  });

  test.each([
    ['more wanted than is given', { filler: '', wanted: LIMITS.sampleLength + 1 }],
    ['more given than is taken', { filler: 'x'.repeat(LIMITS.sampleLength + 1), wanted: 0 }],
    ['less than nothing', { filler: '', wanted: -1 }],
    ['a part of a character', { filler: '', wanted: 0.5 }],
    ['something else', { filler: '', wanted: 1, other: 1 }],
  ])('HTTP5 refused: %s', async (_, body) => {
    expect((await sample(body)).status).toBe(400);
  });

  test('HTTP5 strangers get none', async () => {
    for (const path of ['/api/check/sample', '/api/check/media']) {
      const body = path.endsWith('sample') ? { filler: '', wanted: 1 } : undefined;
      expect((await server.http(null, 'POST', path, body)).status).toBe(401);
    }
  });
});

describe('HTTP5 ways to the media server', () => {
  test('HTTP5 two of them, which are closed after 10 s', async () => {
    expect(await openCheck()).toMatchObject([
      { transportId: 'transport-send' },
      { transportId: 'transport-receive' },
    ]);
    const callId = sfu.asked[0]?.split(' ')[1];
    expect(sfu.asked).toEqual([`open ${callId} ${ana.deviceId}`]);
    await server.pass(9_500);
    expect(sfu.asked).toHaveLength(1);
    await server.pass(1_000);
    expect(sfu.asked.slice(1)).toEqual([`end ${callId}`]);
  });

  test('HTTP5 a device has one check at a time, and two devices have two', async () => {
    const ben = await server.online('ben');
    await openCheck();
    await openCheck(ben);
    await openCheck();
    const [first, second, ended] = sfu.asked.map((asked) => asked.split(' '));
    expect(first?.[1]).not.toBe(second?.[1]);
    expect(ended).toEqual(['end', first?.[1]]);
    expect(sfu.asked.filter((asked) => asked.startsWith('open'))).toHaveLength(3);
  });

  test('HTTP5 a media server that refuses is none', async () => {
    sfu.refuseAll('MEDIA_UNAVAILABLE');
    const before = sfu.asked.length;
    const { status, body } = await server.http(ana, 'POST', '/api/check/media');
    sfu.refuseAll(null);
    expect({ status, body, asked: sfu.asked.length > before }).toEqual({
      status: 200,
      body: { transports: null },
      asked: true,
    });
  });

  test('HTTP5 from one address only so many', async () => {
    const answers: number[] = [];
    for (let asked = 0; asked < 210; asked += 1)
      answers.push((await server.http(ana, 'POST', '/api/check/media')).status);
    expect(answers.at(-1)).toBe(429);
    expect(answers[0]).toBe(200);
  });
});

test('HTTP5 a server without a media server says that it has none', async () => {
  const other = await startTestServer();
  const device = await other.online('ana');
  expect((await other.http(device, 'POST', '/api/check/media')).body).toEqual({ transports: null });
  await other.stop();
});

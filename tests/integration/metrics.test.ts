import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { findFreePort } from '../harness/freePort.ts';
import { createDatabase, startPostgres, type RunningPostgres } from '../harness/postgres.ts';
import { startRedis, type RunningRedis } from '../harness/redis.ts';
import { startServer, type RunningServer } from '../harness/server.ts';
import { SocketDevice } from '../harness/socketDevice.ts';
import { until } from '../harness/until.ts';

interface Node {
  readonly server: RunningServer;
  read(): Promise<string>;
}

async function startNode(env: Readonly<Record<string, string>> = {}): Promise<Node> {
  const port = await findFreePort();
  const server = await startServer({ env: { ...env, VISAVIS_METRICS_PORT: String(port) } });
  return { server, read: async () => (await fetch(`http://127.0.0.1:${String(port)}/metrics`)).text() };
}

/** The value behind a name with its labels; null: there is none. */
function valueOf(text: string, series: string): number | null {
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? null : Number(line.slice(series.length + 1));
}

async function expectSeries(node: Node, wanted: Readonly<Record<string, number | null>>): Promise<string> {
  let text = '';
  const read = async (): Promise<Record<string, number | null>> => {
    text = await node.read();
    return Object.fromEntries(Object.keys(wanted).map((series) => [series, valueOf(text, series)]));
  };
  // What is counted in the database is asked for once a second.
  await until('the numbers are there', async () => {
    expect(await read()).toEqual(wanted);
    return true;
  });
  return text;
}

/** The metrics in expressions of PromQL, without what a histogram adds to its name. */
const metricsIn = (expressions: readonly string[]): Set<string> =>
  new Set(
    expressions
      .flatMap((expression) => expression.match(/\b(?:visavis|nodejs|process)_\w+/g) ?? [])
      .map((name) => name.replace(/_(?:bucket|sum|count)$/, '')),
  );
const read = (path: string): string => readFileSync(new URL(`../../deploy/${path}`, import.meta.url), 'utf8');
const Dashboard = z.object({
  uid: z.string(),
  panels: z.array(
    z.object({
      id: z.number(),
      type: z.enum(['row', 'stat', 'timeseries']),
      title: z.string().check(z.minLength(1)),
      gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
      targets: z.optional(z.array(z.object({ expr: z.string().check(z.minLength(1)) }))),
    }),
  ),
  templating: z.object({ list: z.array(z.object({ name: z.string(), query: z.string() })) }),
});

describe('one node', () => {
  let node: Node;
  beforeAll(async () => {
    node = await startNode();
  });
  afterAll(async () => node.server.dispose());

  test('what happens is counted while it happens, on a port of its own, and nobody is named', async () => {
    const { url } = node.server;
    const ana = await SocketDevice.online(url, 'ana');
    const ben = await SocketDevice.online(url, 'ben');
    await expectSeries(node, {
      'visavis_live_calls{state="ringing"}': 0,
      'visavis_live_calls{state="connected"}': 0,
      'visavis_sessions{state="connected"}': 2,
      'visavis_sessions{state="lost"}': 0,
    });
    const callId = await ana.dial(ben);
    await expectSeries(node, { 'visavis_live_calls{state="ringing"}': 1 });
    await ben.request('answer_call', { callId, payload: { media: 'video' } });
    await expectSeries(node, {
      'visavis_live_calls{state="ringing"}': 0,
      'visavis_live_calls{state="connected"}': 1,
    });
    for (const device of [ana, ben])
      for (const flow of ['flowing', 'lost', 'flowing'])
        await device.request('report_media', { callId, payload: { flow } });
    await ana.request('end_call', { callId, payload: { reason: 'hangup' } });
    await ben.request('end_call', { callId, payload: { reason: 'hangup' } });
    expect((await fetch(`${url}/api/me`)).status).toBe(401);
    const text = await expectSeries(node, {
      visavis_calls_started_total: 1,
      visavis_calls_connected_total: 1,
      'visavis_calls_ended_total{state="ended",reason="hangup"}': 1,
      visavis_call_setup_seconds_count: 1,
      // Each device once, however often its media come back.
      visavis_media_setup_seconds_count: 2,
      'visavis_messages_total{type="end_call"}': 2,
      'visavis_errors_total{code="CALL_UNAVAILABLE"}': 1,
      'visavis_errors_total{code="UNAUTHENTICATED"}': 1,
      visavis_sockets: 2,
      visavis_call_changes_waiting: 0,
      visavis_events_waiting: 0,
      visavis_deadlines_overdue: 0,
      visavis_outbox_changes: 0,
      visavis_outbox_oldest_seconds: 0,
      'visavis_socket_waiting_bytes{of="all"}': 0,
      'visavis_socket_waiting_bytes{of="most"}': 0,
      'visavis_live_calls{state="connected"}': 0,
    });
    expect(text).toMatch(/visavis_service_seconds_count\{service="database",outcome="ok"\} [1-9]/);
    for (const secret of [callId, ana.userId, ben.userId, ana.account.deviceId])
      expect(text).not.toContain(secret);
    expect((await fetch(`${url}/metrics`)).headers.get('content-type')).not.toContain('text/plain; version');
    ana.cut();
    await expectSeries(node, {
      'visavis_sessions{state="connected"}': 1,
      'visavis_sessions{state="lost"}': 1,
    });
    ben.close();
  });
});

describe('with PostgreSQL and Redis', () => {
  let postgres: RunningPostgres;
  let redis: RunningRedis;
  let node: Node;
  beforeAll(async () => {
    [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
    const url = await createDatabase(postgres.url);
    node = await startNode({ VISAVIS_DATABASE_URL: url, VISAVIS_REDIS_URL: redis.url });
  });
  afterAll(async () => {
    await node.server.dispose();
    await redis.dispose();
    await postgres.dispose();
  });

  const expectExported = async (names: ReadonlySet<string>): Promise<void> => {
    const exported = new Set(
      Array.from((await node.read()).matchAll(/^# TYPE (\w+) /gm), ([, name = '']) => name),
    );
    expect([...names].filter((name) => !exported.has(name))).toEqual([]);
  };

  test('the dashboard shows what a server really exports, and all of what is its own', async () => {
    const dashboard = Dashboard.parse(JSON.parse(read('grafana/visavis.json')));
    const expressions = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    const names = metricsIn([...expressions, ...dashboard.templating.list.map(({ query }) => query)]);
    expect(names.size).toBeGreaterThan(15);
    await expectExported(names);
    const own = Array.from((await node.read()).matchAll(/^# TYPE (visavis_\w+) /gm), ([, name = '']) => name);
    expect(own.filter((name) => !names.has(name))).toEqual([]);
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('no two panels of the dashboard overlap, and none is cut off', () => {
    const { panels } = Dashboard.parse(JSON.parse(read('grafana/visavis.json')));
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) => {
      expect(x + w).toBeLessThanOrEqual(24);
      return Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`);
    });
    expect(new Set(cells).size).toBe(cells.length);
  });

  test('the alerts ask for what a server really exports', async () => {
    const alerts = read('prometheus/alerts.yml');
    const expressions = Array.from(
      alerts.matchAll(/^ +expr: (>-\n(?: {10}.*\n)+|.*\n)/gm),
      ([, expression = '']) => expression,
    );
    expect(expressions).toHaveLength(alerts.match(/- alert:/g)?.length ?? 0);
    await expectExported(metricsIn(expressions));
  });

  test('operations.md explains every metric of ours', async () => {
    const text = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
    const own = Array.from((await node.read()).matchAll(/^# TYPE (visavis_\w+) /gm), ([, name = '']) => name);
    expect(own.filter((name) => !text.includes(`\`${name}`))).toEqual([]);
  });

  test('what is away is not counted, and the rest still is', async () => {
    await expectSeries(node, { visavis_outbox_changes: 0, 'visavis_live_calls{state="ringing"}': 0 });
    expect(await node.read()).toMatch(/visavis_service_seconds_count\{service="redis",outcome="ok"\} [1-9]/);
    await postgres.stop('immediate');
    await expectSeries(node, {
      visavis_outbox_changes: null,
      'visavis_live_calls{state="ringing"}': null,
      visavis_sockets: 0,
    });
    expect(await node.read()).toMatch(
      /visavis_service_seconds_count\{service="database",outcome="failed"\} [1-9]/,
    );
    await postgres.start();
    await expectSeries(node, { visavis_outbox_changes: 0, 'visavis_live_calls{state="ringing"}': 0 });
  });
});

import { createServer } from 'node:http';
import type { Call } from '@visavis/call';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { Meter, Reading } from '../../ports.ts';

/** From a local statement to one that has run into its limit. */
const SERVICE_SECONDS = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1, 5];
/** From dialing to the answer: people take seconds. */
const SETUP_SECONDS = [1, 2, 3, 5, 8, 12, 20, 30, 45, 60];

/** From joining to sound: round trips, and the seconds that a hard way through takes. */
const MEDIA_SECONDS = [0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 8, 15, 30];

export interface Metrics {
  readonly meter: Meter;
  /** Everything in Prometheus' text format. */
  format(): Promise<string>;
}

/** What an operator sees. No label names a person, a device or a call. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const started = new Counter({ name: 'visavis_calls_started_total', help: 'Calls dialed.', registers });
  const connected = new Counter({
    name: 'visavis_calls_connected_total',
    help: 'Calls answered.',
    registers,
  });
  const ended = new Counter({
    name: 'visavis_calls_ended_total',
    help: 'Calls that are over, by their last state and the reason.',
    labelNames: ['state', 'reason'],
    registers,
  });
  const setUp = new Histogram({
    name: 'visavis_call_setup_seconds',
    help: 'From dialing to the answer.',
    buckets: SETUP_SECONDS,
    registers,
  });
  const media = new Histogram({
    name: 'visavis_media_setup_seconds',
    help: 'From joining a call to the first sound or picture, by what the devices report.',
    buckets: MEDIA_SECONDS,
    registers,
  });
  const messages = new Counter({
    name: 'visavis_messages_total',
    help: 'Messages of devices, by type.',
    labelNames: ['type'],
    registers,
  });
  const errors = new Counter({
    name: 'visavis_errors_total',
    help: 'Refusals sent to devices, by code.',
    labelNames: ['code'],
    registers,
  });
  const services = new Histogram({
    name: 'visavis_service_seconds',
    help: 'How long the database and Redis took to answer.',
    labelNames: ['service', 'outcome'],
    buckets: SERVICE_SECONDS,
    registers,
  });
  /** To look for a counter by its labels costs more than to count. */
  const messagesByType = new Map<string, { inc(): void }>();
  return {
    format: async () => registry.metrics(),
    meter: {
      handleCall: (call, before) => {
        if (before === null) started.inc();
        else for (const ms of firstMedia(call, before, Date.now())) media.observe(ms / 1_000);
        if (before?.state === call.state) return;
        if (call.state === 'connected') {
          connected.inc();
          setUp.observe((call.connectedAt - call.createdAt) / 1_000);
        }
        if ('endReason' in call) ended.inc({ state: call.state, reason: call.endReason });
      },
      handleMessage: (type) => {
        let counter = messagesByType.get(type);
        if (counter === undefined) messagesByType.set(type, (counter = messages.labels(type)));
        counter.inc();
      },
      handleError: (code) => {
        errors.inc({ code });
      },
      handleService: (service, ms, outcome) => {
        services.observe({ service, outcome }, ms / 1_000);
      },
      watch: ({ name, help, label }, read) => {
        const gauge: Gauge = new Gauge({
          name: `visavis_${name}`,
          help,
          labelNames: label === undefined ? [] : [label],
          registers,
          collect: async () => {
            gauge.reset();
            try {
              set(gauge, label, await read());
            } catch {
              // What is away cannot be counted: no value says so, and the others are still told.
              if (label === undefined) gauge.remove();
            }
          },
        });
      },
    },
  };
}

/** How long each device took whose media flow for the first time with this change. */
function firstMedia(call: Call, before: Call, now: number): number[] {
  return call.participants.flatMap(({ device, part }) => {
    const former = before.participants.find((each) => each.device.deviceId === device.deviceId)?.part;
    const isFirst =
      part.state === 'joined' &&
      part.flow === 'flowing' &&
      former?.state === 'joined' &&
      former.flow === 'connecting';
    return isFirst && call.state === 'connected' ? [now - Math.max(call.connectedAt, part.joinedAt)] : [];
  });
}

function set(gauge: Gauge, label: string | undefined, reading: Reading): void {
  if (typeof reading === 'number') gauge.set(reading);
  else if (label !== undefined)
    for (const [value, count] of Object.entries(reading)) gauge.set({ [label]: value }, count);
}

/** Serves `/metrics` on a port of its own, which is the operator's and not the public's. @returns what ends it */
export async function serveMetrics(
  metrics: Metrics,
  host: string,
  port: number,
): Promise<() => Promise<void>> {
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    metrics.format().then(
      (text) =>
        response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return async () => {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  };
}

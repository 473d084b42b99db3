import { measureQuietly } from '../lib/progress.ts';
import { startRelay } from '../lib/relay.ts';
import type { Result } from '../lib/results.ts';
import { formatSpread, ratiosOf, spreadOf } from '../lib/statistics.ts';
import { measureBrowsers } from './browsers.ts';
import { measureDevices } from './devices.ts';

/** Each device may dial ten times a minute. */
const MOST_ROUNDS = 10;

/** Dial to ringing on the other device: in two browsers, and between devices that are nothing but a socket. */
export async function benchmarkRinging(rounds: number): Promise<Result> {
  const relay = await startRelay();
  const turns = Math.min(rounds, MOST_ROUNDS);
  try {
    const { value: devices, idle } = await measureQuietly(() => measureDevices(relay.url, turns));
    const browsers = await measureBrowsers(relay.url, turns);
    const { ring, relay: relayed, serverMs } = devices;
    const serverShare = ring.map((each, index) => each - (relayed[index] ?? 0));
    const received = browsers.product.map(({ ringReceived }) => ringReceived);
    const incoming = spreadOf(browsers.product.map(({ incoming }) => incoming));
    return {
      name: 'ringing',
      table: [
        ['ms', 'median (p10–p90)'],
        [
          'browsers: press → initiate_call sent',
          formatSpread(spreadOf(browsers.product.map(({ dialSent }) => dialSent))),
        ],
        ['browsers: press → ring received', formatSpread(spreadOf(received))],
        ['browsers: press → overlay in the other page', formatSpread(incoming)],
        ['bare pages: press → frame received through bare ws', formatSpread(spreadOf(browsers.bare))],
        ['devices: initiate_call sent → ring received', formatSpread(spreadOf(ring))],
        ['devices: a frame through bare ws', formatSpread(spreadOf(relayed))],
        ["the server's part (difference of the two)", formatSpread(spreadOf(serverShare))],
      ],
      notes: [
        `Visavis ÷ bare: browsers ${formatSpread(ratiosOf(received, browsers.bare), '×')}, devices ${formatSpread(ratiosOf(ring, relayed), '×')}`,
        `The server spends ${serverMs.toFixed(1)} ms of processor time on a dial and its cancel.`,
        `Idle processor meanwhile: devices ${idle}, browsers ${formatSpread(spreadOf(browsers.idle))}`,
      ],
      targets: [
        { what: 'dial to ringing overlay in the other browser, ms', limit: 30, measured: incoming.median },
        {
          what: 'dial to ring received in the other browser, ms',
          limit: 30,
          measured: spreadOf(received).median,
        },
        { what: 'dial to ringing between bare devices, ms', limit: 30, measured: spreadOf(ring).median },
      ],
      figures: {
        ring: spreadOf(ring),
        relay: spreadOf(relayed),
        serverShare: spreadOf(serverShare),
        serverMs,
        browsers,
        idle,
      },
    };
  } finally {
    await relay.close();
  }
}

import { LIMITS } from '@visavis/protocol';
import { describe, expect, test } from 'vitest';
import { judgeFindings } from '../../src/check/verdict.ts';
import { createCheckBench, type World } from './checkBench.ts';

/** What a person waits for at most. */
const PROMISED_MS = 5_000;

async function runIn(world: Partial<World>, wishes = {}) {
  const bench = createCheckBench(world);
  bench.start(wishes);
  await bench.pass(PROMISED_MS);
  const last = bench.last();
  if (last?.isOver !== true) throw new Error('it is not over in time');
  return { ...bench, atMs: last.atMs, findings: last.findings, verdict: judgeFindings(last.findings) };
}

describe('a check before a call', () => {
  test('where everything works it is over before its time, says so, and closes everything', async () => {
    const { findings, verdict, atMs, isAllClosed, peers } = await runIn({});
    expect(verdict).toBe('fine');
    expect(findings).toMatchObject({
      camera: 'works',
      microphone: 'works',
      speaker: 'found',
      server: 'reached',
      udp: 'open',
      tcp: 'open',
      relay: { udp: 'open', tcp: 'open', tls: 'open' },
    });
    expect(atMs).toBeLessThan(3_000);
    expect(peers.countMade()).toBe(2 + 2 * 3);
    expect(isAllClosed()).toBe(true);
  });

  test('the round trip is the shortest that was seen, and rates are what the line carries', async () => {
    const { findings } = await runIn({ relay: { udp: 8, tcp: 15, tls: 15 } });
    expect(findings.roundTripMs).toBeGreaterThanOrEqual(15);
    expect(findings.roundTripMs).toBeLessThanOrEqual(30);
    expect(findings.upload).toBeGreaterThan(4_000_000);
    expect(findings.upload).toBeLessThan(6_000_000);
    expect(findings.download).toBeGreaterThan(14_000_000);
    expect(findings.download).toBeLessThan(28_000_000);
  });

  test.each<readonly [string, Partial<World>, string]>([
    ['the server is away', { serverMs: null }, 'unreachable'],
    ['the server never answers', { serverMs: 1_000_000 }, 'unreachable'],
    ['the browser waits for the person', { camera: 'asking', microphone: 'asking' }, 'asking'],
    ['both denied', { camera: 'both_denied', microphone: 'both_denied' }, 'both_denied'],
    ['camera denied', { camera: 'camera_denied' }, 'camera_denied'],
    ['microphone denied', { microphone: 'microphone_denied' }, 'microphone_denied'],
    ['no microphone', { microphone: 'no_microphone' }, 'no_microphone'],
    ['camera taken', { camera: 'camera_in_use' }, 'camera_in_use'],
    ['silence', { microphone: 'silence' }, 'microphone_silent'],
    ['a lens that is covered', { camera: 'dark' }, 'dark'],
    ['a camera without a picture', { camera: 'blank' }, 'no_picture'],
    ['nothing to hear with', { speaker: 'missing' }, 'no_speaker'],
    ['not secure', { isSecure: false }, 'insecure_page'],
    ['only TCP', { media: { udp: null, tcp: 20 }, relay: { udp: null, tcp: 20, tls: 20 } }, 'udp_blocked'],
    [
      'only TLS',
      { media: { udp: null, tcp: null }, relay: { udp: null, tcp: null, tls: 20 } },
      'udp_blocked',
    ],
    ['no way', { media: { udp: null, tcp: null }, relay: { udp: null, tcp: null, tls: null } }, 'no_way'],
    ['a relay that is down', { relay: { udp: null, tcp: null, tls: null } }, 'relay_down'],
    ['no relay and no media server', { relayUrls: [], hasMediaServer: false }, 'untested'],
    ['no relay', { relayUrls: [] }, 'fine'],
    ['a slow upload', { upload: 200_000 }, 'slow_upload'],
    ['a slow download', { download: 200_000 }, 'slow_download'],
    ['a line for nothing', { upload: 12_000 }, 'too_slow'],
    ['a line over two satellites', { serverMs: 300, media: { udp: 300, tcp: 300 }, relayUrls: [] }, 'far'],
  ])('%s: the right sentence within 5 s, and nothing is left open', async (_, world, sentence) => {
    const { verdict, isAllClosed, heard } = await runIn(world);
    expect(verdict).toBe(sentence);
    expect(isAllClosed()).toBe(true);
    expect(heard.filter(({ isOver }) => isOver)).toHaveLength(1);
  });

  test('a relay that gives places has been reached, also where nothing came back in time', async () => {
    const { findings } = await runIn({ relaysNothing: true });
    expect(findings.relay).toEqual({ udp: 'open', tcp: 'open', tls: 'open' });
  });

  test('a service without a relay has none, which is not the same as one that is shut', async () => {
    const { findings } = await runIn({ relayUrls: [] });
    expect(findings.relay).toEqual({ udp: 'none', tcp: 'none', tls: 'none' });
  });
});

describe('its end', () => {
  test('whenever it is ended, everything is closed and nothing more is said', async () => {
    for (let atMs = 0; atMs <= 1_500; atMs += 50) {
      const bench = createCheckBench({ relay: { udp: null, tcp: 40, tls: 40 } });
      const end = bench.start();
      await bench.pass(atMs);
      end();
      const before = bench.heard.length;
      await bench.pass(PROMISED_MS);
      expect(bench.heard, `ended after ${String(atMs)} ms`).toHaveLength(before);
      expect(bench.isAllClosed(), `ended after ${String(atMs)} ms`).toBe(true);
      end();
    }
  });

  test('no timer is left', async () => {
    const { timers } = await runIn({});
    expect(timers.waiting).toBe(0);
  });
});

describe('in a call', () => {
  test('a camera that is off is not opened, and little of the line is taken', async () => {
    const { findings, verdict, taken } = await runIn({ camera: 'dark' }, { camera: false, isGentle: true });
    expect(findings.camera).toBe('unchecked');
    expect(verdict).toBe('fine');
    const characters = taken.reduce((sum, { filler, wanted }) => sum + filler.length + wanted, 0);
    expect(characters).toBeLessThan(LIMITS.sampleLength);
  });

  test.each([0, 1, 20])(
    'before a call it takes more, and no more than 0.5 MB each way, %d ms away',
    async (serverMs) => {
      const { taken } = await runIn({ serverMs, upload: 1e9, download: 24e6 });
      const sum = (lengthOf: (sample: { filler: string; wanted: number }) => number): number =>
        taken.reduce((total, sample) => total + lengthOf(sample), 0);
      for (const characters of [sum(({ filler }) => filler.length), sum(({ wanted }) => wanted)]) {
        expect(characters).toBeGreaterThan(LIMITS.sampleLength);
        expect(characters).toBeLessThan(500_000);
      }
      expect(taken.length).toBeLessThanOrEqual(23);
    },
  );
});

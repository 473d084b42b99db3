import { describe, expect, test } from 'vitest';
import { NOTHING_FOUND, type CheckVerdict, type Findings } from '../../src/check/types.ts';
import { judgeFindings } from '../../src/check/verdict.ts';

const ALL_WELL: Findings = {
  isSecure: true,
  camera: 'works',
  microphone: 'works',
  speaker: 'found',
  server: 'reached',
  udp: 'open',
  tcp: 'open',
  relay: { udp: 'open', tcp: 'open', tls: 'open' },
  roundTripMs: 40,
  upload: 5_000_000,
  download: 20_000_000,
};
const NO_RELAY: Findings['relay'] = { udp: 'none', tcp: 'none', tls: 'none' };
const SHUT: Findings['relay'] = { udp: 'blocked', tcp: 'blocked', tls: 'blocked' };

/** Each fault alone, the worst first. */
const FAULTS: readonly (readonly [CheckVerdict, Partial<Findings>])[] = [
  ['insecure_page', { isSecure: false }],
  ['unreachable', { server: 'unreachable' }],
  ['both_denied', { camera: 'denied', microphone: 'denied' }],
  ['no_way', { udp: 'blocked', tcp: 'blocked', relay: SHUT }],
  ['microphone_denied', { microphone: 'denied' }],
  ['too_slow', { upload: 30_000 }],
  ['microphone_silent', { microphone: 'silent' }],
  ['no_speaker', { speaker: 'missing' }],
  ['camera_denied', { camera: 'denied' }],
  ['slow_upload', { upload: 300_000 }],
  ['slow_download', { download: 300_000 }],
  ['far', { roundTripMs: 700 }],
  ['udp_blocked', { udp: 'blocked', relay: { udp: 'blocked', tcp: 'open', tls: 'open' } }],
  ['relay_down', { relay: SHUT }],
  ['dark', { camera: 'dark' }],
];

describe('one sentence for what was found', () => {
  test.each<readonly [CheckVerdict, Partial<Findings>]>([
    ...FAULTS,
    ['asking', { microphone: 'asking', camera: 'asking' }],
    ['asking', { camera: 'asking' }],
    ['no_microphone', { microphone: 'missing' }],
    ['microphone_in_use', { microphone: 'in_use' }],
    ['no_camera', { camera: 'missing' }],
    ['camera_in_use', { camera: 'in_use' }],
    ['no_picture', { camera: 'no_picture' }],
    ['too_slow', { download: 30_000 }],
    ['no_way', { udp: 'blocked', tcp: 'blocked', relay: NO_RELAY }],
    ['no_way', { udp: 'none', tcp: 'none', relay: SHUT }],
    ['udp_blocked', { udp: 'blocked', relay: NO_RELAY }],
    ['udp_blocked', { udp: 'none', tcp: 'none', relay: { udp: 'blocked', tcp: 'blocked', tls: 'open' } }],
    // Media take the relay then, over UDP.
    ['fine', { udp: 'blocked' }],
    ['fine', { relay: NO_RELAY }],
    ['fine', { roundTripMs: null, upload: null, download: null }],
    // In a call with the camera off.
    ['fine', { camera: 'unchecked' }],
    ['fine', { speaker: 'unknown' }],
    ['untested', { udp: 'none', tcp: 'none', relay: NO_RELAY }],
    [
      'untested',
      { udp: 'unknown', tcp: 'unknown', relay: { udp: 'unknown', tcp: 'unknown', tls: 'unknown' } },
    ],
    ['fine', {}],
  ])('%s: %o', (verdict, found) => {
    expect(judgeFindings({ ...ALL_WELL, ...found })).toBe(verdict);
  });

  test('of two faults the worse one is said', () => {
    FAULTS.forEach(([worse, one], index) => {
      for (const [other, another] of FAULTS.slice(index + 1)) {
        const both = judgeFindings({ ...ALL_WELL, ...another, ...one });
        // Two that are about the same thing are a third one together.
        const isThird = both === 'both_denied' || both === 'no_way';
        expect([worse, ...(isThird ? [both] : [])], `${worse} and ${other}`).toContain(both);
      }
    });
  });

  test('nothing is held against what was not looked at', () => {
    expect(judgeFindings({ ...NOTHING_FOUND, server: 'reached', udp: 'open' })).toBe('fine');
  });
});

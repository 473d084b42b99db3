import type { Capture, CheckVerdict } from '@visavis/client';
import { describe, expect, test, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { createCheck } from '../src/app/check.ts';
import { remedyOf, toneOf, type CheckTone } from '../src/model/check.ts';
import { checkWords } from '../src/words/check.ts';
import { checked } from '../src/gallery/check.ts';
import { home } from '../src/gallery/model.ts';
import type { Model } from '../src/model/model.ts';

/** Every verdict, and how bad it is. */
const TONES: Readonly<Record<CheckVerdict, CheckTone>> = {
  insecure_page: 'bad',
  unreachable: 'bad',
  asking: 'bad',
  both_denied: 'bad',
  microphone_denied: 'bad',
  no_microphone: 'bad',
  microphone_in_use: 'bad',
  no_way: 'bad',
  too_slow: 'bad',
  microphone_silent: 'bad',
  no_speaker: 'bad',
  camera_denied: 'bad',
  no_camera: 'bad',
  camera_in_use: 'bad',
  no_picture: 'bad',
  slow_upload: 'fair',
  slow_download: 'fair',
  far: 'fair',
  udp_blocked: 'fair',
  relay_down: 'fair',
  dark: 'fair',
  untested: 'fair',
  fine: 'good',
};
const VERDICTS = Object.keys(TONES) as CheckVerdict[];

describe('what a check says', () => {
  test.each(VERDICTS)('%s: one sentence and something to do, before a call and in one', (verdict) => {
    for (const isInCall of [false, true]) {
      const { sentence, todo } = checkWords.verdict(verdict, isInCall);
      expect(sentence).toMatch(/^[^.!?]+\.$/);
      expect(todo).toMatch(/\.$/);
      expect(sentence + todo).not.toMatch(/_|undefined|error/i);
    }
    expect(toneOf(verdict)).toBe(TONES[verdict]);
  });

  test('no two verdicts say the same', () => {
    const sentences = VERDICTS.map((verdict) => checkWords.verdict(verdict, false).sentence);
    expect(new Set(sentences).size).toBe(VERDICTS.length);
  });

  test('in a call, with everything well here, the other side is named', () => {
    expect(checkWords.verdict('fine', true)).not.toEqual(checkWords.verdict('fine', false));
  });

  test('what helps is offered, and low data only until it is on', () => {
    expect(remedyOf('slow_upload', false)).toBe('low_data');
    expect(remedyOf('slow_upload', true)).toBe('again');
    expect(remedyOf('fine', false)).toBe('done');
    expect(remedyOf('microphone_denied', false)).toBe('again');
  });

  test('the details are rows of words and figures', () => {
    const { findings } = checked('fine', {
      roundTripMs: 0.4,
      upload: 340_000,
      download: 40_000_000,
      relay: { udp: 'none', tcp: 'blocked', tls: 'open' },
    });
    const rows = new Map(checkWords.rows(findings).map(({ label, value }) => [label, value]));
    expect(Object.fromEntries(rows)).toMatchObject({
      Camera: 'Works',
      'Relay, UDP': 'This service has none',
      'Relay, TCP': 'Blocked',
      'Relay, TLS': 'Open',
      'Round trip': '1 ms',
      Upload: '340 kbit/s',
      Download: 'More than 20 Mbit/s',
    });
  });
});

/** Without a browser: no server is reached, and there is neither camera nor microphone. */
function openPage() {
  const store = createStore<Model>(() => home);
  let open = 0;
  const capture = {
    open() {
      open += 1;
      const state = { audio: null, video: null, heard: null, opening: false, problem: null };
      return { getState: () => state, close: () => (open -= 1) };
    },
  } as unknown as Capture;
  const control = createCheck({ store, capture, deviceId: 'device-1' });
  const verdict = () => store.getState().check?.verdict;
  return { store, control, countOpen: () => open, verdict };
}

describe('a check in the page', () => {
  test('it shows at once, ends in a verdict, and lets go of everything', async () => {
    const { store, control, countOpen, verdict } = openPage();
    control.open(null);
    expect(store.getState().check).toMatchObject({ verdict: null, callKey: null });
    await vi.waitUntil(() => verdict() === 'insecure_page', { timeout: 15_000 });
    expect(countOpen()).toBe(0);
    control.close();
    expect(store.getState().check).toBeNull();
  });

  test('closed or begun again in the middle, only the last one is heard of', async () => {
    const { store, control, countOpen, verdict } = openPage();
    control.open(null);
    control.open('call-9');
    control.close();
    expect(store.getState().check).toBeNull();
    control.open('call-9');
    await vi.waitUntil(() => verdict() === 'insecure_page', { timeout: 15_000 });
    expect(store.getState().check?.callKey).toBe('call-9');
    expect(countOpen()).toBe(0);
  });
});

import { describe, expect, test } from 'vitest';
import { shortcutFor, type KeyPress, type ShortcutPlace } from '../src/screens/effects/shortcuts.ts';
import { titleFor } from '../src/screens/effects/title.ts';
import { loopFor } from '../src/screens/effects/useSounds.ts';
import { call, connected, ended, held, rings } from './calls.ts';

const press = (key: string, change: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: /^[a-z]$/iu.test(key) ? `Key${key.toUpperCase()}` : '',
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  inField: false,
  repeat: false,
  ...change,
});

describe('shortcuts', () => {
  test.each<readonly [string, Partial<KeyPress>, ShortcutPlace, string]>([
    ['/', {}, 'home', 'search'],
    ['?', { shiftKey: true }, 'home', 'show_shortcuts'],
    ['m', {}, 'call', 'mute'],
    ['M', {}, 'call', 'mute'],
    ['v', {}, 'outgoing', 'camera'],
    ['h', {}, 'call', 'hold'],
    ['f', {}, 'call', 'full_screen'],
    ['i', {}, 'call', 'details'],
    ['a', { altKey: true }, 'ringing', 'answer'],
    ['A', { altKey: true, shiftKey: true }, 'ringing', 'answer_audio'],
    ['x', { altKey: true }, 'ringing', 'leave'],
    ['x', { altKey: true }, 'outgoing', 'leave'],
    ['x', { altKey: true }, 'call', 'leave'],
  ])('%s %o at %s means %s', (key, change, place, meaning) => {
    expect(shortcutFor(press(key, change), place)).toBe(meaning);
  });

  test('Alt makes other signs of letters on some keyboards', () => {
    expect(shortcutFor(press('å', { altKey: true, code: 'KeyA' }), 'ringing')).toBe('answer');
  });

  test('nothing is answered or ended by typing on', () => {
    for (const place of ['home', 'ringing', 'outgoing', 'call'] as const) {
      for (const key of ['a', 'x', 'A', 'X', ' ', 'Enter', 'Escape']) {
        expect(['answer', 'answer_audio', 'leave']).not.toContain(shortcutFor(press(key), place));
      }
    }
  });

  test('a field keeps its letters', () => {
    for (const key of ['/', '?', 'm', 'v', 'h', 'f', 'i']) {
      expect(shortcutFor(press(key, { inField: true }), 'call')).toBeNull();
    }
  });

  test('the browser keeps its own, and a key held down acts once', () => {
    expect(shortcutFor(press('f', { ctrlKey: true }), 'call')).toBeNull();
    expect(shortcutFor(press('m', { metaKey: true }), 'call')).toBeNull();
    expect(shortcutFor(press('m', { repeat: true }), 'call')).toBeNull();
  });
});

describe('the title of the tab', () => {
  const service = { name: 'Visavis', demo: true, hasRelay: true };
  const title = (calls: Parameters<typeof titleFor>[0]['calls'], missedUnseen = 0): string =>
    titleFor({ service, calls, missedUnseen });

  test('says who rings before all else', () => {
    expect(title([call('a', connected), call('b', rings)], 3)).toBe('Ben Whitaker · incoming video call');
  });
  test('says whom one calls, and whom one is with', () => {
    expect(title([call('a', { name: 'dialing' })])).toBe('Calling Ben Whitaker…');
    expect(title([call('a', connected)])).toBe('Ben Whitaker · Visavis');
  });
  test('counts what was missed', () => {
    expect(title([], 2)).toBe('(2) Visavis');
    expect(title([call('a', ended('hangup', 1))], 0)).toBe('Visavis');
  });
});

describe('the sound that goes on', () => {
  test('rings, knocks, or rings back', () => {
    expect(loopFor([call('a', rings)])).toBe('ring');
    expect(
      loopFor([call('a', connected), call('b', { name: 'incoming', silent: false, waiting: true })]),
    ).toBe('waiting');
    expect(loopFor([call('a', { name: 'ringing', progress: [] })])).toBe('ringback');
  });
  test('is none when it rings silently, is being dialed, held or over', () => {
    expect(loopFor([call('a', { name: 'incoming', silent: true, waiting: false })])).toBeNull();
    expect(
      loopFor([call('a', { name: 'dialing' }), call('b', held), call('c', ended('busy', null))]),
    ).toBeNull();
  });
});

import { expect, test } from 'vitest';
import { readPreferences, writePreferences } from '../src/app/preferences.ts';
import { DEFAULT_SOUND } from '@visavis/client';

const storageWith = (sound: unknown) => {
  let kept = JSON.stringify({ sound });
  return { getItem: () => kept, setItem: (_: string, value: string) => void (kept = value) };
};

test('what was chosen for the own voice is remembered', () => {
  const storage = storageWith(undefined);
  expect(readPreferences(storage).sound).toEqual(DEFAULT_SOUND);
  const sound = { ...DEFAULT_SOUND, mode: 'strong' as const, echoCancellation: false };
  writePreferences(storage, { sound });
  expect(readPreferences(storage).sound).toEqual(sound);
});

test.each([null, 7, 'loud', [], { mode: 'shout' }, { mode: 1, gainControl: null }])(
  'what cannot be a choice is none: %j',
  (sound) => {
    expect(readPreferences(storageWith(sound)).sound).toEqual(DEFAULT_SOUND);
  },
);

const withBackground = (background: unknown) => ({ getItem: () => JSON.stringify({ background }) });

test('what is to be behind a person is remembered; nothing at first', () => {
  const storage = storageWith(undefined);
  expect(readPreferences(storage).background).toEqual({ kind: 'none' });
  const background = { kind: 'picture', name: 'hills' } as const;
  writePreferences(storage, { background });
  expect(readPreferences(storage).background).toEqual(background);
});

test('a picture that there is no more is a blur, so that the room stays hidden', () => {
  expect(readPreferences(withBackground({ kind: 'picture', name: 'gone' })).background).toEqual({
    kind: 'blur',
  });
});

test.each([null, 7, 'blur', [], { kind: 'fog' }])('what cannot be a background is none: %j', (background) => {
  expect(readPreferences(withBackground(background)).background).toEqual({ kind: 'none' });
});

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

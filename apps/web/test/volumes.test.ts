import { describe, expect, test } from 'vitest';
import { createGroupsShown } from '../src/app/groupShown.ts';
import { createKeptVolumes, MOST_VOLUMES } from '../src/app/volumes.ts';

function createStorage(text?: string) {
  const kept = new Map<string, string>(text === undefined ? [] : [['visavis.volumes', text]]);
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
    size: () => kept.size,
  };
}

describe('how people are heard on this device', () => {
  test('is known in the next call, and after the page was loaded again', () => {
    const storage = createStorage();
    createKeptVolumes(storage).keep('ben', { volume: 0.4 });
    createKeptVolumes(storage).keep('cleo', { muted: true });
    const volumes = createKeptVolumes(storage);
    const shown = createGroupsShown(() => {}, volumes.read);
    expect(shown.read('next').volumes['ben']).toBe(0.4);
    expect(shown.read('next').mutedForMe).toEqual(['cleo']);
    shown.change('next', { layout: 'spotlight' });
    expect(shown.read('next').volumes['ben']).toBe(0.4);
  });

  test('is kept of nobody who is heard as everybody else is', () => {
    const storage = createStorage();
    const volumes = createKeptVolumes(storage);
    volumes.keep('ben', { volume: 0.4 });
    volumes.keep('ben', { muted: true });
    volumes.keep('ben', { volume: 1 });
    expect([...volumes.read().keys()]).toEqual(['ben']);
    volumes.keep('ben', { muted: false });
    expect(volumes.read().size).toBe(0);
    expect(storage.size()).toBe(0);
  });

  test('is kept of the hundred who were changed last', () => {
    const storage = createStorage();
    const volumes = createKeptVolumes(storage);
    for (let n = 0; n <= MOST_VOLUMES; n += 1) volumes.keep(`p${n}`, { volume: 0.5 });
    volumes.keep('p1', { volume: 0.2 });
    volumes.keep('new', { volume: 0.5 });
    const { read } = createKeptVolumes(storage);
    expect(read().size).toBe(MOST_VOLUMES);
    expect(read().has('p0')).toBe(false);
    expect(read().get('p1')).toEqual({ volume: 0.2, muted: false });
    expect(read().has('p2')).toBe(false);
  });

  test('is forgotten when that is wanted, and said so', () => {
    const storage = createStorage();
    let changes = 0;
    const volumes = createKeptVolumes(storage, () => {
      changes += 1;
    });
    volumes.keep('ben', { volume: 0 });
    volumes.forget();
    expect(changes).toBe(2);
    expect(createKeptVolumes(storage).read().size).toBe(0);
    expect(storage.size()).toBe(0);
  });

  test.each(['', '{}', '[1]', '[["ben"]]', '[[1, {}]]', 'null', '[["ben", null]]'])(
    '%s is nobody',
    (text) => {
      expect(createKeptVolumes(createStorage(text)).read().size).toBe(0);
    },
  );

  test('a volume that is none is the whole one', () => {
    const kept = JSON.stringify([
      ['ben', { volume: 7, muted: true }],
      ['cleo', { volume: 'loud' }],
    ]);
    const { read } = createKeptVolumes(createStorage(kept));
    expect(read().get('ben')).toEqual({ volume: 1, muted: true });
    expect(read().get('cleo')).toEqual({ volume: 1, muted: false });
  });
});

import type { TalkLine } from '@visavis/client';
import { describe, expect, it } from 'vitest';
import { createTalkMemory } from '../src/app/talkMemory.ts';

function createStorage(room = Infinity) {
  const items = new Map<string, string>();
  return {
    items,
    getItem: (key: string) => items.get(key) ?? null,
    setItem(key: string, value: string) {
      if (value.length > room) throw new DOMException('There is no room.', 'QuotaExceededError');
      items.set(key, value);
    },
    removeItem: (key: string) => void items.delete(key),
    key: (index: number) => [...items.keys()][index] ?? null,
    get length() {
      return items.size;
    },
  };
}
const line = (id: string, change: Partial<TalkLine> = {}): TalkLine => ({
  id,
  userId: 'ben',
  name: 'Ben',
  text: `line ${id}`,
  at: 1,
  state: 'sent',
  missedBy: [],
  ...change,
});

describe('GRP7 the chat of a call over a reload', () => {
  it('GRP7 is the newest hundred lines, until it is forgotten', () => {
    const storage = createStorage();
    const lines = Array.from({ length: 120 }, (_, index) => line(String(index)));
    createTalkMemory(storage).write('call', lines);
    expect(createTalkMemory(storage).read('call')).toEqual(lines.slice(20));
    expect(createTalkMemory(storage).read('other')).toEqual([]);
    createTalkMemory(storage).write('call', []);
    expect([createTalkMemory(storage).read('call'), storage.items.size]).toEqual([[], 0]);
  });

  it('GRP7 of other calls nothing stays, and what else the window keeps does', () => {
    const storage = createStorage();
    storage.setItem('visavis.waiting', 'kept');
    const memory = createTalkMemory(storage);
    for (const callId of ['one', 'two', 'three']) memory.write(callId, [line('1')]);
    memory.keep(new Set(['two']));
    expect([...storage.items.keys()]).toEqual(['visavis.waiting', 'visavis.chat.two']);
    memory.keep(new Set());
    expect([...storage.items.keys()]).toEqual(['visavis.waiting']);
  });

  it('GRP7 what was on its way is not said to have arrived', () => {
    const storage = createStorage();
    const memory = createTalkMemory(storage);
    memory.write('call', [line('1', { userId: null, state: 'sending', missedBy: ['ben'] })]);
    expect(memory.read('call')).toEqual([line('1', { userId: null, state: 'failed', missedBy: ['ben'] })]);
  });

  it('GRP7 where there is no room the call goes on', () => {
    const memory = createTalkMemory(createStorage(10));
    memory.write('call', [line('1')]);
    expect(memory.read('call')).toEqual([]);
  });

  it.each([
    'no JSON',
    '7',
    'null',
    '{"text":"x"}',
    '[null,3,"x",{}]',
    '[{"id":"1","userId":"b","name":"B","text":5,"at":1}]',
  ])('GRP7 of %s nothing is shown', (text) => {
    const storage = createStorage();
    storage.setItem('visavis.chat.call', text);
    expect(createTalkMemory(storage).read('call')).toEqual([]);
  });
});

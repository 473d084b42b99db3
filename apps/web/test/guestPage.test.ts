import { describe, expect, it } from 'vitest';
import { createWaitingMemory } from '../src/app/waitingMemory.ts';
import { joinChoice } from '../src/screens/groups/joinChoice.ts';

function createStorage() {
  const items = new Map<string, string>();
  let writes = 0;
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem(key: string, value: string) {
      writes += 1;
      items.set(key, value);
    },
    removeItem: (key: string) => void items.delete(key),
    items,
    writes: () => writes,
  };
}
const CHOSEN = { callId: 'call', muted: true, camera: true };

describe('GRP6 the waiting room over a reload', () => {
  it('GRP6 is remembered by the window, written when it changes, and forgotten', () => {
    const storage = createStorage();
    const memory = createWaitingMemory(storage);
    memory.write(CHOSEN);
    memory.write({ ...CHOSEN });
    expect(storage.writes()).toBe(1);
    expect(createWaitingMemory(storage).read()).toEqual(CHOSEN);
    memory.write(null);
    expect([createWaitingMemory(storage).read(), storage.items.size]).toEqual([null, 0]);
  });

  it.each([
    ['no JSON', null],
    ['"text"', null],
    ['{"muted":true}', null],
    ['{"callId":"call"}', { callId: 'call', muted: true, camera: false }],
    ['{"callId":"call","muted":"no","camera":"yes"}', { callId: 'call', muted: true, camera: false }],
  ])('GRP6 of %s nothing is taken for a wish to be seen or heard', (text, expected) => {
    const storage = createStorage();
    storage.items.set('visavis.waiting', text);
    expect(createWaitingMemory(storage).read()).toEqual(expected);
  });
});

describe('GRP6 what the page of a link says of camera and microphone', () => {
  const wanted = { camera: true, muted: false };
  it('GRP6 is what is wanted as long as nothing is missing', () => {
    expect(joinChoice(wanted, { camera: false, microphone: false })).toEqual(wanted);
    expect(joinChoice({ camera: false, muted: true }, { camera: false, microphone: false })).toEqual({
      camera: false,
      muted: true,
    });
  });

  it('GRP6 is off where the browser blocks them, each for itself', () => {
    expect(joinChoice(wanted, { camera: true, microphone: false })).toEqual({ camera: false, muted: false });
    expect(joinChoice(wanted, { camera: false, microphone: true })).toEqual({ camera: true, muted: true });
  });
});

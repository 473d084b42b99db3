import { expect, test } from 'vitest';
import { createStays } from '../../src/device/staying.ts';

const key = (byte: number) => new Uint8Array(32).fill(byte);
const ben = { userId: 'ben', deviceId: 'ben1' };
const cleo = { userId: 'cleo', deviceId: 'cleo1' };

test('GRP7 a device that comes back with another leaf is the one that was there; every other one comes anew', () => {
  const stays = createStays();
  stays.keep([ben, cleo]);
  expect(stays.see(ben, key(1), key(11))).toEqual({ arrival: 1, returns: 0 });
  expect(stays.see(ben, key(1), key(11))).toEqual({ arrival: 1, returns: 0 });
  expect(stays.see(cleo, key(2), key(12))).toEqual({ arrival: 2, returns: 0 });
  expect(stays.see(ben, key(1), key(13))).toEqual({ arrival: 1, returns: 1 });
  // Of another key, or of another user: the server may have put it there.
  expect(stays.see(ben, key(3), key(14))).toEqual({ arrival: 3, returns: 0 });
  expect(stays.see({ ...ben, userId: 'eve' }, key(3), key(15))).toEqual({ arrival: 4, returns: 0 });
});

test('GRP7 who has left and comes back is somebody new', () => {
  const stays = createStays();
  stays.keep([ben]);
  stays.see(ben, key(1), key(11));
  stays.keep([]);
  stays.keep([ben]);
  expect(stays.see(ben, key(1), key(12))).toEqual({ arrival: 2, returns: 0 });
});

test('GRP7 of whom no key is proven nobody knows that they were there', () => {
  const stays = createStays();
  stays.keep([ben]);
  expect(stays.see(ben, null, key(11))).toEqual({ arrival: 1, returns: 0 });
  expect(stays.see(ben, null, key(11))).toEqual({ arrival: 1, returns: 0 });
  expect(stays.see(ben, null, key(12))).toEqual({ arrival: 2, returns: 0 });
});

import { expect, test } from 'vitest';
import { createApi } from '../src/http/api.ts';

test('a request that nobody ever answers is given up', async () => {
  const api = createApi({
    deviceId: null,
    patienceMs: 1,
    fetch: (_path, { signal }) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new Error('given up')));
      }),
  });
  expect(await api.signOut()).toEqual({ ok: false, code: 'NETWORK' });
});

import { describe, test } from 'vitest';
import { createMemoryKeyStore } from '../../src/index.ts';
import { keyStoreChecks } from './keyStoreChecks.ts';

describe('keys in memory', () => {
  test.each(Object.entries(keyStoreChecks))('%s', async (_name, check) => {
    const store = createMemoryKeyStore();
    await check(async () => store);
  });
});

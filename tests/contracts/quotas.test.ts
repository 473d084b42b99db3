import { USER_RATES } from '@visavis/protocol';
import type { Quotas } from '@visavis/server';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { quotasAdapters } from './adapters.ts';

const { burst, perMs } = USER_RATES.initiate_call;

describe.each(quotasAdapters)('quotas: $name', (adapter) => {
  let opened: Awaited<ReturnType<typeof adapter.open>>;
  let quotas: Quotas;
  beforeEach(async () => {
    opened = await adapter.open();
    quotas = opened.port;
  });
  afterEach(async () => {
    await opened.close();
  });

  test('ERR2 a user starts so many calls at once and is then told how long to wait', async () => {
    for (let n = 0; n < burst; n += 1) expect(await quotas.takeDial('u1')).toBeNull();
    const waitMs = await quotas.takeDial('u1');
    expect(waitMs).toBeGreaterThan(0);
    expect(waitMs).toBeLessThanOrEqual(perMs / burst);
    expect(await quotas.takeDial('u2')).toBeNull();
  });

  test('ERR2 all at once, no more than allowed', async () => {
    const waits = await Promise.all(Array.from({ length: burst * 3 }, async () => quotas.takeDial('u1')));
    expect(waits.filter((waitMs) => waitMs === null).length).toBe(burst);
  });

  test('ERR2 a refusal takes nothing: the wait grows no longer', async () => {
    for (let n = 0; n < burst; n += 1) await quotas.takeDial('u1');
    const first = (await quotas.takeDial('u1')) ?? 0;
    for (let n = 0; n < burst; n += 1) await quotas.takeDial('u1');
    expect(await quotas.takeDial('u1')).toBeLessThanOrEqual(first);
  });
});

import { expect, test } from 'vitest';
import { createPendingRequests } from '../../src/signaling/pending.ts';

const callId = '00000000-0000-4000-8000-0000000000ca';
const report = (flow: 'lost' | 'flowing') => ({ type: 'report_media', callId, payload: { flow } }) as const;
const later = (id: string) =>
  ({ type: 'error', id, payload: { code: 'TRY_LATER', message: '', retryAfterMs: 3_000 } }) as const;

test('CALL6 what was refused for a moment is not said again after something newer of the same', async () => {
  let ids = 0;
  const pending = createPendingRequests(() => `r${String((ids += 1))}`);
  const old = pending.add(report('lost'));
  const retry = pending.settle(old.id, later(old.id));
  expect(retry).not.toBeNull();
  const next = pending.add(report('flowing'));
  expect((await old.answer).type).toBe('error');
  expect(pending.frame(retry?.retryId ?? '')).toBeNull();
  pending.settle(next.id, { type: 'ok', id: next.id, payload: {} });
  expect(pending.size).toBe(0);
});

test('CALL6 an older one that is refused after the newer one was taken is not said again', async () => {
  let ids = 0;
  const pending = createPendingRequests(() => `r${String((ids += 1))}`);
  const old = pending.add(report('lost'));
  const next = pending.add(report('flowing'));
  pending.settle(next.id, { type: 'ok', id: next.id, payload: {} });
  expect(pending.settle(old.id, later(old.id))).toBeNull();
  expect((await old.answer).type).toBe('error');
});

import { expect, test } from 'vitest';
import { createKeyedQueue } from '../src/calls/queue.ts';

const ignore = (): void => {};

test('tasks of one key run one after the other, also after one that failed', async () => {
  const queue = createKeyedQueue();
  const log: string[] = [];
  const task =
    (name: string, fails = false) =>
    async () => {
      log.push(`${name} begins`);
      await Promise.resolve();
      log.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    };
  const results = await Promise.allSettled([
    queue.run('k', task('a', true)),
    queue.run('k', task('b')),
    queue.run('k', task('c')),
  ]);
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  expect(queue.isBusy('k')).toBe(false);
});

test('tasks of different keys run side by side, and settle waits for all', async () => {
  const queue = createKeyedQueue();
  let resolve: (value: string) => void = ignore;
  const promise = new Promise<string>((done) => {
    resolve = done;
  });
  const slow = queue.run('slow', async () => promise);
  expect(await queue.run('quick', async () => 'done')).toBe('done');
  let settled = false;
  const settling = queue.settle().then(() => {
    settled = true;
  });
  await Promise.resolve();
  expect([settled, queue.isBusy('slow')]).toEqual([false, true]);
  resolve('late');
  await settling;
  expect(await slow).toBe('late');
});

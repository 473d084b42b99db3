import { describe, expect, test } from 'vitest';
import { byPosition, createBatch } from '../src/adapters/sql/batch.ts';

function createAsked(atOnce = 1) {
  const asked: { readonly keys: readonly number[]; readonly settle: (error?: Error) => void }[] = [];
  const batch = createBatch(
    async (keys: readonly number[]) =>
      new Promise<readonly string[]>((resolve, reject) => {
        const settle = (error?: Error): void => {
          if (error === undefined) resolve(keys.map(String));
          else reject(error);
        };
        asked.push({ keys, settle });
      }),
    atOnce,
  );
  return { asked, batch };
}

describe('questions', () => {
  test('are asked at once while nothing is asked', async () => {
    const { asked, batch } = createAsked();
    const one = batch(1);
    expect(asked.map(({ keys }) => keys)).toEqual([[1]]);
    asked[0]?.settle();
    expect(await one).toBe('1');
    const two = batch(2);
    asked[1]?.settle();
    expect(await two).toBe('2');
  });

  test('that come while one is under way are asked together after it, each with its own answer', async () => {
    const { asked, batch } = createAsked();
    const answers = [1, 2, 3, 2].map(batch);
    asked[0]?.settle();
    await answers[0];
    expect(asked.map(({ keys }) => keys)).toEqual([[1], [2, 3, 2]]);
    asked[1]?.settle();
    expect(await Promise.all(answers)).toEqual(['1', '2', '3', '2']);
  });

  test('do not all wait for one', async () => {
    const { asked, batch } = createAsked(2);
    const [, second, third] = [1, 2, 3].map(batch);
    expect(asked.map(({ keys }) => keys)).toEqual([[1], [2]]);
    asked[1]?.settle();
    expect(await second).toBe('2');
    asked[2]?.settle();
    expect(await third).toBe('3');
  });

  test('fail together, and the next are asked all the same', async () => {
    const { asked, batch } = createAsked();
    const [first, ...others] = [1, 2, 3].map(async (key) =>
      batch(key).catch((error: unknown) => String(error)),
    );
    asked[0]?.settle();
    expect(await first).toBe('1');
    const late = batch(4);
    asked[1]?.settle(new Error('away'));
    expect(await Promise.all(others)).toEqual(['Error: away', 'Error: away']);
    asked[2]?.settle();
    expect(await late).toBe('4');
  });

  test('are not more in one statement than it is good for', async () => {
    const { asked, batch } = createAsked();
    const answers = Array.from({ length: 300 }, (_, key) => batch(key));
    for (let n = 0; n < 3; n += 1) {
      asked[n]?.settle();
      await answers[[0, 200, 299][n] ?? 0];
    }
    expect(asked.map(({ keys }) => keys.length)).toEqual([1, 200, 99]);
  });
});

test('rows are put to the questions that they answer', () => {
  expect(
    byPosition(3, [
      { position: 3, what: 'c' },
      { position: 1, what: 'a' },
    ]),
  ).toEqual([{ position: 1, what: 'a' }, null, { position: 3, what: 'c' }]);
});

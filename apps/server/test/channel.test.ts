import { expect, test } from 'vitest';
import { createChannel } from '../src/adapters/redis/channel.ts';

/** Redis' driver, which answers when it is told to. */
function createDriver() {
  const asked: string[] = [];
  const answers: (() => void)[] = [];
  const ask = (what: string) => async (): Promise<void> => {
    asked.push(what);
    return new Promise((resolve) => {
      answers.push(resolve);
    });
  };
  const answer = async (): Promise<void> => {
    answers.shift()?.();
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  };
  return { asked, answer, driver: { subscribe: ask('subscribe'), unsubscribe: ask('unsubscribe') } };
}

const one = (): void => {};
const other = (): void => {};

test('who leaves before Redis has answered takes nobody with it who comes after', async () => {
  const { asked, answer, driver } = createDriver();
  const channel = createChannel(driver, 'c');
  void channel.add(one);
  await Promise.resolve();
  void channel.remove(one);
  const ready = channel.add(other);
  for (let n = 0; n < 3; n += 1) await answer();
  await ready;
  expect(asked).toEqual(['subscribe']);
  void channel.remove(other);
  for (let n = 0; n < 3; n += 1) await answer();
  expect(asked).toEqual(['subscribe', 'unsubscribe']);
  expect(channel.isIdle()).toBe(true);
});

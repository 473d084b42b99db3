import { LIMITS, type RequestAnswer } from '@visavis/protocol';
import { describe, expect, test, vi } from 'vitest';
import { createRecentIds } from '../src/signaling/recentIds.ts';
import { createAnswers, refuse, type Answers, type SendAnswer } from '../src/signaling/answers.ts';

const ignore = (): void => {};
const ok = (id: string): RequestAnswer => ({ type: 'ok', id, payload: {} });

/** As the gateway asks. */
function askOnce(answers: Answers, id: string, send: SendAnswer, work: (answer: SendAnswer) => void): void {
  if (answers.has(id)) answers.repeat(id, send);
  else answers.first(id, send, work);
}

describe('answers', () => {
  test('SES5 the work runs once, and everybody who asks gets its answer', () => {
    const answers = createAnswers();
    const heard: RequestAnswer[] = [];
    let finish: (answer: RequestAnswer) => void = ignore;
    const work = vi.fn((answer: (answer: RequestAnswer) => void) => {
      finish = answer;
    });
    const ask = () => {
      askOnce(answers, 'a', (answer) => heard.push(answer), work);
    };
    ask();
    ask();
    expect(heard).toEqual([]);
    finish(ok('a'));
    ask();
    expect(heard).toEqual([ok('a'), ok('a'), ok('a')]);
    expect(work).toHaveBeenCalledTimes(1);
    finish(refuse('a', 'INTERNAL'));
    expect(heard.length).toBe(3);
  });

  test.each(['INTERNAL', 'RATE_LIMITED', 'SERVER_CLOSING'] as const)(
    'SES5 after %s the same request is tried again',
    (code) => {
      const answers = createAnswers();
      const send = vi.fn();
      askOnce(answers, 'a', send, (answer) => {
        answer(refuse('a', code));
      });
      expect(answers.has('a')).toBe(false);
      askOnce(answers, 'a', send, (answer) => {
        answer(ok('a'));
      });
      expect(send).toHaveBeenLastCalledWith(ok('a'));
    },
  );

  test('SES5 other refusals stay', () => {
    const answers = createAnswers();
    const send = vi.fn();
    askOnce(answers, 'a', send, (answer) => {
      answer(refuse('a', 'FORBIDDEN'));
    });
    askOnce(answers, 'a', send, (answer) => {
      answer(ok('a'));
    });
    expect(send).toHaveBeenLastCalledWith(refuse('a', 'FORBIDDEN'));
  });

  test('SES5 the oldest answers are forgotten first', () => {
    const answers = createAnswers();
    for (let n = 0; n <= LIMITS.rememberedAnswers; n += 1) {
      const id = String(n);
      askOnce(
        answers,
        id,
        () => {},
        (answer) => {
          answer(ok(id));
        },
      );
    }
    expect(answers.has('0')).toBe(false);
    expect(answers.has('1')).toBe(true);
    expect(answers.has(String(LIMITS.rememberedAnswers))).toBe(true);
  });

  test('SES5 an answer that is late for a request which is forgotten by then changes nothing', () => {
    const answers = createAnswers();
    const heard: RequestAnswer[] = [];
    let finish: SendAnswer = ignore;
    answers.first(
      'slow',
      (answer) => heard.push(answer),
      (answer) => (finish = answer),
    );
    for (let n = 0; n <= LIMITS.rememberedAnswers; n += 1)
      answers.first(String(n), ignore, (answer) => answer(refuse(String(n), 'FORBIDDEN')));
    expect(answers.has('slow')).toBe(false);
    finish(ok('slow'));
    expect(heard).toEqual([ok('slow')]);
  });
});

const idOf = (n: number): string => `${'0'.repeat(n % 3)}${n}-${(n * 7_919) % 13}`;

/** Two that have the same 64 bits: found by following the hash until two ways met, for some 10^9 steps. */
const [TWIN, OTHER_TWIN] = ['yPFm21iGqrO', 'LOA_GlOa9YL'];

describe('recent ids', () => {
  test('two that collide are taken for the same, until both have been forgotten', () => {
    const recent = createRecentIds(2);
    recent.add(TWIN);
    expect(recent.has(OTHER_TWIN)).toBe(true);
    // Put in both times, one of them goes and the other one stays.
    recent.add(OTHER_TWIN);
    recent.add('a');
    expect([TWIN, OTHER_TWIN, 'a'].map((id) => recent.has(id))).toEqual([true, true, true]);
    recent.add('b');
    expect([TWIN, OTHER_TWIN, 'a', 'b'].map((id) => recent.has(id))).toEqual([false, false, true, true]);
  });

  test('SES5 whose ids collide gets done once what was asked for twice, by that device alone', () => {
    const work = vi.fn((id: string) => (answer: SendAnswer) => answer(ok(id)));
    const heard: RequestAnswer[] = [];
    const ask = (answers: Answers, id: string): void =>
      askOnce(answers, id, (answer) => heard.push(answer), work(id));
    const one = createAnswers();
    const other = createAnswers();
    ask(one, TWIN);
    expect([one.has(OTHER_TWIN), other.has(OTHER_TWIN)]).toEqual([true, false]);
    ask(one, OTHER_TWIN);
    ask(other, OTHER_TWIN);
    // Each request is answered by its own id.
    expect(heard).toEqual([ok(TWIN), ok(OTHER_TWIN), ok(OTHER_TWIN)]);
  });

  test('of any ids the last ones are known, and no other, whichever share their lowest bits', () => {
    const most = LIMITS.rememberedAnswers;
    const recent = createRecentIds(most);
    for (let n = 0; n < 20 * most; n += 1) {
      recent.add(idOf(n));
      const known = [n, n - 1, n - most + 1].filter((each) => each >= 0);
      const gone = [n - most, n + 1].filter((each) => each >= 0);
      expect(known.every((each) => recent.has(idOf(each)))).toBe(true);
      expect(gone.some((each) => recent.has(idOf(each)))).toBe(false);
    }
  });

  test('as many as there is room for, the oldest forgotten first', () => {
    const recent = createRecentIds(4);
    expect(recent.has('')).toBe(false);
    for (const id of ['a', 'b', 'c', 'd', 'e']) recent.add(id);
    expect(['a', 'b', 'c', 'd', 'e', ''].filter((id) => recent.has(id))).toEqual(['b', 'c', 'd', 'e']);
  });

  test('no two of many ids are taken for the same', () => {
    const most = 4_096;
    const recent = createRecentIds(most);
    for (let n = 0; n < most; n += 1) {
      expect(recent.has(idOf(n))).toBe(false);
      recent.add(idOf(n));
    }
    // One character, its place, or two that change places.
    for (const id of ['ab', 'ba', 'aab', 'aba', 'baa', 'b', '-', '_']) {
      expect(recent.has(id)).toBe(false);
      recent.add(id);
    }
  });
});

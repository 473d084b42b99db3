import { LIMITS, type RequestAnswer } from '@visavis/protocol';
import { describe, expect, test, vi } from 'vitest';
import { createAnswers, refuse } from '../src/signaling/answers.ts';

const ignore = (): void => {};
const ok = (id: string): RequestAnswer => ({ type: 'ok', id, payload: {} });

describe('answers', () => {
  test('SES5 the work runs once, and everybody who asks gets its answer', () => {
    const answers = createAnswers();
    const heard: RequestAnswer[] = [];
    let finish: (answer: RequestAnswer) => void = ignore;
    const work = vi.fn((answer: (answer: RequestAnswer) => void) => {
      finish = answer;
    });
    const ask = () => {
      answers.answerOnce('a', (answer) => heard.push(answer), work);
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
      answers.answerOnce('a', send, (answer) => {
        answer(refuse('a', code));
      });
      expect(answers.has('a')).toBe(false);
      answers.answerOnce('a', send, (answer) => {
        answer(ok('a'));
      });
      expect(send).toHaveBeenLastCalledWith(ok('a'));
    },
  );

  test('SES5 other refusals stay', () => {
    const answers = createAnswers();
    const send = vi.fn();
    answers.answerOnce('a', send, (answer) => {
      answer(refuse('a', 'FORBIDDEN'));
    });
    answers.answerOnce('a', send, (answer) => {
      answer(ok('a'));
    });
    expect(send).toHaveBeenLastCalledWith(refuse('a', 'FORBIDDEN'));
  });

  test('SES5 the oldest answers are forgotten first', () => {
    const answers = createAnswers();
    for (let n = 0; n <= LIMITS.rememberedAnswers; n += 1) {
      const id = String(n);
      answers.answerOnce(
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
});

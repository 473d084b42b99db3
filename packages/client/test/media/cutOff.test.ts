import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  CUT_OFF_MS,
  isCutOff,
  QUIET_MS,
  stepWatch,
  UNWATCHED,
  type Look,
  type Watch,
} from '../../src/media/forwarded/cutOff.ts';
import { createSfuBench, NO_TRACKS, published, settle } from './fakeSfu.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

const look = (now: number, change: Partial<Look> = {}): Look => ({
  sent: ['sound', 'picture'],
  withheld: [],
  arrived: false,
  now,
  ...change,
});
const after = (...looks: readonly Look[]): Watch => looks.reduce(stepWatch, UNWATCHED);

describe('GRP11 who is cut off', () => {
  it('GRP11 is whoever sends and of whom nothing has come for a while', () => {
    const watch = after(look(0, { arrived: true }), look(500));
    expect(isCutOff(watch, CUT_OFF_MS - 1)).toBe(false);
    expect(isCutOff(watch, CUT_OFF_MS)).toBe(true);
    expect(isCutOff(stepWatch(watch, look(9_000, { arrived: true })), 9_000)).toBe(false);
  });

  it('GRP11 is nobody of whom nothing has come yet, or who sends nothing', () => {
    expect(isCutOff(after(look(0)), 60_000)).toBe(false);
    expect(isCutOff(after(look(0, { arrived: true }), look(500, { sent: [] })), 60_000)).toBe(false);
  });

  it('GRP11 who begins to send again has time to', () => {
    const watch = after(
      look(0, { arrived: true }),
      look(500, { sent: [] }),
      look(60_000, { sent: ['sound'] }),
    );
    expect(isCutOff(watch, 60_000 + CUT_OFF_MS - 1)).toBe(false);
    expect(isCutOff(watch, 60_000 + CUT_OFF_MS)).toBe(true);
  });

  it('GRP11 is nobody whose picture is withheld because the way to here is narrow', () => {
    const only = { sent: ['picture'], withheld: ['picture'] };
    const watch = after(look(0, { sent: ['picture'], arrived: true }), look(QUIET_MS - 1, only));
    expect(isCutOff(stepWatch(watch, look(9_000, only)), 9_000)).toBe(false);
  });

  it('GRP11 is whose picture is withheld because none has come to the media server either', () => {
    const only = { sent: ['picture'], withheld: ['picture'] };
    const watch = after(
      look(0, { sent: ['picture'], arrived: true }),
      look(QUIET_MS, only),
      look(4_000, only),
    );
    expect(isCutOff(watch, 4_000)).toBe(true);
  });
});

describe('GRP11 what shows it', () => {
  const ben = [published('microphone'), published('camera')];
  async function begun(tracks = ben) {
    const bench = createSfuBench({ local: NO_TRACKS });
    bench.publish(tracks);
    bench.media.start();
    await settle();
    for (const transport of bench.transports) transport.become('connected');
    const remote = () => bench.media.getState().remotes.get('ben');
    const pass = async (ms: number, each: () => void = () => undefined) => {
      for (let passed = 0; passed < ms; passed += 500) {
        each();
        bench.timers.advance(500);
        await settle();
      }
    };
    return { bench, pass, isShown: () => remote()?.isCutOff };
  }

  it('GRP11 is said within 2 s of the last sound or picture, and no more with the next', async () => {
    const { bench, pass, isShown } = await begun();
    await pass(3_000, () => bench.play('ben-camera'));
    expect(isShown()).toBe(false);
    await pass(1_000);
    expect(isShown()).toBe(false);
    await pass(1_000);
    expect(isShown()).toBe(true);
    await pass(500, () => bench.play('ben-microphone'));
    expect(isShown()).toBe(false);
  });

  it('GRP11 packets that come and are not played are something', async () => {
    const { bench, pass, isShown } = await begun();
    await pass(500, () => bench.play('ben-microphone'));
    await pass(6_000, () => bench.deliver('ben-microphone'));
    expect(isShown()).toBe(false);
    await pass(2_000);
    expect(isShown()).toBe(true);
  });

  it('GRP11 what came before somebody was played again is not taken for news', async () => {
    const { bench, pass, isShown } = await begun();
    const both = () => {
      bench.play('ben-camera');
      bench.deliver('ben-camera');
    };
    await pass(500, both);
    await pass(1_500);
    await pass(3_000, both);
    await pass(2_000);
    expect(isShown()).toBe(true);
  });

  it('GRP11 whoever is muted and has no camera is not waited for', async () => {
    const { bench, pass, isShown } = await begun();
    await pass(1_000, () => bench.play('ben-camera'));
    bench.tell([published('microphone', { paused: true }), published('camera', { paused: true })]);
    await pass(30_000);
    expect(isShown()).toBe(false);
  });

  it('GRP11 a screen that stands still is no lost connection', async () => {
    const { bench, pass, isShown } = await begun([
      published('microphone', { paused: true }),
      published('screen'),
    ]);
    await pass(1_000, () => bench.play('ben-screen'));
    await pass(30_000);
    expect(isShown()).toBe(false);
  });
});

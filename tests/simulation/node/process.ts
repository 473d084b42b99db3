import type { Clock } from '@visavis/server';
import { count, type World } from '../world.ts';

/** A process of a node: it can be killed between any two steps and stopped at any time. Dead, it does nothing any more. */
export interface Process {
  readonly name: string;
  readonly clock: Clock;
  isAlive(): boolean;
  isPaused(): boolean;
  /** Something comes in from outside: now, when the process goes on, or never. */
  enter(task: () => void): void;
  /** Something is to go out. @returns false when the process does not live to do it */
  leave(): boolean;
  /** Asks something outside. Never settles for a dead process. */
  ask<Result>(
    send: (resolve: (result: Result) => void, reject: (error: unknown) => void) => void,
  ): Promise<Result>;
  /** SIGKILL, at once or before the n-th thing that goes out from now on. */
  kill(afterSteps?: number): void;
  /** SIGSTOP, and SIGCONT after that time. */
  pause(forMs: number): void;
  /** Its clock is so far ahead of the true time from now on, in ms. */
  setSkew(ms: number): void;
  onDeath(handle: () => void): void;
}

/** @param firstSkewMs - how far its clock is ahead of the true time at first */
export function createProcess(world: World, name: string, firstSkewMs: number): Process {
  let skewMs = firstSkewMs;
  const { clock } = world;
  let isAlive = true;
  let pausedUntil = 0;
  let stepsLeft = Infinity;
  let backlog: (() => void)[] = [];
  const deathHandlers: (() => void)[] = [];

  const isPaused = (): boolean => clock.now() < pausedUntil;
  const guarded = (task: () => void): void => {
    try {
      task();
    } catch (error) {
      world.fail(error);
    }
  };
  const enter = (task: () => void): void => {
    if (!isAlive) return;
    if (isPaused() || backlog.length > 0) backlog.push(task);
    else guarded(task);
  };
  const goOn = (): void => {
    if (isPaused()) return;
    const next = backlog.shift();
    if (next === undefined || !isAlive) return;
    guarded(next);
    // One at a time: what follows from each happens before the next.
    if (backlog.length > 0) clock.after(0, goOn);
  };
  const die = (): void => {
    if (!isAlive) return;
    isAlive = false;
    backlog = [];
    world.note(() => `${name} dies`);
    for (const handle of deathHandlers) clock.after(0, handle);
  };
  const leave = (): boolean => {
    if (!isAlive) return false;
    stepsLeft -= 1;
    if (isAlive && stepsLeft <= 0) {
      count(world, 'deathsBetweenSteps');
      die();
    }
    return isAlive;
  };

  return {
    name,
    isAlive: () => isAlive,
    isPaused,
    enter,
    leave,
    ask: async (send) =>
      new Promise((resolve, reject) => {
        if (!leave()) return;
        send(
          (result) => enter(() => resolve(result)),
          (error) => enter(() => reject(error instanceof Error ? error : new Error(String(error)))),
        );
      }),
    kill: (afterSteps = 0) => {
      if (afterSteps === 0) die();
      else stepsLeft = afterSteps;
    },
    pause: (forMs) => {
      pausedUntil = clock.now() + forMs;
      world.note(() => `${name} stands still for ${String(forMs)} ms`);
      clock.after(forMs, goOn);
    },
    setSkew: (ms) => {
      skewMs = ms;
      world.note(() => `the clock of ${name} is ${String(ms)} ms ahead`);
    },
    onDeath: (handle) => {
      deathHandlers.push(handle);
    },
    clock: {
      now: () => clock.now() + skewMs,
      schedule: (delayMs, task) => {
        if (!isAlive) return () => {};
        let isCancelled = false;
        const cancel = clock.after(delayMs, () => {
          enter(() => {
            if (!isCancelled) task();
          });
        });
        return () => {
          isCancelled = true;
          cancel();
        };
      },
    },
  };
}

import { latency, type World } from '../world.ts';

/** One TCP connection: each direction keeps its order and takes its own time. */
export interface Path {
  up(arrive: () => void): void;
  down(arrive: () => void): void;
  /** What is under way waits, and arrives in order when the path is open again: TCP sends it again until then. */
  stall(): void;
  open(): void;
  isOpen(): boolean;
  /** The connection is gone, and with it what was under way. */
  reset(): void;
}

export function createPath(world: World, slowMs: number): Path {
  const { clock } = world;
  let epoch = 0;
  let isOpen = true;
  let waiting: (() => void)[] = [];
  const direction = () => {
    let freeAt = 0;
    return (arrive: () => void): void => {
      const sentIn = epoch;
      const deliver = (): void => {
        if (sentIn !== epoch) return;
        if (isOpen && waiting.length === 0) arrive();
        else waiting.push(deliver);
      };
      freeAt = Math.max(freeAt, clock.now() + latency(world, slowMs));
      clock.after(freeAt - clock.now(), deliver);
    };
  };
  const release = (): void => {
    if (!isOpen) return;
    const arrived = waiting;
    waiting = [];
    for (const deliver of arrived) clock.after(0, deliver);
  };
  return {
    up: direction(),
    down: direction(),
    isOpen: () => isOpen,
    stall: () => {
      isOpen = false;
    },
    open: () => {
      isOpen = true;
      clock.after(0, release);
    },
    reset: () => {
      epoch += 1;
      waiting = [];
    },
  };
}

/** Virtual time: nothing happens but what was asked for, in order of time, then in the order in which it was asked for. */
export interface VirtualClock {
  now(): number;
  /** @returns a function that cancels it */
  after(delayMs: number, run: () => void): () => void;
  /** @returns false when nothing is left to do */
  runNext(): boolean;
}

interface Task {
  readonly at: number;
  readonly order: number;
  run: (() => void) | null;
}

const isBefore = (one: Task, other: Task): boolean =>
  one.at === other.at ? one.order < other.order : one.at < other.at;

/** @param startAt - wall time in ms */
export function createVirtualClock(startAt: number): VirtualClock {
  const heap: Task[] = [];
  let now = startAt;
  let order = 0;

  function swap(one: number, other: number): void {
    const [first, second] = [heap[one], heap[other]];
    if (first === undefined || second === undefined) return;
    heap[one] = second;
    heap[other] = first;
  }
  const isSmaller = (one: number, other: number): boolean => {
    const [first, second] = [heap[one], heap[other]];
    return first !== undefined && second !== undefined && isBefore(first, second);
  };
  function push(task: Task): void {
    let index = heap.push(task) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isSmaller(index, parent)) return;
      swap(index, parent);
      index = parent;
    }
  }
  function pop(): Task | undefined {
    swap(0, heap.length - 1);
    const first = heap.pop();
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const child = isSmaller(left + 1, left) ? left + 1 : left;
      if (!isSmaller(child, index)) return first;
      swap(child, index);
      index = child;
    }
  }

  return {
    now: () => now,
    after(delayMs, run) {
      const task: Task = { at: now + Math.max(0, delayMs), order: (order += 1), run };
      push(task);
      return () => {
        task.run = null;
      };
    },
    runNext() {
      for (;;) {
        const task = pop();
        if (task === undefined) return false;
        if (task.run === null) continue;
        now = task.at;
        task.run();
        return true;
      }
    },
  };
}

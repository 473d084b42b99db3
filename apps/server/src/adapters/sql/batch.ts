/** More: smaller batches; one alone: all wait for it, also when its connection is a dead one. */
const STATEMENTS_AT_ONCE = 2;
/** A statement that is slow for many is still far quicker than many statements. Larger: more is lost with one that fails. */
const MOST_AT_ONCE = 200;

interface Waiting<Key, Value> {
  readonly key: Key;
  readonly resolve: (value: Value) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Makes one question of many. The first are asked at once; what comes while they are under way is asked together when one has its
 * answer. So nobody gets an answer to what was asked before they came, and nobody waits while nothing is asked.
 *
 * @param ask - gives a value for each key, in their order; where it fails, it fails for all of them
 */
export function createBatch<Key, Value>(
  ask: (keys: readonly Key[]) => Promise<readonly Value[]>,
  atOnce = STATEMENTS_AT_ONCE,
): (key: Key) => Promise<Value> {
  let waiting: Waiting<Key, Value>[] = [];
  let asking = 0;

  const askNext = async (): Promise<void> => {
    const batch = waiting.slice(0, MOST_AT_ONCE);
    waiting = waiting.slice(MOST_AT_ONCE);
    try {
      const values = await ask(batch.map(({ key }) => key));
      if (values.length !== batch.length) throw new Error('not as many answers as questions');
      for (const [n, value] of values.entries()) batch[n]?.resolve(value);
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };
  const askAll = async (): Promise<void> => {
    asking += 1;
    while (waiting.length > 0) await askNext();
    asking -= 1;
  };

  return async (key) =>
    new Promise((resolve, reject) => {
      waiting.push({ key, resolve, reject });
      if (asking < atOnce) void askAll();
    });
}

/** Puts rows to the questions that they answer. @param rows - with the place of the question, from 1 */
export function byPosition<Row extends { readonly position: number }>(
  count: number,
  rows: readonly Row[],
): readonly (Row | null)[] {
  const found = new Map(rows.map((row) => [row.position, row]));
  return Array.from({ length: count }, (_, n) => found.get(n + 1) ?? null);
}

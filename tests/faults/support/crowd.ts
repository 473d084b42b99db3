import { createSeededRandom } from '../../integration/support/random.ts';
import { until } from '../../harness/until.ts';
import { createDeviceLedger, type DeviceLedger } from './ledger.ts';
import { Person, type Habits } from './person.ts';
import type { SeededDevice } from './population.ts';

/** How often somebody dials. */
const PACE_MS = 70;
/** How many calls go on for a whole run. */
const LASTING = 20;
const CALM_MS = 60_000;

/** Hundreds of people with devices who call each other. */
export interface Crowd {
  readonly size: number;
  countRegistered(): number;
  /** Everybody is connected, and nobody in a call. */
  awaitCalm(): Promise<void>;
  /** From now on people call each other; some of them talk until {@link Crowd.finish}. */
  start(): Promise<void>;
  /** Nobody dials any more, and what goes on is ended. @returns what everybody asked for and was told since the start */
  finish(): Promise<readonly DeviceLedger[]>;
  close(): void;
}

export function createCrowd(url: string, groups: readonly (readonly SeededDevice[])[], seed: number): Crowd {
  const random = createSeededRandom(seed);
  const habits: Habits = { random, isOver: false };
  const circles = groups.map((group) => group.map((account) => new Person(url, account, habits)));
  const people = circles.flat();
  let dialing: NodeJS.Timeout | null = null;

  const pickPair = (): readonly [Person, Person] | null => {
    const circle = random.pick(circles);
    const caller = random.pick(circle);
    const callee = random.pick(circle);
    // Once in a while somebody is called who talks already.
    const mayDisturb = random.next() < 0.1;
    const fits = caller.userId !== callee.userId && caller.isIdle && (callee.isIdle || mayDisturb);
    return fits && !isOfLasting(callee) ? [caller, callee] : null;
  };
  const lasting = new Set<string>();
  const isOfLasting = ({ userId }: Person): boolean => lasting.has(userId);

  const startLasting = async (): Promise<void> => {
    lasting.clear();
    const pairs: [Person, Person][] = [];
    for (const circle of circles) {
      const alone = circle.filter(
        ({ userId }) => circle.filter((other) => other.userId === userId).length === 1,
      );
      const [caller, callee] = alone;
      if (caller !== undefined && callee !== undefined && pairs.length < LASTING)
        pairs.push([caller, callee]);
    }
    for (const pair of pairs) for (const { userId } of pair) lasting.add(userId);
    for (const [caller, callee] of pairs) caller.dial(callee, true);
    await until(
      'the calls that last are connected',
      () => pairs.flat().every(({ live }) => live[0]?.phase === 'joined' && live[0].flow === 'flowing'),
      CALM_MS,
    );
  };

  const awaitCalm = async (): Promise<void> => {
    try {
      await until(
        'everybody is connected and nobody in a call',
        () => people.every(({ isIdle, simulated }) => isIdle && simulated.isRegistered),
        CALM_MS,
      );
    } catch (error) {
      const left = people.filter(({ isIdle, simulated }) => !isIdle || !simulated.isRegistered);
      const words = left.map((each) => each.describe());
      throw new Error(`The crowd does not come to rest:\n${words.join('\n')}`, { cause: error });
    }
  };

  return {
    size: people.length,
    countRegistered: () => people.filter(({ simulated }) => simulated.isRegistered).length,
    awaitCalm,
    start: async () => {
      habits.isOver = false;
      for (const { simulated, userId } of people)
        simulated.ledger = createDeviceLedger(userId, simulated.account.deviceId);
      await startLasting();
      dialing = setInterval(() => {
        const pair = pickPair();
        if (pair !== null) pair[0].dial(pair[1]);
      }, PACE_MS);
    },
    finish: async () => {
      if (dialing !== null) clearInterval(dialing);
      habits.isOver = true;
      await awaitCalm();
      return people.map(({ simulated }) => simulated.ledger);
    },
    close: () => {
      if (dialing !== null) clearInterval(dialing);
      for (const person of people) person.close();
    },
  };
}

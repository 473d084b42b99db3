import { Unavailable } from '@visavis/server';
import type { Process } from '../node/process.ts';
import { count, latency, type World } from '../world.ts';
import type { Query } from './calls.ts';
import type { Tables } from './tables.ts';

/** A database and whether it runs. */
export interface DatabasePlace {
  readonly tables: Tables;
  isUp(): boolean;
}

/** What one process has of the database: a pool of connections, so that statements overtake each other. */
export interface DatabaseLink {
  readonly query: Query;
  /** Neither side hears the other, and neither knows. */
  stall(): void;
  open(): void;
  /** Every connection breaks: what was asked may have been done. */
  breakAll(): void;
}

/** How long an answer is waited for, as in the settings of the driver. */
const QUERY_MS = 7_000;
const SLOW_MS = 400;
/** Of statements that have happened, the share whose connection breaks before the answer. */
const LOST = 0.001;
/** What counts as late. */
const LATE_MS = 200;

export function createDatabaseLink(world: World, process: Process, place: DatabasePlace): DatabaseLink {
  const { clock } = world;
  const unanswered = new Set<() => void>();
  let isOpen = true;
  return {
    stall: () => {
      isOpen = false;
    },
    open: () => {
      isOpen = true;
    },
    breakAll: () => {
      for (const fail of Array.from(unanswered)) fail();
    },
    query: async (statement) =>
      process.ask((resolve, reject) => {
        const fail = (): void => {
          unanswered.delete(fail);
          cancelTimeout();
          reject(new Unavailable('the database does not answer'));
        };
        const askedAt = clock.now();
        const cancelTimeout = clock.after(QUERY_MS, fail);
        unanswered.add(fail);
        const answer = (give: () => void): void => {
          clock.after(latency(world, SLOW_MS), () => {
            // On the way back from a database that cannot be heard the answer is lost: the statement has happened.
            if (!isOpen || !unanswered.has(fail)) {
              count(world, 'lostAnswers');
              return;
            }
            if (world.random.chance(LOST)) {
              count(world, 'lostAnswers');
              fail();
              return;
            }
            unanswered.delete(fail);
            if (clock.now() - askedAt > LATE_MS) count(world, 'lateAnswers');
            cancelTimeout();
            give();
          });
        };
        clock.after(latency(world, SLOW_MS), () => {
          if (!isOpen) return;
          if (!place.isUp()) {
            fail();
            return;
          }
          try {
            const result = statement(place.tables);
            world.detail(
              () => `${process.name} asked the database ${statement.toString()}: ${JSON.stringify(result)}`,
            );
            answer(() => resolve(result));
          } catch (error) {
            answer(() => reject(error));
          }
        });
      }),
  };
}

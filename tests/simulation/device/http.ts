import type { Presence } from '@visavis/protocol';
import type { Tables } from '../database/tables.ts';
import type { NodeRun, SimulatedNode } from '../node/node.ts';
import { audienceOf, type Population } from '../node/population.ts';
import { latency, type World } from '../world.ts';
import type { SimulatedHttp } from './device.ts';

const SLOW_MS = 300;
/** How long a page waits for an answer, and then before it asks again. */
const PATIENCE_MS = 5_000;
const RETRY_MS = 1_000;

/** What pages ask over HTTP, of any node, until they are told. */
export function createHttp(
  world: World,
  nodes: readonly SimulatedNode[],
  tables: Tables,
  { people }: Population,
): SimulatedHttp {
  const { clock, random } = world;
  const ask = async <Result>(work: (run: NodeRun) => Promise<Result>): Promise<Result> =>
    new Promise((resolve) => {
      let isOver = false;
      const again = (): void => {
        if (isOver) return;
        isOver = true;
        clock.after(RETRY_MS, () => {
          resolve(ask(work));
        });
      };
      const run = random.pick(nodes)?.run();
      clock.after(PATIENCE_MS, again);
      clock.after(latency(world, SLOW_MS), () => {
        run?.process.enter(() => {
          if (run.core() === null) return;
          work(run).then((result) => {
            if (!run.process.leave()) return;
            clock.after(latency(world, SLOW_MS), () => {
              isOver = true;
              resolve(result);
            });
          }, again);
        });
      });
    });

  return {
    loadEnd: async (callId) =>
      ask(async ({ database }) =>
        database.query(() => {
          const call = tables.calls.get(callId)?.call;
          if (call === undefined || !('endReason' in call)) return null;
          const { endReason: reason, connectedAt, endedAt } = call;
          return { reason, durationMs: connectedAt === null ? null : Math.max(0, endedAt - connectedAt) };
        }),
      ),
    loadPresence: async (viewerId) =>
      ask(async ({ core }) => {
        const shown = [...people.keys()].filter((userId) => audienceOf(people, userId).includes(viewerId));
        const states = await Promise.all(
          shown.map(async (userId): Promise<[string, Presence]> => [
            userId,
            (await core()?.people.presenceOf(userId)) ?? 'offline',
          ]),
        );
        return new Map(states);
      }),
  };
}

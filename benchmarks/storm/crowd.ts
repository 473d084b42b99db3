/** One of many devices in a storm. */
export interface Member {
  /** Sends the next number to its partner, if it has one. Resolves when the server has said that it is sent. */
  readonly send: ((n: number) => Promise<boolean>) | null;
  /** The numbers that its partner has got from it, in the order in which they came. */
  readonly arrived: readonly number[];
  readonly isBack: () => boolean;
  /** When it was last cut off and was there again, by `performance.now()`. */
  readonly lostAt: () => number | null;
  readonly backAt: () => number | null;
  readonly isResumed: () => boolean;
  close(): void;
}

export interface StormOutcome {
  readonly cutOff: number;
  readonly back: number;
  readonly resumed: number;
  /** ms from being cut off to being there again, back-off included. */
  readonly times: readonly number[];
  readonly sent: number;
  readonly lost: number;
  readonly doubled: number;
  /** Processor time from the kill until everybody was back, in ms, by what used it. */
  readonly spent: Readonly<Record<string, number>>;
}

/** Processor time that something has used so far, in ms, by its name. */
export type Spending = Readonly<Record<string, () => number>>;

const EVERY_MS = 200;
const CALM_MS = 3_000;
const LONGEST_MS = 60_000;

/** Has members talk, kills a node under them, and counts what became of what they said. */
export async function playStorm(
  members: readonly Member[],
  kill: () => Promise<void>,
  spending: Spending,
): Promise<StormOutcome> {
  const talkers = members.filter(({ send }) => send !== null);
  const sent = new Map<Member, Set<number>>(talkers.map((member) => [member, new Set()]));
  const running = new Set<Promise<void>>();
  let n = 0;
  const talk = setInterval(() => {
    n += 1;
    for (const member of talkers) {
      const number = n;
      const sending = (member.send?.(number) ?? Promise.resolve(false)).then((isSent) => {
        if (isSent) sent.get(member)?.add(number);
        running.delete(sending);
      });
      running.add(sending);
    }
  }, EVERY_MS);
  await pause(CALM_MS);
  const before = readAll(spending);
  const killedAt = performance.now();
  await kill();
  await waitFor(() => members.some((member) => (member.lostAt() ?? 0) >= killedAt), LONGEST_MS);
  await waitFor(() => members.every((member) => member.isBack()), LONGEST_MS);
  const spent = Object.entries(readAll(spending)).map(([name, ms]): readonly [string, number] => [
    name,
    ms - (before[name] ?? 0),
  ]);
  await pause(CALM_MS);
  clearInterval(talk);
  await Promise.race([Promise.all(running), pause(CALM_MS * 3)]);
  await pause(CALM_MS);

  const cutOff = members.filter((member) => (member.lostAt() ?? 0) >= killedAt);
  const back = cutOff.filter((member) => member.isBack());
  let lost = 0;
  let doubled = 0;
  let count = 0;
  for (const [member, numbers] of sent) {
    const heard = new Set(member.arrived);
    count += numbers.size;
    doubled += member.arrived.length - heard.size;
    for (const number of numbers) if (!heard.has(number)) lost += 1;
  }
  return {
    cutOff: cutOff.length,
    back: back.length,
    resumed: back.filter((member) => member.isResumed()).length,
    times: back.map((member) => (member.backAt() ?? 0) - (member.lostAt() ?? 0)),
    sent: count,
    lost,
    doubled,
    spent: Object.fromEntries<number>(spent),
  };
}

const readAll = (spending: Spending): Record<string, number> =>
  Object.fromEntries(Object.entries(spending).map(([name, read]) => [name, read()]));

async function waitFor(holds: () => boolean, longestMs: number): Promise<void> {
  const deadline = performance.now() + longestMs;
  while (!holds() && performance.now() < deadline) await pause(20);
}

const pause = async (ms: number): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, ms));
};

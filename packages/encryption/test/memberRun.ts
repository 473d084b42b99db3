import type { HeardKeys, SaidKeys } from '../src/member/index.ts';
import { createRandom } from './frameFixtures.ts';
import { type Given, type Played, identityOf, playMember } from './memberBench.ts';
import { ModelDelivery } from './modelDelivery.ts';
import { type VirtualClock, createVirtualClock } from './virtualClock.ts';

/** In ms. */
const DELAYS = {
  least: 5,
  most: 80,
  lostLeast: 500,
  lostMost: 4_000,
  outage: 3_500,
  settle: 40_000,
  removed: 500,
};

/** One stay of a device: from when its member was made until it left, was reloaded, or the run is over. */
interface Stay {
  readonly device: string;
  readonly played: Played;
  readonly from: number;
  to: number | null;
  /** When nothing was left of it in the group; null while something is. */
  goneAt: number | null;
  /** What is on its way to it; of another session after that was lost. */
  session: number;
  /** When what is on its way arrives at the earliest: nothing overtakes. */
  upAt: number;
  downAt: number;
}

export interface RunCounts {
  joins: number;
  leaves: number;
  reloads: number;
  lostSessions: number;
  lostCommits: number;
  commits: number;
  stale: number;
  resets: number;
  reproposed: number;
  epochs: number;
  /** Times from a removal's proposal until everybody sends under another key, in ms, sorted. */
  removals: number[];
}

/** A call with real members over a model of the server, in virtual time: what goes wrong in networks goes wrong here, by a seed. */
export class MemberRun {
  readonly #clock: VirtualClock = createVirtualClock();
  readonly #random: (below: number) => number;
  readonly #names: readonly string[];
  readonly #stays: Stay[] = [];
  readonly #leftAt: { readonly stay: Stay; readonly at: number }[] = [];
  readonly #counts = { joins: 0, leaves: 0, reloads: 0, lostSessions: 0, lostCommits: 0 };
  /** Nothing is lost. */
  readonly #isCalm: boolean;
  /** Until then no commit arrives. */
  #outageUntil = 0;
  #delivery!: ModelDelivery;

  private constructor(seed: number, devices: number, isCalm: boolean) {
    this.#isCalm = isCalm;
    this.#random = createRandom(seed);
    this.#names = Array.from({ length: devices }, (_, index) => `device ${index}`);
  }

  static async start(seed: number, devices: number, isCalm = false): Promise<MemberRun> {
    const run = new MemberRun(seed, devices, isCalm);
    run.#delivery = await ModelDelivery.start(run.#clock, (device, event) => run.#send(device, event));
    return run;
  }

  /** Comings and goings, and then rest; everything is checked on the way and at the end. */
  async run(steps: number): Promise<RunCounts> {
    for (let step = 0; step < steps; step += 1) {
      await this.#act();
      await this.#pass(50 + this.#random(this.#random(3) === 0 ? 1_500 : 200));
    }
    if (this.#delivery.joined.size < 2) {
      await this.#join('device 0');
      await this.#join('device 1');
    }
    await this.#pass(DELAYS.settle);
    this.#checkAgreement();
    this.#checkPast();
    const removals = this.#checkRemoved();
    return { ...this.#counts, ...this.#delivery.counts, epochs: this.#delivery.changes.length, removals };
  }

  async #act(): Promise<void> {
    const inside = [...this.#delivery.joined];
    const outside = this.#names.filter((name) => !this.#delivery.joined.has(name));
    const what = this.#random(10);
    if (outside.length > 0 && (what < 4 || inside.length < 3)) return this.#join(this.#pick(outside));
    const device = this.#pick(inside);
    if (what < 7) return this.#leave(device);
    if (what < 8 || this.#isCalm) return this.#reload(device);
    if (this.#random(6) > 0) return this.#loseSession(device);
    this.#outageUntil = this.#clock.now() + DELAYS.outage;
    this.#leave(device);
  }

  async #join(device: string): Promise<void> {
    if (this.#delivery.joined.has(device)) return;
    this.#counts.joins += 1;
    this.#delivery.enter(device);
    await this.#begin(device);
  }

  async #begin(device: string): Promise<void> {
    const identity = await identityOf(device);
    const holder: { stay: Stay | null } = { stay: null };
    const played = playMember(this.#clock, identity, (request, said) => {
      if (holder.stay !== null) this.#ask(holder.stay, request, said);
    });
    const now = this.#clock.now();
    holder.stay = { device, played, from: now, to: null, goneAt: null, session: 0, upAt: 0, downAt: 0 };
    this.#stays.push(holder.stay);
  }

  #end(device: string): void {
    const stay = this.#current(device);
    if (stay === undefined) return;
    stay.played.close();
    stay.to = this.#clock.now();
    this.#leftAt.push({ stay, at: this.#clock.now() });
  }

  #leave(device: string): void {
    this.#counts.leaves += 1;
    this.#end(device);
    this.#delivery.leave(device);
  }

  /** The page is loaded anew: a new member for the same device. */
  async #reload(device: string): Promise<void> {
    this.#counts.reloads += 1;
    this.#end(device);
    await this.#begin(device);
  }

  /** What is on its way to the device is lost, and it hears that its session is a fresh one. */
  #loseSession(device: string): void {
    const stay = this.#current(device);
    if (stay === undefined) return;
    this.#counts.lostSessions += 1;
    stay.session += 1;
    this.#later(stay, 'down', () => stay.played.hear({ type: 'fresh_session' }));
  }

  #current = (device: string): Stay | undefined =>
    this.#stays.find((stay) => stay.device === device && stay.to === null);

  #send(device: string, event: HeardKeys): void {
    const stay = this.#current(device);
    if (stay === undefined) return;
    const { session } = stay;
    // Whatever the server says twice is heard twice.
    const times = this.#random(20) === 0 ? 2 : 1;
    for (let time = 0; time < times; time += 1) {
      this.#later(stay, 'down', () => {
        if (stay.session === session) stay.played.hear(event);
      });
    }
  }

  #ask(stay: Stay, request: number, said: SaidKeys): void {
    const isOut = this.#clock.now() < this.#outageUntil;
    const isLost = said.type === 'commit_keys' && !this.#isCalm && (isOut || this.#random(6) === 0);
    if (isLost) this.#counts.lostCommits += 1;
    const ask = (): void => {
      if (stay.to !== null) return;
      this.#delivery.ask(stay.device, said, request, (answer) =>
        // Answers are repeated until they arrive.
        this.#later(stay, 'down', () => stay.played.hear(answer)),
      );
    };
    if (!isLost) return this.#later(stay, 'up', ask);
    const leastMs = Math.max(DELAYS.lostLeast, this.#outageUntil - this.#clock.now());
    const lateMs = leastMs + this.#random(DELAYS.lostMost - DELAYS.lostLeast);
    this.#clock.after(lateMs, ask);
  }

  #later(stay: Stay, way: 'up' | 'down', callback: () => void): void {
    const now = this.#clock.now();
    const wished = now + DELAYS.least + this.#random(DELAYS.most - DELAYS.least);
    const at = Math.max(wished, way === 'up' ? stay.upAt : stay.downAt);
    if (way === 'up') stay.upAt = at;
    else stay.downAt = at;
    this.#clock.after(at - now, () => {
      if (stay.to === null) callback();
    });
  }

  #pass = (ms: number): Promise<void> =>
    this.#clock.run(ms, async () => {
      // What the server does makes members do something, and the other way round: only over time.
      await this.#delivery.settled();
      await Promise.all(this.#stays.filter(({ to }) => to === null).map(({ played }) => played.settled()));
    });

  #pick<T>(list: readonly T[]): T {
    const item = list[this.#random(list.length)];
    if (item === undefined) throw new Error('nothing to choose from');
    return item;
  }

  /** Everybody who is in the call is in the same epoch, with the same key, and knows of exactly the others. */
  #checkAgreement(): void {
    const inside = this.#stays.filter(({ to }) => to === null);
    const seen = inside.map(({ device, played }) => {
      const report = played.reports.at(-1);
      const sending = played.given.filter((each) => each.what === 'send' || each.what === 'stop').at(-1);
      if (report === null || report === undefined || sending?.what !== 'send')
        throw new Error(
          `${device} is no member at the end: ${JSON.stringify(played.said.slice(-2).map(({ said }) => said.type))}`,
        );
      const members = report.members.map(({ deviceId, leaf }) => `${deviceId} at ${leaf}`).join();
      return `${report.generation} ${report.epoch} ${report.authenticator.join('')} ${sending.key} ${members}`;
    });
    if (new Set(seen).size !== 1) throw new Error(`they do not agree: ${JSON.stringify(seen, null, 1)}`);
    const names = inside[0]?.played.reports.at(-1)?.members.map(({ deviceId }) => deviceId);
    if (sorted(names ?? []) !== sorted(inside.map(({ device }) => device)))
      throw new Error(`others are in the group than in the call: ${names?.join()}`);
  }

  /** No key of a newcomer was sent with before it asked to be let in. */
  #checkPast(): void {
    for (const stay of this.#stays) {
      const known = keysOf(stay);
      for (const other of this.#stays)
        for (const { key, from } of sendingOf(other))
          if (other !== stay && from < stay.from && known.has(key))
            throw new Error(`${stay.device}, here since ${stay.from}, has the key of ${from}`);
    }
  }

  /** 0.5 s after the server has taken its removal, nothing is sent that who has left could open. */
  #checkRemoved(): number[] {
    const removals: number[] = [];
    for (const { stay, at } of this.#leftAt) {
      const change = this.#delivery.changes.find(
        (each) => each.at >= at && each.removed.includes(stay.device),
      );
      const known = keysOf(stay);
      const used = this.#stays
        .filter((other) => other.from !== stay.from || other.device !== stay.device)
        .flatMap((other) => sendingOf(other).filter(({ key }) => known.has(key)))
        .map(({ to }) => to ?? Number.POSITIVE_INFINITY);
      if (used.length === 0) continue;
      const last = Math.max(...used);
      if (change === undefined) {
        if (last > at + DELAYS.settle / 2) throw new Error(`${stay.device} left at ${at} and is still heard`);
        continue;
      }
      removals.push(Math.max(0, last - at));
      if (last > change.at + DELAYS.removed)
        throw new Error(`${stay.device}, removed at ${change.at}, can open what is sent at ${last}`);
    }
    return removals.sort((one, other) => one - other);
  }
}

const sorted = (names: readonly string[]): string => [...names].sort().join();

const keysOf = ({ played }: Stay): ReadonlySet<string> =>
  new Set(played.given.flatMap((each) => (each.what === 'open' ? [each.key] : [])));

/** Which key a device has sent with, and when. */
function sendingOf({ played, to }: Stay): { key: string; from: number; to: number | null }[] {
  const turns = played.given.filter(
    (each): each is Extract<Given, { what: 'send' | 'stop' }> => each.what === 'send' || each.what === 'stop',
  );
  return turns.flatMap((each, index) =>
    each.what === 'send' ? [{ key: each.key, from: each.at, to: turns[index + 1]?.at ?? to }] : [],
  );
}

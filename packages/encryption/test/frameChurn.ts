import { createMember } from '../src/member/index.ts';
import type { StartMember } from '../src/worker/index.ts';
import { createRandom, plainFrame } from './frameFixtures.ts';
import { CALL, identityOf } from './memberBench.ts';
import { ModelDelivery } from './modelDelivery.ts';
import { type VirtualClock, createVirtualClock } from './virtualClock.ts';
import {
  type PlayedFrame,
  type PlayedTransform,
  type WorkerBench,
  createWorkerBench,
  encodedFrame,
  sending,
} from './workerBench.ts';

/** All in ms. */
const TIMES = {
  /** A piece of sound. */
  frame: 20,
  change: 1_000,
  settle: 2_000,
  /** Each way between a device and the server that orders keys. */
  signalLeast: 5,
  signalMost: 80,
  /** From a device over the media server to another. */
  mediaLeast: 20,
  mediaMost: 40,
  /** What waits longer for its key is too late to be played. */
  late: 100,
};

interface Device {
  readonly name: string;
  readonly bench: WorkerBench;
  readonly microphone: PlayedTransform;
  /** By the names of those whom it listens to; nobody but who stays listens. */
  readonly listening: Map<string, PlayedTransform>;
  readonly isStaying: boolean;
  leftAt: number | null;
  /** Nothing overtakes. */
  upAt: number;
  downAt: number;
}

/** One frame on its way from one to another. */
interface Passage {
  readonly arrivedAt: number;
  openedAt: number | null;
}

export interface FrameChurnResult {
  readonly changes: number;
  readonly sent: number;
  readonly lost: number;
  /** The longest that somebody who stays did not hear somebody who was in the call, in ms. */
  readonly longestGap: number;
  /** What the workers of those who stay dropped, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
}

/**
 * A call of 8 in virtual time: real members in real crypto workers, who speak all the time. Every second one of the four who do not stay
 * leaves, or another one comes.
 */
export class FrameChurn {
  readonly #clock: VirtualClock = createVirtualClock();
  readonly #random: (below: number) => number;
  readonly #devices = new Map<string, Device>();
  readonly #members: ReturnType<typeof createMember>[] = [];
  readonly #passages = new Map<string, Map<string, Passage>>();
  #busy: Promise<unknown>[] = [];
  #frames = 0;
  #delivery!: ModelDelivery;

  private constructor(seed: number) {
    this.#random = createRandom(seed);
  }

  static async start(seed: number): Promise<FrameChurn> {
    const churn = new FrameChurn(seed);
    churn.#delivery = await ModelDelivery.start(churn.#clock, (name, heard) => {
      const device = churn.#devices.get(name);
      if (device !== undefined)
        churn.#later(device, 'downAt', () => device.bench.say({ type: 'hear', heard }));
    });
    for (let index = 0; index < 8; index += 1) {
      churn.#join(`device ${index}`, index < 4);
      await churn.#pass(TIMES.change);
    }
    await churn.#pass(TIMES.settle);
    return churn;
  }

  async run(changes: number): Promise<FrameChurnResult> {
    await this.#speak(TIMES.settle);
    const guests = ['device 4', 'device 5', 'device 6', 'device 7'];
    for (let change = 0; change < changes; change += 1) {
      if (change % 2 === 0) {
        const [name = ''] = guests.splice(this.#random(guests.length), 1);
        this.#leave(name);
      } else {
        const name = `guest ${change}`;
        guests.push(name);
        this.#join(name, false);
      }
      await this.#speak(TIMES.change);
    }
    await this.#speak(TIMES.settle);
    await this.#pass(TIMES.settle);
    return this.#count(changes);
  }

  #join(name: string, isStaying: boolean): void {
    const startMember: StartMember = ({ callId }, surroundings) => {
      const identity = identityOf(name);
      const member = createMember({
        callId,
        identity: {
          certify: async (leafKey, call) => (await identity).certify(leafKey, call),
          verify: async (credential, leafKey, call) => (await identity).verify(credential, leafKey, call),
        },
        ...surroundings,
      });
      this.#members.push(member);
      return member;
    };
    const bench = createWorkerBench(startMember, this.#clock);
    const { push } = bench.reports;
    const device: Device = {
      name,
      bench,
      microphone: bench.attach(sending('microphone', 'opus')),
      listening: new Map(),
      isStaying,
      leftAt: null,
      upAt: 0,
      downAt: 0,
    };
    bench.reports.push = (...all) => {
      for (const report of all) {
        if (report.type === 'keys' && report.keys !== null) {
          const members = report.keys.members.map(({ credential, leafKey }) => ({
            credential,
            leafKey,
            admitted: true,
          }));
          bench.say({ type: 'admit_members', members });
        }
        if (report.type !== 'say') continue;
        this.#later(device, 'upAt', () =>
          this.#delivery.ask(name, report.said, report.request, (heard) =>
            this.#later(device, 'downAt', () => bench.say({ type: 'hear', heard })),
          ),
        );
      }
      return push.apply(bench.reports, all);
    };
    for (const other of this.#devices.values()) {
      if (isStaying) this.#listen(device, other.name);
      if (other.isStaying) this.#listen(other, name);
    }
    this.#devices.set(name, device);
    this.#delivery.enter(name);
    const own = { userId: `user of ${name}`, deviceId: name, deviceKey: null, confirmation: null };
    bench.say({ type: 'start_keys', callId: CALL, device: own });
  }

  #listen({ name, bench, listening }: Device, other: string): void {
    const track = `sound of ${other}`;
    bench.say({ type: 'bind_track', track, device: other, slots: ['microphone'], codec: 'opus' });
    listening.set(other, bench.attach({ direction: 'receive', track }));
    this.#passages.set(`${other} to ${name}`, new Map());
  }

  #leave(name: string): void {
    const device = this.#devices.get(name);
    if (device === undefined) throw new Error(`${name} is not here`);
    device.leftAt = this.#clock.now();
    device.bench.say({ type: 'close' });
    this.#devices.delete(name);
    this.#delivery.leave(name);
  }

  async #speak(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += TIMES.frame) {
      for (const device of this.#devices.values()) {
        this.#frames += 1;
        const frame = encodedFrame(`${this.#frames}`, plainFrame('opus', 'delta', 60, this.#frames & 0xff));
        this.#busy.push(device.microphone.put(frame));
      }
      await this.#pass(TIMES.frame);
    }
  }

  /** Whatever was sealed goes on its way to those who stay. */
  #forward(): void {
    for (const from of this.#devices.values()) {
      for (const frame of from.microphone.out.splice(0)) {
        for (const to of this.#devices.values()) {
          if (to === from || !to.isStaying) continue;
          const delayMs = TIMES.mediaLeast + this.#random(TIMES.mediaMost - TIMES.mediaLeast);
          this.#clock.after(delayMs, () => this.#arrive(from, to, frame));
        }
      }
    }
  }

  #arrive(from: Device, to: Device, frame: PlayedFrame): void {
    const transform = to.listening.get(from.name);
    // What comes after its sender has left is nobody's loss.
    if (transform === undefined || from.leftAt !== null) return;
    const arrivedAt = this.#clock.now();
    this.#passages.get(`${from.name} to ${to.name}`)?.set(frame.name, { arrivedAt, openedAt: null });
    this.#busy.push(transform.put({ ...frame, data: frame.data.slice(0) }));
  }

  #collect(): void {
    for (const { name, listening } of this.#devices.values()) {
      for (const [other, { out }] of listening) {
        for (const frame of out.splice(0)) {
          const passage = this.#passages.get(`${other} to ${name}`)?.get(frame.name);
          if (passage !== undefined) passage.openedAt ??= this.#clock.now();
        }
      }
    }
  }

  #later(device: Device, way: 'upAt' | 'downAt', callback: () => void): void {
    const now = this.#clock.now();
    const wished = now + TIMES.signalLeast + this.#random(TIMES.signalMost - TIMES.signalLeast);
    device[way] = Math.max(wished, device[way]);
    this.#clock.after(device[way] - now, () => {
      if (device.leftAt === null) callback();
    });
  }

  #pass = (ms: number): Promise<void> =>
    this.#clock.run(ms, async () => {
      await this.#delivery.settled();
      await Promise.all(this.#members.map((member) => member.settled()));
      const { length } = this.#busy;
      if (length === 0) return;
      await Promise.all(this.#busy.splice(0));
      // What a transform gives on passes one more stream.
      await new Promise((resolve) => setImmediate(resolve));
      this.#forward();
      this.#collect();
    });

  #count(changes: number): FrameChurnResult {
    let [sent, lost, longestGap] = [0, 0, 0];
    for (const passages of this.#passages.values()) {
      let gap = 0;
      for (const { arrivedAt, openedAt } of passages.values()) {
        sent += 1;
        const isLost = openedAt === null || openedAt - arrivedAt > TIMES.late;
        if (isLost) lost += 1;
        gap = isLost ? gap + TIMES.frame : 0;
        longestGap = Math.max(longestGap, gap);
      }
    }
    const dropped: Record<string, number> = {};
    for (const { bench, isStaying } of this.#devices.values()) {
      if (!isStaying) continue;
      for (const { dropped: some } of bench.counters().received)
        for (const [reason, count] of Object.entries(some)) dropped[reason] = (dropped[reason] ?? 0) + count;
    }
    return { changes, sent, lost, longestGap, dropped };
  }
}

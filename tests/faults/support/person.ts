import { callIdOf, type ClientCall } from '@visavis/call';
import type { SeededRandom } from '../../integration/support/random.ts';
import { connectDevice, type SimulatedDevice } from './simulatedDevice.ts';
import type { SeededDevice } from './population.ts';

/** What people do with their calls. */
export interface Habits {
  readonly random: SeededRandom;
  /** Once set, calls that go on for the whole run are ended too. */
  isOver: boolean;
}

/** How long a person looks at a ringing device before they do something, and how long they talk. */
const DECIDE_MS = { least: 300, most: 2_500 };
const TALK_MS = { least: 1_500, most: 9_000 };
/** Shares of what comes in: answered, declined; the rest rings until its time is over or the caller gives up. */
const ANSWERED = 0.65;
const DECLINED = 0.15;
/** Share of the callers who give up. */
const CANCELLED = 0.15;

const between = (random: SeededRandom, { least, most }: { least: number; most: number }): number =>
  least + random.int(most - least);

/** Somebody at a device, who dials, answers, declines, cancels, mutes and hangs up. */
export class Person {
  readonly simulated: SimulatedDevice;
  readonly #habits: Habits;
  readonly #handled = new Map<string, ClientCall['phase']>();
  readonly #timers = new Set<NodeJS.Timeout>();
  /** The calls of this person last as long as the run. */
  #isLasting = false;

  constructor(url: string, account: SeededDevice, habits: Habits) {
    this.#habits = habits;
    let isMade = false;
    this.simulated = connectDevice(url, account, () => {
      if (isMade) this.#follow();
    });
    isMade = true;
  }

  get name(): string {
    return this.simulated.account.user.name;
  }

  get userId(): string {
    return this.simulated.account.user.userId;
  }

  /** Calls that have not ended here. */
  get live(): readonly ClientCall[] {
    return this.#calls().filter(({ phase }) => phase !== 'ended');
  }

  get isIdle(): boolean {
    const { state } = this.simulated.device.getView();
    return this.live.length === 0 && state.closing.length === 0;
  }

  /** What this device believes to be going on and how it came to that, for messages of failed tests. */
  describe(): string {
    const { link, state } = this.simulated.device.getView();
    const { deviceId, requests, events, freshStarts } = this.simulated.ledger;
    const calls = this.live.map((call) => ({ what: call.phase, callId: callIdOf(call) }));
    const closing = state.closing.map(({ callId }) => ({ what: 'closing', callId }));
    const lines = [...calls, ...closing].flatMap(({ what, callId }) => [
      `  ${what} ${callId ?? 'unnamed'}`,
      ...requests
        .filter(({ request }) => !('callId' in request) || request.callId === callId)
        .map(
          ({ request, sentAt, answer }) => `    ${String(sentAt)} ${request.type} ${JSON.stringify(answer)}`,
        ),
      ...events
        .filter(({ event }) => event.callId === callId)
        .map(
          ({ event, at, session }) =>
            `    ${String(at)} ${event.type} ${String(session)}:${String(event.seq)}`,
        ),
    ]);
    return [`${this.name} ${deviceId} ${link.name}, fresh at ${freshStarts.join()}`, ...lines].join('\n');
  }

  /** @param lasting - the call goes on until the run is over, and is certainly answered */
  dial(callee: Person, lasting = false): void {
    this.#isLasting = lasting;
    callee.#isLasting = lasting;
    this.simulated.device.dial(callee.simulated.account.user, 'video');
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.simulated.device.close();
  }

  #calls(): readonly ClientCall[] {
    return this.simulated.device.getView().state.calls;
  }

  #find(key: string): ClientCall | undefined {
    return this.#calls().find((call) => call.key === key);
  }

  #later(ms: number, task: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      task();
    }, ms);
    this.#timers.add(timer);
  }

  #follow(): void {
    for (const call of this.#calls()) {
      if (this.#handled.get(call.key) === call.phase) continue;
      this.#handled.set(call.key, call.phase);
      switch (call.phase) {
        case 'incoming':
          this.#decide(call.key);
          break;
        case 'calling':
          this.#wait(call.key);
          break;
        case 'joined':
          this.#talk(call.key);
          break;
        case 'ended':
          this.#later(0, () => {
            this.simulated.device.dismiss(call.key);
          });
          break;
        case 'dialing':
        case 'answering':
        case 'joining':
        case 'waiting':
          break;
      }
    }
  }

  #decide(key: string): void {
    const { random } = this.#habits;
    const chance = this.#isLasting ? 0 : random.next();
    this.#later(this.#isLasting ? 0 : between(random, DECIDE_MS), () => {
      if (this.#find(key)?.phase !== 'incoming') return;
      if (chance < ANSWERED) this.simulated.device.answer(key, 'video', 'end');
      else if (chance < ANSWERED + DECLINED) this.simulated.device.hangUp(key);
    });
  }

  #wait(key: string): void {
    const { random } = this.#habits;
    if (this.#isLasting || random.next() > CANCELLED) return;
    this.#later(between(random, DECIDE_MS), () => {
      if (this.#find(key)?.phase === 'calling') this.simulated.device.hangUp(key);
    });
  }

  #talk(key: string): void {
    const talkMs = between(this.#habits.random, TALK_MS);
    this.#later(talkMs / 2, () => {
      this.simulated.device.setMuted(key, true);
    });
    const hangUp = (): void => {
      if (this.#isLasting && !this.#habits.isOver) this.#later(500, hangUp);
      else if (this.#find(key)?.phase === 'joined') this.simulated.device.hangUp(key);
    };
    this.#later(talkMs, hangUp);
  }
}

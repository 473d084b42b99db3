import type { Call } from '@visavis/call';
import type { ErrorCode } from '@visavis/protocol';

/** What an operator counts. Nothing that names a person, a device or a call. */
export interface Meter {
  /** A call is stored anew. `before` is null for a new one. */
  handleCall(call: Call, before: Call | null): void;
  handleMessage(type: string): void;
  handleError(code: ErrorCode): void;
  handleService(service: 'database' | 'redis', durationMs: number, outcome: 'ok' | 'failed'): void;
  /** A value, or one for each value of a label, that is read whenever somebody looks. One that cannot be read is left out. */
  watch(gauge: GaugeName, read: () => Reading | Promise<Reading>): void;
}
export interface GaugeName {
  readonly name: string;
  readonly help: string;
  /** What the values of a reading are by; a closed list that names nobody. */
  readonly label?: string;
}
export type Reading = number | Readonly<Record<string, number>>;

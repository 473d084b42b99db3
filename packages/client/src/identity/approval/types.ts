import type { Bytes } from '@visavis/encryption';
import type { ApprovalStep } from '@visavis/protocol';

/** What came of saying something to another device of the user. */
export type Said = 'said' | 'offline' | 'failed';

/** The way between two devices of one user, by the server (IDN4). */
export type SayStep = (toDeviceId: string, attempt: string, step: ApprovalStep) => Promise<Said>;

/** What another device of the user said. */
export interface HeardStep {
  readonly fromDeviceId: string;
  readonly attempt: string;
  readonly step: ApprovalStep;
}

export type EndReason = Extract<ApprovalStep, { readonly kind: 'end' }>['reason'];

const ATTEMPT_BYTES = 16;

/** What the new device shows: the id of its attempt (16 bytes), then what the machine gave it to show. */
export function writeScan(attempt: string, qr: Uint8Array): Bytes {
  const digits = attempt.replaceAll('-', '');
  const head = Uint8Array.from({ length: ATTEMPT_BYTES }, (_, index) =>
    Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16),
  );
  const scan = new Uint8Array(ATTEMPT_BYTES + qr.length);
  scan.set(head);
  scan.set(qr, ATTEMPT_BYTES);
  return scan;
}

/** The opposite; null for what is too short. */
export function readScan(scan: Uint8Array): { readonly attempt: string; readonly qr: Bytes } | null {
  if (scan.length <= ATTEMPT_BYTES) return null;
  const digits = Array.from(scan.subarray(0, ATTEMPT_BYTES), (byte) => byte.toString(16).padStart(2, '0'));
  const attempt = digits.join('').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return { attempt, qr: new Uint8Array(scan.subarray(ATTEMPT_BYTES)) };
}

/** Does one thing after the other; a thing that throws ends in `onBroken`. */
export function createLine(onBroken: () => void): (task: () => Promise<void>) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (task) => {
    last = last.then(task).catch(onBroken);
    return last;
  };
}

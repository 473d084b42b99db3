import type { DeviceRequest } from '@visavis/call';
import type { LinkAnswer } from '@visavis/client';
import type { ServerEvent, Signal } from '@visavis/protocol';

/** What one device asked for and was told, all of it. */
export interface DeviceLedger {
  readonly userId: string;
  readonly deviceId: string;
  readonly requests: LedgerRequest[];
  readonly events: LedgerEvent[];
  /** What came with the answer to `answer_call` or `initiate_call`: the signals that the server had kept. */
  readonly given: { readonly callId: string; readonly signal: Signal }[];
  /** When the device got a snapshot instead of what it had missed: its session could not go on. */
  readonly freshStarts: number[];
  /** When it made a new connection for a call because signals may have been lost. */
  readonly rejoins: number[];
  /** When something was refused for the moment, and repeated by the link. */
  readonly refusals: number[];
}

export interface LedgerRequest {
  readonly request: DeviceRequest;
  readonly sentAt: number;
  answer: LinkAnswer | null;
  answeredAt: number | null;
}
export interface LedgerEvent {
  readonly event: ServerEvent;
  readonly at: number;
  /** Which of its sessions it came in. */
  readonly session: number;
}

export const createDeviceLedger = (userId: string, deviceId: string): DeviceLedger => ({
  userId,
  deviceId,
  requests: [],
  events: [],
  given: [],
  freshStarts: [],
  rejoins: [],
  refusals: [],
});

/** What tells one signal of a simulated device from all others. */
export const nameSignal = ({ type, payload }: Signal): string =>
  type === 'ice_candidate' ? payload.candidate : `${type} ${payload.connectionId}`;

/** The signal that an event or a request is, if it is one. */
export function signalOf(message: ServerEvent | DeviceRequest): Signal | null {
  if (message.type === 'ice_candidate') return { type: message.type, payload: message.payload };
  if (message.type === 'offer' || message.type === 'answer')
    return { type: message.type, payload: message.payload };
  return null;
}

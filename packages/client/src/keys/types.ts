import type { DeviceRequest } from '@visavis/call';
import type { CurrentKeys, OwnDevice } from '@visavis/encryption/messages';
import type { ServerEvent } from '@visavis/protocol';
import type { CryptoWorker } from '../media/sealed/index.ts';
import type { LinkAnswer } from '../signaling/index.ts';

export interface CallKeysOptions {
  readonly callId: string;
  readonly device: OwnDevice;
  /** The worker of this call. Its member is started at once, and asks to join. */
  readonly worker: Pick<CryptoWorker, 'startKeys' | 'hear'>;
  readonly request: (request: DeviceRequest) => Promise<LinkAnswer>;
  /** Whenever the members or the epoch change; null while the device is no member and asks to be one again. */
  readonly onKeys: (keys: CurrentKeys | null) => void;
}

/** The keys of one call, as the page has them: who is in, and the way between the worker and the server. */
export interface CallKeys {
  /** The newest that `onKeys` was given. */
  readonly current: CurrentKeys | null;
  /** Each event of the session, in its order; those of other calls and of other things are passed over. */
  handleEvent(event: ServerEvent): void;
  /** The signaling session is a fresh one (SES2), and this call is still on: events may have been lost. */
  refresh(): void;
  /** Nothing is carried any more. The worker is ended by whom it belongs to. */
  close(): void;
}

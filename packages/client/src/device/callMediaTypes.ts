import type { ClientCall, DeviceCalls, DeviceInput, MediaEffect } from '@visavis/call';
import type { CallNotice } from '@visavis/protocol';
import type { CallStatistics, DirectMedia, MediaTile } from '../media/index.ts';
import type { QualityPoint, QualityWishes } from '../quality/index.ts';
import type { GroupMediaOptions } from './groupMedia.ts';
import type { OwnDevicesView } from './ownDevices.ts';
import type { CallSeal, KeysEvent, SealFacts } from './seal.ts';
import type { DeviceCallView, DeviceOptions } from './types.ts';

export interface CallMediaOptions extends Pick<
  DeviceOptions,
  | 'capture'
  | 'createLevelMeter'
  | 'createMedia'
  | 'openSeal'
  | 'loadIceServers'
  | 'deviceId'
  | 'policy'
  | 'saveQuality'
  | 'timers'
  | 'onChange'
> {
  readonly ownDevicesOf: (call: ClientCall) => OwnDevicesView;
  readonly measureServer: () => Promise<number | null>;
  readonly getState: () => DeviceCalls;
  readonly dispatch: (input: DeviceInput) => void;
  readonly sendSignal: (key: string, signal: Parameters<DirectMedia['handleSignal']>[0]) => void;
  readonly group: Pick<
    GroupMediaOptions,
    | 'deviceId'
    | 'createForwardedMedia'
    | 'prepareForwardedMedia'
    | 'openScreen'
    | 'canShareScreen'
    | 'request'
    | 'talk'
    | 'isGuest'
    | 'onChange'
  > & { readonly onSharingFailed: () => void };
}

/** What the calls of one device have open: a share of camera and microphone each, and a connection each. */
export interface CallMedia {
  run(effect: MediaEffect): void;
  /** Brings shares and tracks in line with the calls: who is muted, held, without a camera, or over. */
  follow(): void;
  view(call: ClientCall): DeviceCallView;
  /** Whether what is sent and received in it can be read, by those who are in it. */
  isSealed(call: ClientCall): boolean;
  getLevels(key: string): { readonly local: number; readonly remote: number };
  getStats(key: string): Promise<RTCStatsReport | null>;
  getStatistics(key: string): CallStatistics | null;
  getPoints(key: string): readonly QualityPoint[];
  setQuality(wishes: QualityWishes): void;
  hidePictures(key: string, hidden: boolean): void;
  getSealFacts(key: string): Promise<SealFacts | null>;
  handleNotice(key: string, notice: CallNotice): void;
  handleKeys(key: string, event: KeysEvent): void;
  groupSealOf(key: string): CallSeal | null;
  /** What is known of guests has changed. */
  reconsiderGuests(): void;
  /** The session is registered, anew or again. */
  refresh(): void;
  /** SES2: it is a fresh one: what the server said of keys may have been lost. */
  refreshKeys(): void;
  allowDevice(key: string, deviceId: string): void;
  shareScreen(key: string): void;
  stopSharing(key: string): void;
  showTiles(key: string, tiles: readonly MediaTile[]): void;
  close(): void;
}

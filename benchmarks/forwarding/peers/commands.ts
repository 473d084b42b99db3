import type { Remote } from './path.ts';
import type { Numbering } from './receiving.ts';
import type { IceCredentials } from './stun.ts';

/** What a process of devices is told. A path's name begins with the name of its call and a slash. */
export type Command =
  | { readonly type: 'open'; readonly path: string; readonly address: string }
  | {
      readonly type: 'connect';
      readonly path: string;
      readonly local: IceCredentials;
      readonly remote: Remote;
    }
  | {
      readonly type: 'connect_direct';
      readonly path: string;
      readonly address: string;
      readonly port: number | null;
    }
  | {
      readonly type: 'send';
      readonly path: string;
      readonly device: number;
      readonly microphone: number;
      readonly camera: readonly number[];
      readonly talks: boolean;
    }
  | ({ readonly type: 'receive'; readonly path: string } & Numbering)
  | { readonly type: 'set_layers'; readonly path: string; readonly layers: number }
  | { readonly type: 'start'; readonly call: string }
  | { readonly type: 'stop' }
  | { readonly type: 'tally'; readonly call: string }
  | { readonly type: 'close'; readonly call: string };

export interface Opened {
  readonly port: number;
  /** SHA-256 of the process's certificate. */
  readonly fingerprint: string;
}

/** What has gone and come since the last time. */
export interface Tally {
  readonly sent: { readonly packets: number; readonly bytes: number };
  readonly received: { readonly packets: number; readonly bytes: number; readonly video: number };
  /** Among none of the above: packets that only try how much the line takes. */
  readonly probes: number;
  /** Could not be decrypted. */
  readonly broken: number;
  readonly latencyMs: { readonly p50: number; readonly p99: number } | null;
}

export type Reply = Opened | Tally | null;

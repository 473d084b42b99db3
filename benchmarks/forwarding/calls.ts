import { networkInterfaces } from 'node:os';
import type { Peers } from './peers/index.ts';

/** The two processes that play the devices: each has every device's socket of its kind. */
export interface Crowd {
  readonly senders: Peers;
  readonly receivers: Peers;
}

/** A call of all devices through one forwarding unit, connected, with nothing sent yet. */
export interface ForwardedCall {
  /** What its paths' names begin with. */
  readonly name: string;
  /** The process that forwards; null: nothing is in between. */
  readonly pid: number | null;
  /** Resident memory of that process before the call, in bytes. */
  readonly idleBytes: number;
  /** Tells the senders how many layers anybody watches, as far as the forwarding unit says so; else all are sent. */
  followDemand(follow: boolean): Promise<void>;
  close(): Promise<void>;
}

/** Where all of them are: Janus uses no loopback address. Packets to an address of its own do not leave the machine either. */
export const ADDRESS: string =
  Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.1';
export const sendPath = (call: string, device: number): string => `${call}/${device}/send`;
export const receivePath = (call: string, device: number): string => `${call}/${device}/receive`;

import type { MediaKind, PublishedTrack, RtpParameters } from './mediaPorts.ts';

/*
 * MED6: what nodes that share a call say to each other of the tracks that go from one to the other. Each track is sent once from
 * the node at which it comes in to each other one where somebody watches it.
 */

/** A track of a call that comes in at another node. */
export interface RemoteTrack extends PublishedTrack {
  readonly nodeId: string;
}

export type CryptoSuite =
  | 'AEAD_AES_256_GCM'
  | 'AEAD_AES_128_GCM'
  | 'AES_CM_128_HMAC_SHA1_80'
  | 'AES_CM_128_HMAC_SHA1_32';

/** Where a node takes packets of another, and the key for what it sends from there (SRTP, RFC 3711). */
export interface PipeEnd {
  readonly ip: string;
  readonly port: number;
  readonly cryptoSuite: CryptoSuite;
  readonly keyBase64: string;
}

export type PipeMessage =
  /** To the node at which the track comes in: it is wanted. */
  | { readonly type: 'ask'; readonly trackId: string }
  /** Back: it comes over that way, as soon as it is watched. */
  | {
      readonly type: 'opened';
      readonly trackId: string;
      readonly wayId: string;
      readonly end: PipeEnd;
      readonly kind: MediaKind;
      readonly rtpParameters: RtpParameters;
      readonly paused: boolean;
    }
  /** Back: there is no such track, or none can be sent. */
  | { readonly type: 'refused'; readonly trackId: string }
  /** To the node that sends: the other end of a new way. */
  | { readonly type: 'connect'; readonly wayId: string; readonly end: PipeEnd }
  /** To the node that sends: the largest layer that anybody watches there; null: nobody does. */
  | { readonly type: 'watch'; readonly trackId: string; readonly maxSpatialLayer: number | null }
  /** To the node that receives: whether anything comes. */
  | { readonly type: 'paused'; readonly trackId: string; readonly paused: boolean }
  /** To the node that receives: it comes no more. */
  | { readonly type: 'closed'; readonly trackId: string }
  /** Both ways: nothing goes between these two nodes in this call any more. */
  | { readonly type: 'end' };

export type Levels = readonly { readonly deviceId: string; readonly volume: number }[];

/** What the home of a call and a node with a part of it say to each other, besides what goes from SFU to SFU. */
export type PartMessage =
  | { readonly type: 'pipe'; readonly message: PipeMessage }
  /** From a part: what comes in there. From the home: what comes in at all other nodes. */
  | { readonly type: 'tracks'; readonly tracks: readonly RemoteTrack[] }
  /** To the home: who is loud there. */
  | { readonly type: 'levels'; readonly volumes: Levels }
  /** To the home: the devices there are to open their media elsewhere, beside what they have (MED4). */
  | { readonly type: 'leaving' }
  /** To the home: whatever was there is gone. */
  | { readonly type: 'lost' };

/** The part of a call that an SFU shares with other nodes. What is said to it late, or of what has gone, does nothing. */
export interface SfuNodes {
  /** Which tracks of the call are at other nodes, all of them. A call is kept for them also where no device is. */
  setRemote(callId: string, tracks: readonly RemoteTrack[]): void;
  /** Another node has said this. What is to be said to it comes as `pipe` events. */
  hear(callId: string, nodeId: string, message: PipeMessage): void;
  /** How loud the microphones at another node are (see `levels`). */
  hearLevels(callId: string, nodeId: string, volumes: Levels): void;
  /** Another node is gone, and what it had of all calls. */
  drop(nodeId: string): void;
  /** How many tracks go from here to other nodes at present, each time they go. */
  count(): number;
}

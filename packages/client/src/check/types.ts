/** What is known of a camera or microphone. `silent`: nothing to hear at all. `dark`: hardly anything to see. `asking`: the browser waits for the person. */
export type DeviceFinding =
  | 'unchecked'
  | 'works'
  | 'asking'
  | 'denied'
  | 'missing'
  | 'in_use'
  | 'silent'
  | 'dark'
  | 'no_picture';
export type SpeakerFinding = 'unchecked' | 'found' | 'missing' | 'unknown';
/** A way for media. `none`: the service has no such way. `unknown`: nothing could be found out. */
export type WayFinding = 'unchecked' | 'open' | 'blocked' | 'none' | 'unknown';

/** What a check has found; `unchecked` and null is what it has not looked at (yet). */
export interface Findings {
  /** Whether browsers give camera and microphone to this address at all. */
  readonly isSecure: boolean;
  readonly camera: DeviceFinding;
  readonly microphone: DeviceFinding;
  readonly speaker: SpeakerFinding;
  /** The server, over HTTP. */
  readonly server: 'unchecked' | 'reached' | 'unreachable';
  /** To the ports of the media server. */
  readonly udp: WayFinding;
  readonly tcp: WayFinding;
  /** Through the relay, by how this device reaches it. */
  readonly relay: Readonly<Record<RelayTransport, WayFinding>>;
  /** The shortest that was seen, in ms. */
  readonly roundTripMs: number | null;
  /** In bits a second, to and from the server. */
  readonly upload: number | null;
  readonly download: number | null;
}
export type RelayTransport = 'udp' | 'tcp' | 'tls';

export const NOTHING_FOUND: Findings = {
  isSecure: true,
  camera: 'unchecked',
  microphone: 'unchecked',
  speaker: 'unchecked',
  server: 'unchecked',
  udp: 'unchecked',
  tcp: 'unchecked',
  relay: { udp: 'unchecked', tcp: 'unchecked', tls: 'unchecked' },
  roundTripMs: null,
  upload: null,
  download: null,
};

/** The one thing to say. Each has its sentence and its one thing to do in the words of the interface. */
export type CheckVerdict =
  | 'insecure_page'
  | 'unreachable'
  | 'asking'
  | 'both_denied'
  | 'microphone_denied'
  | 'no_microphone'
  | 'microphone_in_use'
  | 'no_way'
  | 'too_slow'
  | 'microphone_silent'
  | 'no_speaker'
  | 'camera_denied'
  | 'no_camera'
  | 'camera_in_use'
  | 'no_picture'
  | 'slow_upload'
  | 'slow_download'
  | 'far'
  | 'udp_blocked'
  | 'relay_down'
  | 'dark'
  /** Nothing is wrong, and no way for media could be tried. */
  | 'untested'
  | 'fine';

/** What is looked at: in a call only what the call uses. */
export interface CheckWishes {
  readonly camera: boolean;
  readonly microphone: boolean;
  /** A call goes on over the same line: take little of it. */
  readonly isGentle: boolean;
}

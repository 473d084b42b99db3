/** What the system's keys and its list of what plays can do with a call. */
export interface KeyedCall {
  readonly name: string;
  readonly muted: boolean;
  readonly camera: boolean;
}
export interface KeyedActions {
  setMuted(muted: boolean): void;
  setCamera(on: boolean): void;
  end(): void;
}

/** Beyond the types of the DOM: https://www.w3.org/TR/mediasession/ */
const ACTIONS = ['togglemicrophone', 'togglecamera', 'hangup'] as const;
type CallAction = MediaSessionAction | (typeof ACTIONS)[number];

export interface CallSession {
  metadata: MediaMetadata | null;
  playbackState: MediaSessionPlaybackState;
  setActionHandler(action: CallAction, handler: (() => void) | null): void;
  setMicrophoneActive?(active: boolean): unknown;
  setCameraActive?(active: boolean): unknown;
}

/** A headset's key that mutes, the buttons on the lock screen: as far as the browser has them. */
export function showCall(
  session: CallSession,
  call: KeyedCall,
  actions: KeyedActions,
  describe: (name: string) => MediaMetadata | null,
): void {
  session.metadata = describe(call.name);
  session.playbackState = 'playing';
  // Browsers say so by a promise or not at all, and some refuse while nothing is captured.
  attempt(() => session.setMicrophoneActive?.(!call.muted));
  attempt(() => session.setCameraActive?.(call.camera));
  handle(session, 'togglemicrophone', () => actions.setMuted(!call.muted));
  handle(session, 'togglecamera', () => actions.setCamera(!call.camera));
  handle(session, 'hangup', () => actions.end());
}

/** Nothing is left of the call. */
export function forgetCall(session: CallSession): void {
  session.metadata = null;
  session.playbackState = 'none';
  for (const action of ACTIONS) handle(session, action, null);
}

function handle(session: CallSession, action: CallAction, handler: (() => void) | null): void {
  // Actions that a browser does not know are errors there.
  attempt(() => session.setActionHandler(action, handler));
}

function attempt(work: () => unknown): void {
  try {
    const done = work();
    if (done instanceof Promise) done.catch(() => {});
  } catch {
    // Not in this browser.
  }
}

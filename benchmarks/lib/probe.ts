export interface Probe {
  /** Forgets the marks; they are made anew from the next press on. */
  reset(): void;
  /** Times of the page, in ms since its time origin, by what happened then. The first time of each counts. */
  readonly marks: Record<string, number>;
  /** What a page's clock has to be added to, to be compared with another page's. */
  readonly originMs: number;
}

declare global {
  var visavisProbe: Probe;
}

/**
 * Runs inside a page before its own scripts. Notes when a button is pressed, what goes over sockets and connections, when
 * the first picture of a remote video is drawn, and when the first sound is handed to the speaker. It is the same in the
 * product's pages and in the bare ones, so that what it costs is the same.
 */
export function installProbe(): void {
  const marks: Record<string, number> = {};
  let connections: RTCPeerConnection[] = [];
  const mark = (name: string, at = performance.now()): void => {
    marks[name] ??= at;
  };
  globalThis.visavisProbe = {
    marks,
    originMs: performance.timeOrigin,
    reset: () => {
      for (const name of Object.keys(marks)) delete marks[name];
      connections = connections.filter(({ connectionState }) => connectionState !== 'closed');
    },
  };

  document.addEventListener(
    'click',
    ({ target, timeStamp }) => {
      const button = target instanceof Element ? target.closest('button') : null;
      const name = button?.getAttribute('aria-label') ?? button?.textContent ?? '';
      if (/^(Answer|Dial|Video call .*)$/.test(name.trim())) mark('pressed', timeStamp);
      if (name.trim() === 'Answer') for (const video of document.querySelectorAll('video')) watch(video);
    },
    { capture: true },
  );

  const watch = (video: HTMLVideoElement): void => {
    if (video.getAttribute('aria-label')?.startsWith('Video of ') !== true) return;
    video.requestVideoFrameCallback((now) => mark('drawn', now));
  };
  new MutationObserver((records) => {
    for (const node of records.flatMap(({ addedNodes }) => [...addedNodes])) {
      if (node instanceof HTMLVideoElement) watch(node);
      else if (node instanceof Element) for (const video of node.querySelectorAll('video')) watch(video);
    }
    if (document.querySelector('[aria-label="Incoming call"]') !== null) mark('incoming');
  }).observe(document, { childList: true, subtree: true });

  const note: readonly (readonly [string, string])[] = [
    ['"type":"initiate_call"', 'dialSent'],
    ['"type":"answer_call"', 'answerSent'],
    ['"type":"answer"', 'descriptionSent'],
    // The bare peers' own frame.
    ['answer\n', 'descriptionSent'],
  ];
  const noteIn: readonly (readonly [string, string])[] = [
    ['"type":"ring"', 'ringReceived'],
    ['"signals"', 'answerAccepted'],
    ['"type":"call_answered"', 'callAnswered'],
    ['"type":"answer"', 'descriptionReceived'],
    ['answer\n', 'descriptionReceived'],
  ];
  const OriginalSocket = globalThis.WebSocket;
  globalThis.WebSocket = class extends OriginalSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
        for (const [text, name] of noteIn) if (typeof data === 'string' && data.includes(text)) mark(name);
      });
    }
    override send(data: string): void {
      for (const [text, name] of note) if (data.includes(text)) mark(name);
      super.send(data);
    }
  };

  const OriginalConnection = globalThis.RTCPeerConnection;
  globalThis.RTCPeerConnection = class extends OriginalConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      connections.push(this);
      this.addEventListener('iceconnectionstatechange', () => {
        if (this.iceConnectionState === 'connected') mark('iceConnected');
      });
      this.addEventListener('signalingstatechange', () => {
        if (this.signalingState === 'stable') mark('descriptionApplied');
      });
      this.addEventListener('connectionstatechange', () => {
        if (this.connectionState === 'connected') mark('connected');
      });
    }
  };
  const getUserMedia = navigator.mediaDevices?.getUserMedia.bind(navigator.mediaDevices);
  if (getUserMedia !== undefined) {
    navigator.mediaDevices.getUserMedia = async (constraints) => {
      mark('cameraAsked');
      const stream = await getUserMedia(constraints);
      mark('cameraOpened');
      return stream;
    };
  }
  // What a receiver says about its last played packet is no event: it has to be looked at, which stops the page's thread.
  setInterval(() => {
    if (marks['pressed'] === undefined || marks['sound'] !== undefined) return;
    for (const connection of connections) {
      for (const receiver of connection.getReceivers()) {
        if (receiver.track.kind === 'audio' && receiver.getSynchronizationSources().length > 0) mark('sound');
      }
    }
  }, 25);
}

/*
 * What runs in the pages of who joins, the product's and the bare one, before their own scripts: connections find the slow path in the place of the
 * media server, and it is noted when something of somebody is first seen and heard.
 */

export interface JoinMarks {
  /** ms from the press of Join until the first picture of each of the others was drawn. */
  readonly pictures: readonly number[];
  /** The same of their sound, until it was first handed to the speaker. */
  readonly sounds: readonly number[];
}

declare global {
  var joinMarks: () => JoinMarks;
  /** For the next press. */
  var forgetJoin: () => void;
}

export function installJoinProbe({ host, port }: { readonly host: string; readonly port: number }): void {
  let pressedAt: number | null = null;
  let connections: RTCPeerConnection[] = [];
  const pictures = new Map<string, number>();
  const sounds = new Map<string, number>();
  const since = (times: ReadonlyMap<string, number>): number[] =>
    [...times.values()].map((at) => at - (pressedAt ?? Number.NaN));
  globalThis.joinMarks = () => ({ pictures: since(pictures), sounds: since(sounds) });
  globalThis.forgetJoin = () => {
    pressedAt = null;
    pictures.clear();
    sounds.clear();
    connections = connections.filter(({ connectionState }) => connectionState !== 'closed');
  };

  document.addEventListener(
    'click',
    ({ target, timeStamp }) => {
      const button = target instanceof Element ? target.closest('button') : null;
      const name = button?.getAttribute('aria-label') ?? button?.textContent ?? '';
      if (name.trim() === 'Join') pressedAt ??= timeStamp;
    },
    { capture: true },
  );

  const watch = (video: HTMLVideoElement): void => {
    video.requestVideoFrameCallback((now) => {
      const name = video.getAttribute('aria-label') ?? '';
      if (pressedAt !== null && name.startsWith('Video of ') && !pictures.has(name)) pictures.set(name, now);
    });
  };
  new MutationObserver((records) => {
    for (const node of records.flatMap(({ addedNodes }) => [...addedNodes])) {
      if (node instanceof HTMLVideoElement) watch(node);
      else if (node instanceof Element) for (const video of node.querySelectorAll('video')) watch(video);
    }
  }).observe(document, { childList: true, subtree: true });

  // What a receiver says about its last played packet is no event: it has to be looked at, which stops the page's thread.
  setInterval(() => {
    if (pressedAt === null) return;
    for (const connection of connections) {
      for (const receiver of connection.getReceivers()) {
        const { kind, id } = receiver.track;
        if (kind !== 'audio' || sounds.has(id) || receiver.getSynchronizationSources().length === 0) continue;
        sounds.set(id, performance.now());
      }
    }
  }, 25);

  /** candidate:<foundation> <component> <protocol> <priority> <address> <port> … */
  const lead = (line: string): readonly string[] => {
    if (!line.startsWith('a=candidate:')) return [line];
    const parts = line.split(' ');
    return parts[2]?.toLowerCase() === 'udp' ? [parts.with(4, host).with(5, `${port}`).join(' ')] : [];
  };
  const Native = globalThis.RTCPeerConnection;
  globalThis.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      connections.push(this);
    }
    override setRemoteDescription({ type, sdp }: RTCSessionDescriptionInit): Promise<void> {
      return super.setRemoteDescription({ type, sdp: (sdp ?? '').split('\r\n').flatMap(lead).join('\r\n') });
    }
  };
}

/** One window of a browser, as a person uses it: by the names of things. */
export interface Tab {
  readonly browser: 'chromium' | 'firefox';
  open(url: string): Promise<void>;
  reload(): Promise<void>;
  /** Presses a button by its accessible name, once it is there. */
  press(name: string): Promise<void>;
  /** Ticks the box whose label names this, once it is there. */
  check(name: string): Promise<void>;
  /** Presses a button at a given wall time in ms, so that two people do something in the same moment. */
  pressAt(name: string, at: number): Promise<void>;
  /** Whether a button with this accessible name is to be seen. */
  hasButton(name: string): Promise<boolean>;
  /** Whether a region with this accessible name is to be seen. */
  hasRegion(name: string): Promise<boolean>;
  /** All text to be seen. */
  text(): Promise<string>;
  /** The title of the window. */
  title(): Promise<string>;
  watch(videoLabel: string): Promise<VideoSight | null>;
  /** The loudest moment of what a media element plays, over about 300 ms; 0 to 1. */
  listen(videoLabel: string): Promise<number>;
  screenshot(path: string): Promise<void>;
  /** Cuts the tab's whole network, signaling and media, or gives it back. Chromium only. */
  setNetwork(connected: boolean): Promise<void>;
  /** Nothing reaches or leaves the tab faster than so many bytes a second from now on; left out: as fast as it can. For tabs that can be cut off. */
  slowDown(limits: ThroughputLimits): Promise<void>;
  /** Ends the tab as a crash does: nothing of the page runs any more. */
  crash(): Promise<void>;
  /** Throws in every worker of the page, where nobody catches it. Chromium only. @returns how many there were */
  breakWorkers(): Promise<number>;
  /** Nothing whose address ends in this is loaded any more, by workers neither. Chromium only. */
  refuse(ending: string): Promise<void>;
  close(): Promise<void>;
  evaluate<Result>(script: string): Promise<Result>;
}

export interface ThroughputLimits {
  readonly down?: number;
  readonly up?: number;
}

/** What a video element shows at this moment. */
export interface VideoSight {
  readonly width: number;
  readonly height: number;
  /** Index of the drawn person whose mark is in the picture. */
  readonly person: number | null;
  /** Number of the drawn picture; it changes when the picture moves. */
  readonly frame: number | null;
  /** How many pictures it has shown so far: it grows also where they are too small to read a mark in. */
  readonly played: number;
}

export const BUTTON = 'button, [role=button]';
export const REGION =
  'section[aria-label], section[aria-labelledby], [role=region], [role=dialog], [role=alertdialog]';

const quote = (text: string): string => JSON.stringify(text);

/** Elements to be seen with a role's selector and an accessible name. */
function find(selector: string, name: string): string {
  return `(() => {
    const nameOf = (element) => {
      const labelled = element.getAttribute('aria-labelledby');
      if (labelled !== null) return labelled.split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join(' ').trim();
      return (element.getAttribute('aria-label') ?? element.textContent ?? '').trim();
    };
    return [...document.querySelectorAll(${quote(selector)})].find((element) =>
      nameOf(element) === ${quote(name)} && element.checkVisibility({ visibilityProperty: true })) ?? null;
  })()`;
}

/** Scripts that run in the page; as text, so that two drivers can share them. */
export const scripts = {
  watch: (label: string): string => `(() => {
    const video = [...document.querySelectorAll('video')].find((one) => one.getAttribute('aria-label') === ${quote(label)});
    if (video === undefined || video.videoWidth === 0) return null;
    const mark = globalThis.visavisCharacters?.readVideoMark(video);
    return {
      width: video.videoWidth,
      height: video.videoHeight,
      person: mark === undefined ? null : mark.person,
      frame: mark === undefined ? null : mark.frame,
      played: video.getVideoPlaybackQuality().totalVideoFrames,
    };
  })()`,
  listen: (label: string): string => `(async () => {
    const sounding = [...document.querySelectorAll('video, audio')].filter((one) =>
      one.srcObject instanceof MediaStream && one.srcObject.getAudioTracks().length > 0 && !one.muted);
    const nameOf = (one) => one.getAttribute('aria-label');
    // In a group call each voice has an element that says whose it is.
    const element = sounding.find((one) => nameOf(one) === ${quote(label.replace(/^Video of /, 'Sound of '))}) ??
      sounding.find((one) => nameOf(one) === ${quote(label)} || (one.tagName === 'AUDIO' && nameOf(one) === null));
    if (element === undefined || element.paused) return 0;
    const context = globalThis.testAudioContext ??= new AudioContext();
    await context.resume();
    const source = context.createMediaStreamSource(new MediaStream(element.srcObject.getAudioTracks()));
    const analyser = context.createAnalyser();
    source.connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let peak = 0;
    const until = performance.now() + 300;
    while (performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      analyser.getFloatTimeDomainData(samples);
      for (const sample of samples) peak = Math.max(peak, Math.abs(sample));
    }
    source.disconnect();
    return peak;
  })()`,
  /** Without what is for screen readers alone. */
  text: `[...document.body.querySelectorAll(':scope > :not(#root), #root > :not(.sr-only)')]
    .map((element) => element.innerText)
    .join('\\n')`,
  check: (name: string): string => `(() => {
    const box = [...document.querySelectorAll('label')].find((one) => one.textContent.includes(${quote(name)}))
      ?.querySelector('input[type=checkbox], input[type=radio]');
    if (box === null || box === undefined) return false;
    if (!box.checked) box.click();
    return true;
  })()`,
  pressAt: (name: string, at: number): string => `(async () => {
    const button = ${find(BUTTON, name)};
    await new Promise((resolve) => setTimeout(resolve, ${at} - Date.now()));
    button.click();
  })()`,
  /** What media the page has, for who is surprised that there are none. */
  mediaFacts: `(async () => {
    const reports = await Promise.all(testConnections.map(async (one) => [one.connectionState, await one.getStats()]));
    const KEPT = ['type', 'kind', 'mid', 'packetsReceived', 'packetsSent', 'totalAudioEnergy', 'concealedSamples', 'framesReceived',
      'framesDecoded', 'keyFramesDecoded', 'framesDropped', 'framesEncoded', 'framesSent', 'frameWidth', 'pliCount', 'active',
      'qualityLimitationReason', 'targetBitrate'];
    return {
      players: [...document.querySelectorAll('video, audio')].map((one) => ({
        label: one.getAttribute('aria-label'),
        paused: one.paused,
        muted: one.muted,
        tracks: (one.srcObject?.getTracks() ?? []).map(({ kind, readyState, muted, enabled }) => [kind, readyState, muted, enabled].join(' ')),
      })),
      context: globalThis.testAudioContext?.state ?? null,
      connections: reports.filter(([state]) => state !== 'closed').map(([state, report]) => ({
        state,
        streams: [...report.values()]
          .filter(({ type }) => type === 'inbound-rtp' || type === 'outbound-rtp')
          .map((entry) => Object.fromEntries(KEPT.filter((name) => name in entry).map((name) => [name, entry[name]]))),
      })),
      text: document.body.innerText.slice(0, 600),
    };
  })()`,
  /** Makes the page's connections known, for what is read from their statistics. */
  rememberConnections: `(() => {
    const Original = globalThis.RTCPeerConnection;
    globalThis.testConnections = [];
    globalThis.RTCPeerConnection = class extends Original {
      constructor(...options) {
        super(...options);
        globalThis.testConnections.push(this);
      }
    };
  })()`,
  listenByStatistics: `(async () => {
    const plays = [...document.querySelectorAll('video, audio')].some((one) =>
      one.srcObject instanceof MediaStream && one.srcObject.getAudioTracks().length > 0 && !one.muted && !one.paused);
    if (!plays) return 0;
    const sum = async () => {
      let energy = 0;
      let duration = 0;
      for (const connection of globalThis.testConnections.filter((one) => one.connectionState === 'connected')) {
        for (const report of (await connection.getStats()).values()) {
          if (report.type !== 'inbound-rtp' || report.kind !== 'audio') continue;
          energy += report.totalAudioEnergy ?? 0;
          duration += report.totalSamplesDuration ?? 0;
        }
      }
      return { energy, duration };
    };
    const before = await sum();
    await new Promise((resolve) => setTimeout(resolve, 600));
    const after = await sum();
    return after.duration > before.duration
      ? Math.sqrt(Math.max(0, after.energy - before.energy) / (after.duration - before.duration))
      : 0;
  })()`,
  find,
};

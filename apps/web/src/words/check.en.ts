import type { CheckVerdict, Findings, WayFinding } from '@visavis/client';

interface VerdictWords {
  /** One sentence: what it is. */
  readonly sentence: string;
  /** The one thing to do. */
  readonly todo: string;
}

const ALLOW = 'next to the address at the top of the window, then check again.';

const verdicts: Readonly<Record<CheckVerdict, VerdictWords>> = {
  insecure_page: {
    sentence: 'Calls can’t be made from this address, because it isn’t secure.',
    todo: 'Open this page by its address that begins with https.',
  },
  unreachable: {
    sentence: 'The server can’t be reached, so you can’t call or be called.',
    todo: 'Look whether other pages load. If they do, tell whoever runs this service.',
  },
  asking: {
    sentence: 'Your browser is waiting for your answer about camera and microphone.',
    todo: 'Allow them in the question it shows, then check again.',
  },
  both_denied: {
    sentence: 'Camera and microphone are blocked for this page, so nobody sees or hears you.',
    todo: `Allow both ${ALLOW}`,
  },
  microphone_denied: {
    sentence: 'Your microphone is blocked for this page, so nobody hears you.',
    todo: `Allow it ${ALLOW}`,
  },
  no_microphone: {
    sentence: 'There is no microphone, so nobody hears you.',
    todo: 'Plug a microphone or a headset in, then check again.',
  },
  microphone_in_use: {
    sentence: 'Another app has your microphone, so nobody hears you.',
    todo: 'Close that app, then check again.',
  },
  no_way: {
    sentence: 'This network lets no calls through.',
    todo: 'Use another network, such as the hotspot of your phone, then check again.',
  },
  too_slow: {
    sentence: 'This connection is too slow for calls.',
    todo: 'Use another network, or pause downloads that are running, then check again.',
  },
  microphone_silent: {
    sentence: 'No sound comes from your microphone.',
    todo: 'Look for a mute switch on it or on your headset, then check again.',
  },
  no_speaker: {
    sentence: 'There is nothing to play sound on, so you hear nobody.',
    todo: 'Plug headphones or a speaker in, then check again.',
  },
  camera_denied: {
    sentence: 'Your camera is blocked for this page: you’re heard, not seen.',
    todo: `Allow it ${ALLOW}`,
  },
  no_camera: {
    sentence: 'There is no camera: you’re heard, not seen.',
    todo: 'Plug a camera in, then check again.',
  },
  camera_in_use: {
    sentence: 'Another app has your camera: you’re heard, not seen.',
    todo: 'Close that app, then check again.',
  },
  no_picture: {
    sentence: 'Your camera is on and gives no picture.',
    todo: 'Unplug it and plug it in again, or choose another one in the settings.',
  },
  slow_upload: {
    sentence: 'Your connection is too slow to send a good picture.',
    todo: 'Turn on low data, or use another network.',
  },
  slow_download: {
    sentence: 'Your connection is too slow to receive a good picture.',
    todo: 'Turn on low data, or use another network.',
  },
  far: {
    sentence: 'Everything takes long on this connection: people will talk over each other.',
    todo: 'Use another network, or leave short pauses when you talk.',
  },
  udp_blocked: {
    sentence: 'This network blocks the fast way for calls (UDP): they get through, and may stutter.',
    todo: 'If they do, use another network.',
  },
  relay_down: {
    sentence: 'Calls work here, but this service’s relay can’t be reached: not everybody can be called.',
    todo: 'If a call doesn’t connect, use another network or tell whoever runs this service.',
  },
  dark: {
    sentence: 'Your camera hardly sees anything.',
    todo: 'Uncover it or turn on a light, then check again.',
  },
  untested: {
    sentence: 'Camera and sound work; the way for calls couldn’t be tried.',
    todo: 'Call somebody to see.',
  },
  fine: { sentence: 'Everything works.', todo: 'You can call.' },
};

/** What is different to say while a call goes on. */
const inCall: Partial<Record<CheckVerdict, VerdictWords>> = {
  fine: {
    sentence: 'Everything works on your side.',
    todo: 'Ask the person you talk to to check their connection.',
  },
  untested: {
    sentence: 'Camera and sound work on your side.',
    todo: 'Ask the person you talk to to check their connection.',
  },
};

const device: Readonly<Record<Findings['camera'], string>> = {
  unchecked: 'Not checked',
  works: 'Works',
  asking: 'Waiting for your answer',
  denied: 'Blocked for this page',
  missing: 'Not found',
  in_use: 'Used by another app',
  silent: 'No sound',
  dark: 'Hardly any light',
  no_picture: 'No picture',
};
const speaker: Readonly<Record<Findings['speaker'], string>> = {
  unchecked: 'Not checked',
  found: 'Found',
  missing: 'Not found',
  unknown: 'This browser doesn’t say',
};
const server: Readonly<Record<Findings['server'], string>> = {
  unchecked: 'Not checked',
  reached: 'Reached',
  unreachable: 'Not reached',
};
const way = (none: string): Readonly<Record<WayFinding, string>> => ({
  unchecked: 'Not checked',
  open: 'Open',
  blocked: 'Blocked',
  none,
  unknown: 'Couldn’t be tried',
});
const mediaServer = way('No media server at present');
const relay = way('This service has none');

const rate = (bits: number): string =>
  bits >= 20_000_000
    ? 'More than 20 Mbit/s'
    : bits >= 1_000_000
      ? `${(bits / 1_000_000).toFixed(1)} Mbit/s`
      : `${String(Math.round(bits / 1_000))} kbit/s`;
const NOT_MEASURED = 'Not measured';
const rateOf = (bits: number | null): string => (bits === null ? NOT_MEASURED : rate(bits));

export const checkWords = {
  title: 'Check camera, sound and connection',
  running: 'Checking… This takes up to 5 seconds.',
  again: 'Check again',
  lowData: 'Turn on low data',
  done: 'Done',
  details: 'Details',
  hear: 'Play a sound',
  hearHint: 'Whether you hear it only you can tell.',
  verdict: (verdict: CheckVerdict, isInCall: boolean): VerdictWords =>
    (isInCall ? inCall[verdict] : undefined) ?? verdicts[verdict],
  steps: { camera: 'Camera', microphone: 'Microphone', speaker: 'Speaker', connection: 'Connection' },
  rows: (found: Findings): readonly { readonly label: string; readonly value: string }[] => [
    { label: 'Camera', value: device[found.camera] },
    { label: 'Microphone', value: device[found.microphone] },
    { label: 'Speaker', value: speaker[found.speaker] },
    { label: 'Server', value: server[found.server] },
    { label: 'Media server, UDP', value: mediaServer[found.udp] },
    { label: 'Media server, TCP', value: mediaServer[found.tcp] },
    { label: 'Relay, UDP', value: relay[found.relay.udp] },
    { label: 'Relay, TCP', value: relay[found.relay.tcp] },
    { label: 'Relay, TLS', value: relay[found.relay.tls] },
    {
      label: 'Round trip',
      value:
        found.roundTripMs === null
          ? NOT_MEASURED
          : `${String(Math.max(1, Math.round(found.roundTripMs)))} ms`,
    },
    { label: 'Download', value: rateOf(found.download) },
    { label: 'Upload', value: rateOf(found.upload) },
  ],
};

import {
  FakeStream,
  FakeTrack,
  NO_TRACKS,
  asStream,
  asTrack,
  createSfuBench,
  published,
  settle,
} from './fakeSfu.ts';

export const own = () => ({
  ...NO_TRACKS,
  audio: asTrack(new FakeTrack('audio', 'microphone')),
  video: asTrack(new FakeTrack('video', 'camera')),
});
export const namesOf = (stream: MediaStream | undefined): string[] =>
  stream === undefined ? [] : (stream as unknown as FakeStream).names();
export const adopted = () => {
  const stream = new FakeStream([
    new FakeTrack('audio', 'direct sound'),
    new FakeTrack('video', 'direct picture'),
  ]);
  return { stream, adopt: new Map([['ben', asStream(stream)]]) };
};
export const report = (bytes: number) =>
  new Map([
    ['T', { id: 'T', type: 'transport', selectedCandidatePairId: 'P', bytesSent: bytes }],
    ['P', { id: 'P', type: 'candidate-pair' }],
  ]) as unknown as RTCStatsReport;
export const ben = [published('microphone'), published('camera')];
export const tileOf = (deviceId: string) => ({
  of: { deviceId },
  width: 320,
  height: 180,
  visible: true,
  large: false,
});

export async function started(options: Parameters<typeof createSfuBench>[0] = {}, tracks = ben) {
  const bench = createSfuBench({ local: own(), ...options });
  bench.publish(tracks);
  bench.media.start();
  await settle();
  return bench;
}
export async function connected() {
  const bench = await started();
  for (const transport of bench.transports) transport.become('connected');
  await settle();
  return bench;
}

export const remoteOf = ({ media }: Awaited<ReturnType<typeof connected>>) =>
  media.getState().remotes.get('ben');
export const statesOf = (transports: readonly { readonly state: string }[]) =>
  transports.map(({ state }) => state);
export const pass = async (bench: Awaited<ReturnType<typeof connected>>, ms: number) => {
  bench.timers.advance(ms);
  await settle();
};

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../harness/until.ts';
import { startSfu, type TestSfu } from './sfu/sfu.ts';
import { LARGEST_LAYER, startTalkers, type Talker, type Talkers } from './sfu/talkers.ts';
import { listWorkers } from './sfu/workers.ts';

const CALL = 'call';
/** A device counts four streams and each that it is sent one: the third finds the first worker full. */
const CAPACITY = 8;

let sfu: TestSfu;
let talkers: Talkers;
beforeEach(async () => {
  sfu = await startSfu({ workers: 2, capacity: CAPACITY });
  talkers = await startTalkers(sfu, CALL);
});
afterEach(async () => {
  await talkers.close();
  await sfu.close();
  expect(listWorkers()).toEqual([]);
});

const portOf = ({ opened }: Talker): number | undefined => opened.send.iceCandidates[0]?.port;

/** Ana and Ben are on one worker, Cem on the other. */
async function gather(): Promise<readonly [Talker, Talker, Talker]> {
  const [ana, ben, cem] = [
    await talkers.join('ana'),
    await talkers.join('ben'),
    await talkers.join('cem', { talks: true }),
  ];
  expect(portOf(ben)).toBe(portOf(ana));
  expect(portOf(cem)).not.toBe(portOf(ana));
  return [ana, ben, cem];
}
async function untilCome(who: Talker, what: 'sound' | 'pictures', least = 5): Promise<void> {
  let come = 0;
  await until(`${what} come`, async () => {
    const taken = await who.take();
    expect(taken.broken).toBe(0);
    come += taken[what];
    return come >= least;
  });
}
const layersOf = (deviceId: string, trackId: string) =>
  sfu
    .of('layers')
    .filter((event) => event.deviceId === deviceId && event.trackId === trackId)
    .map(({ spatialLayer }) => spatialLayer);

describe('a call of three on two workers', () => {
  test('sound and pictures pass the pipe both ways as they were sent, and who speaks behind it is found', async () => {
    const [ana, ben, cem] = await gather();
    await cem.watch([ana.camera]);
    await ana.watch([cem.microphone, cem.camera]);
    await ben.watch([cem.microphone]);
    await cem.prefer(ana.camera, 0);
    await ana.prefer(cem.camera, 0);
    await talkers.start();
    await untilCome(cem, 'pictures');
    for (const who of [ana, ben]) await untilCome(who, 'sound');
    await untilCome(ana, 'pictures');
    await until('Cem is heard to speak', () => sfu.of('speaker').at(-1)?.deviceId === 'cem');
    // Once for both who listen there, and one picture each way.
    expect(sfu.pipes()).toBe(3);
  });

  test('what nobody looks at there does not pass, and comes again when somebody does', async () => {
    const [ana, ben, cem] = await gather();
    expect(sfu.pipes()).toBe(0);
    await ben.watch([ana.camera]);
    await ben.prefer(ana.camera, 0);
    expect(sfu.pipes()).toBe(0);
    await cem.watch([ana.camera]);
    await until('nothing is sent in vain', () => sfu.pipes() === 0);
    await talkers.start();
    await cem.prefer(ana.camera, 0);
    await untilCome(cem, 'pictures');
    expect(sfu.pipes()).toBe(1);
    await cem.prefer(ana.camera, null);
    await until('it passes no more', () => sfu.pipes() === 0);
    // Ben's goes on.
    await ben.take();
    await untilCome(ben, 'pictures');
    await cem.prefer(ana.camera, 0);
    await cem.take();
    await untilCome(cem, 'pictures');
    // Its sender pauses, and goes on.
    await sfu.setPaused(CALL, 'ana', ana.camera, true);
    await until('it passes no more', () => sfu.pipes() === 0);
    await sfu.setPaused(CALL, 'ana', ana.camera, false);
    await cem.take();
    await untilCome(cem, 'pictures');
    await sfu.unpublish(CALL, 'ana', ana.camera);
    await until('the pipe is closed', () => sfu.pipes() === 0);
  });

  test('a track that has waited in a pipe is not said to be paused by its sender', async () => {
    const [ana, , cem] = await gather();
    await cem.watch([ana.camera]);
    await until('nothing is sent in vain', () => sfu.pipes() === 0);
    expect(await sfu.receive(CALL, 'cem', [ana.camera])).toMatchObject([{ producerPaused: false }]);
  });

  test('layers change behind the pipe, and the sender hears what is watched there', async () => {
    const [ana, , cem] = await gather();
    await cem.watch([ana.camera]);
    await cem.prefer(ana.camera, 0);
    await talkers.start();
    await until('Cem gets the small one', () => layersOf('cem', ana.camera).at(-1) === 0);
    expect(sfu.of('demand').at(-1)).toMatchObject({ trackId: ana.camera, maxSpatialLayer: 0 });
    await cem.prefer(ana.camera, LARGEST_LAYER);
    expect(sfu.of('demand').at(-1)).toMatchObject({ trackId: ana.camera, maxSpatialLayer: LARGEST_LAYER });
    await until('Cem gets the large one', () => layersOf('cem', ana.camera).at(-1) === LARGEST_LAYER);
    await cem.prefer(ana.camera, 0);
    await until('Cem gets the small one again', () => layersOf('cem', ana.camera).at(-1) === 0);
    await cem.take();
    await untilCome(cem, 'pictures');
  });

  test('the worker behind a pipe dies: another takes its place, and media pass between them again', async () => {
    const [ana, ben, cem] = await gather();
    await ana.watch([cem.microphone]);
    await talkers.start();
    await untilCome(ana, 'sound');
    const before = listWorkers();
    const [, behind = 0] = before;
    process.kill(behind, 'SIGKILL');
    await until('the call is lost', () => sfu.of('call_lost').length === 1);
    await until('there are two again', () => listWorkers().length === 2);
    expect(listWorkers()).not.toEqual(before);
    expect(sfu.pipes()).toBe(0);
    await talkers.close();
    talkers = await startTalkers(sfu, CALL);
    await until('both listen', async () => {
      const opened = [];
      for (const name of ['a', 'b', 'c']) opened.push(await sfu.open('probe', name, NOTHING));
      await sfu.end('probe');
      return opened[0]?.send.iceCandidates[0]?.port !== opened[2]?.send.iceCandidates[0]?.port;
    });
    const anew = await gather();
    await anew[0].watch([anew[2].microphone]);
    await talkers.start();
    await untilCome(anew[0], 'sound');
    expect(ben.opened.generation).toBeLessThan(anew[1].opened.generation);
  });
});

const NOTHING = { rtpCapabilities: { codecs: [], headerExtensions: [] } };

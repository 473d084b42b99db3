import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../harness/until.ts';
import { connectEnds, expectFlow, startBrowsers, type Browsers, type End, type Pipe } from './media/ends.ts';

let browsers: Browsers;
let open: { close(): Promise<void> }[] = [];
beforeAll(async () => {
  browsers = await startBrowsers();
});
afterEach(async () => {
  for (const part of open.toReversed()) await part.close();
  open = [];
});
afterAll(() => browsers.close());

type BrowserName = 'chromium' | 'firefox';

async function openEnd(name: BrowserName, polite: boolean): Promise<End> {
  const end = await (name === 'chromium' ? browsers.openChromium() : browsers.openFirefox());
  open.push(end);
  await begin(end, polite);
  return end;
}

async function begin(end: End, polite: boolean): Promise<void> {
  await end.run(`start(${polite}, true)`);
  await until('camera and microphone are open', async () => (await end.facts()).share.video === 'live');
}

/** A call that is answered: both prepare, the caller offers, the callee accepts. */
async function connect(
  callerName: BrowserName = 'chromium',
  calleeName: BrowserName = 'chromium',
): Promise<{ caller: End; callee: End; pipe: Pipe }> {
  const caller = await openEnd(callerName, false);
  const callee = await openEnd(calleeName, true);
  await caller.run('prepare()');
  await callee.run('prepare()');
  await callee.run('accept()');
  await caller.run('offer()');
  await caller.run('accept()');
  const pipe = connectEnds(caller, callee);
  open.push(pipe);
  await expectFlow(caller);
  await expectFlow(callee);
  return { caller, callee, pipe };
}

describe('a direct call', () => {
  for (const [caller, callee] of [
    ['chromium', 'chromium'],
    ['chromium', 'firefox'],
    ['firefox', 'chromium'],
  ] as const) {
    it(`NEG1 pictures and sound arrive both ways, ${caller} calls ${callee}`, async () => {
      const call = await connect(caller, callee);
      const [one, two] = [await call.caller.facts(), await call.callee.facts()];
      expect(one.state.connectionId).toBe(two.state.connectionId);
      for (const end of [call.caller, call.callee]) {
        await until('the path and what arrives are known', async () => {
          const { state, remoteLevel } = await end.facts();
          return state.path === 'direct' && state.remoteHasVideo && state.remoteHasAudio && remoteLevel > 0;
        });
        const { state, fmtp, maxBitrates, sentHeight } = await end.facts();
        expect(state.flow).toBe('flowing');
        expect(maxBitrates).toEqual({ audio: 32_000, video: 2_000_000 });
        expect(sentHeight).toBeLessThanOrEqual(720);
        expect(fmtp).toContain('useinbandfec=1');
      }
      for (const [name, end] of [
        [caller, call.caller],
        [callee, call.callee],
      ] as const) {
        if (name === 'chromium') expect((await end.facts()).degradation).toBe('maintain-framerate');
      }
      expect(call.pipe.counts).toMatchObject({ offer: 1, answer: 1 });
      expect(call.pipe.refused).toEqual([]);
    });
  }

  it('NEG3 nothing is sent and nothing handled before the callee accepts', async () => {
    const caller = await openEnd('chromium', false);
    const callee = await openEnd('chromium', true);
    await callee.run('prepare()');
    await caller.run('offer()');
    const pipe = connectEnds(caller, callee);
    open.push(pipe);
    await until('the offer and candidates came too early', async () => {
      return (await callee.facts()).counters.refusedSignals > 1;
    });
    const { state, counters } = await callee.facts();
    expect(state.connectionId).toBeNull();
    expect(counters).toMatchObject({ sentDescriptions: 0, connections: 0 });
    expect(pipe.counts.answer).toBe(0);
  });

  it('NEG1 the camera goes off and on without a new description, and its track is stopped in between', async () => {
    const { caller, callee, pipe } = await connect();
    await caller.run('setCamera(false)');
    expect((await caller.facts()).share.video).toBeNull();
    await until('no more pictures arrive', async () => !(await callee.facts()).state.remoteHasVideo);
    const { framesDecoded, state } = await callee.facts();
    expect(state.flow).toBe('flowing');
    expect(state.remoteHasAudio).toBe(true);
    await caller.run('setCamera(true)');
    await until('pictures arrive again', async () => {
      const now = await callee.facts();
      return now.state.remoteHasVideo && now.framesDecoded > framesDecoded + 10;
    });
    expect(pipe.counts).toMatchObject({ offer: 1, answer: 1 });
  });

  it('CALL6 mute silences at once and the meter falls flat', async () => {
    const { caller, callee } = await connect();
    await until('the meter moves', async () => (await caller.facts()).localLevel > 0.2);
    await caller.run('setMuted(true)');
    await until('the own meter is flat', async () => (await caller.facts()).localLevel === 0);
    await until('the other hears nothing', async () => (await callee.facts()).remoteLevel === 0);
    await caller.run('setMuted(false)');
    await until('the other hears again', async () => (await callee.facts()).remoteLevel > 0.2);
  });

  it('NEG1 another camera is taken without a new description', async () => {
    const { caller, callee, pipe } = await connect();
    const before = (await caller.facts()).share.videoLabel;
    expect(await caller.run<string | null>('chooseOtherCamera()')).not.toBeNull();
    await until('the other camera is in use', async () => {
      const { share } = await caller.facts();
      return share.video === 'live' && share.videoLabel !== before;
    });
    await expectFlow(callee);
    expect(pipe.counts).toMatchObject({ offer: 1, answer: 1 });
  });

  it('two users of one camera: muting and closing one leaves the other alone', async () => {
    const end = await openEnd('chromium', false);
    expect(await end.run('previewBeside()')).toEqual({ live: true, others: true });
  });

  it('NEG4 a cut of the network: lost, restarted, flowing again', async () => {
    const { caller, callee, pipe } = await connect();
    const { connectionId } = (await caller.facts()).state;
    await caller.setConnected(false);
    await callee.setConnected(false);
    await until('both notice', async () => {
      const flows = [(await caller.facts()).state.flow, (await callee.facts()).state.flow];
      return flows.every((flow) => flow === 'lost');
    });
    await until('one of them restarts', () => pipe.counts.offer > 1);
    await caller.setConnected(true);
    await callee.setConnected(true);
    await expectFlow(caller);
    await expectFlow(callee);
    await until('both flow', async () => {
      const flows = [(await caller.facts()).state.flow, (await callee.facts()).state.flow];
      return flows.every((flow) => flow === 'flowing');
    });
    expect((await caller.facts()).state.connectionId).toBe(connectionId);
  });

  it('NEG4 a restart in the middle of a call does not interrupt it', async () => {
    const { caller, callee, pipe } = await connect();
    const { streamId } = await callee.facts();
    for (const [count, end] of [caller, callee].entries()) {
      await end.run('restart()');
      await until('the restart is answered', () => pipe.counts.answer > count + 1);
      await expectFlow(caller);
      await expectFlow(callee);
    }
    const { state, streamId: after } = await callee.facts();
    expect(state.flow).toBe('flowing');
    expect(after).toBe(streamId);
  });

  it('NEG1 both restart at once, and find each other in one connection', async () => {
    const { caller, callee, pipe } = await connect();
    await Promise.all([caller.run('restart()'), callee.run('restart()')]);
    await until('both have offered', () => pipe.counts.offer > 2);
    await expectFlow(caller);
    await expectFlow(callee);
    expect((await caller.facts()).state.connectionId).toBe((await callee.facts()).state.connectionId);
  });

  for (const [side, browser] of [
    ['caller', 'chromium'],
    ['callee', 'chromium'],
    ['callee', 'firefox'],
  ] as const) {
    it(`NEG1 the ${side} (${browser}) loads the page anew and is back in a new connection`, async () => {
      const ends = await connect('chromium', browser);
      const before = (await ends.caller.facts()).state.connectionId;
      const end = ends[side];
      await end.reload();
      await begin(end, side === 'callee');
      await ends[side === 'callee' ? 'caller' : 'callee'].run(`bindTo(${side === 'callee' ? 3 : 2})`);
      await end.run('reconnect()');
      await expectFlow(ends.caller);
      await expectFlow(ends.callee);
      const { state } = await ends.caller.facts();
      expect(state.connectionId).not.toBe(before);
      expect(state.connectionId).toBe((await ends.callee.facts()).state.connectionId);
    });
  }

  it('NEG1 both load the page anew at once', async () => {
    const { caller, callee } = await connect();
    await Promise.all([caller.reload(), callee.reload()]);
    await Promise.all([begin(caller, false), begin(callee, true)]);
    await Promise.all([caller.run('bindTo(3)'), callee.run('bindTo(2)')]);
    await Promise.all([caller.run('reconnect()'), callee.run('reconnect()')]);
    await expectFlow(caller);
    await expectFlow(callee);
    expect((await caller.facts()).state.connectionId).toBe((await callee.facts()).state.connectionId);
  });
});

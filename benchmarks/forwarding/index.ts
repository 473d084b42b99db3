import type { Result } from '../lib/results.ts';
import type { Crowd, ForwardedCall } from './calls.ts';
import { describe, type Series } from './describe.ts';
import { openDirectCall } from './direct.ts';
import { openJanusCall } from './janus/call.ts';
import { hasJanus } from './janus/process.ts';
import { startPeers } from './peers/index.ts';
import { play, type Round } from './play.ts';
import { openVisavisCall } from './visavis.ts';

/** A call of 32 forwarded by the product's media worker and by Debian's Janus, with the same senders and receivers, in turns. */
export async function benchmarkForwarding(rounds: number): Promise<Result> {
  const crowd: Crowd = { senders: await startPeers(), receivers: await startPeers() };
  const calls: ForwardedCall[] = [];
  const open = async (opening: Promise<ForwardedCall>): Promise<ForwardedCall> => {
    const call = await opening;
    calls.push(call);
    return call;
  };
  const rows: Record<Series, Round[]> = { direct: [], visavis: [], janus: [], saving: [] };
  try {
    const direct = await open(openDirectCall(crowd));
    const visavis = await open(openVisavisCall(crowd));
    const janus = hasJanus() ? await open(openJanusCall(crowd)) : null;
    for (let round = 0; round < rounds; round += 1) {
      rows.direct.push(await play(direct, crowd, { followsDemand: false }));
      rows.visavis.push(await play(visavis, crowd, { followsDemand: false }));
      if (janus !== null) rows.janus.push(await play(janus, crowd, { followsDemand: false }));
      rows.saving.push(await play(visavis, crowd, { followsDemand: true }));
    }
  } finally {
    await Promise.all(calls.map(async (call) => call.close()));
    await Promise.all([crowd.senders.close(), crowd.receivers.close()]);
  }
  return describe(rows);
}

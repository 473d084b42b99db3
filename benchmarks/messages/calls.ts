import { randomUUID } from 'node:crypto';
import type { ServerEvent } from '@visavis/protocol';
import { createCandidate } from '../lib/sdp.ts';
import type { Pair } from '../lib/population.ts';
import { connectDevice, type SimulatedDevice } from '../lib/simulatedDevice.ts';
import type { Sender } from './peers.ts';

/** One direction of a call: what was sent and has not arrived yet, oldest first. */
interface Lane {
  readonly sent: { readonly line: string; readonly resolve: () => void }[];
}

/** Two devices in a connected call of the product: each sends candidates to the other. */
export async function openCall(
  urls: readonly [string, string],
  [one, other]: Pair,
): Promise<readonly [Sender, Sender]> {
  const lanes: readonly [Lane, Lane] = [{ sent: [] }, { sent: [] }];
  const caller = await connectDevice(urls[0], one, { claim: (event) => receive(lanes[1], event) });
  const callee = await connectDevice(urls[1], other, { claim: (event) => receive(lanes[0], event) });
  const dialed = await caller.request({
    type: 'initiate_call',
    payload: { idempotencyKey: randomUUID(), calleeId: callee.userId, callType: 'video' },
  });
  const { callId } = dialed.payload;
  if (callId === undefined) throw new Error('a call without an id');
  await callee.expect('ring', callId);
  await callee.request({ type: 'answer_call', callId, payload: { media: 'video' } });
  await caller.expect('call_answered', callId);
  return [createSender(caller, callId, lanes[0]), createSender(callee, callId, lanes[1])];
}

/** SES2: each arrives once, in the order in which it was sent. */
function receive(lane: Lane, event: ServerEvent): boolean {
  if (event.type !== 'ice_candidate') return false;
  const first = lane.sent.shift();
  if (first?.line !== event.payload.candidate) throw new Error('a message was lost, doubled or overtaken');
  first.resolve();
  return true;
}

function createSender(device: SimulatedDevice, callId: string, lane: Lane): Sender {
  const connectionId = randomUUID();
  let index = 0;
  return {
    send: async () => {
      index += 1;
      const payload = createCandidate(connectionId, index % 250);
      const arrived = new Promise<void>((resolve) => lane.sent.push({ line: payload.candidate, resolve }));
      await Promise.all([device.request({ type: 'ice_candidate', callId, payload }), arrived]);
    },
    close: () => device.close(),
  };
}

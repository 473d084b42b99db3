import { randomUUID } from 'node:crypto';
import { createCandidate, createSdp } from '../lib/sdp.ts';
import type { SimulatedDevice } from '../lib/simulatedDevice.ts';

/** What each side trickles: host addresses of a machine with two networks, with and without a server's reflection. */
const CANDIDATES = 4;
const SDP = createSdp();

/** Who is called by whom, and gives back the call's id when it has ended on both sides. */
export async function playCall(caller: SimulatedDevice, callee: SimulatedDevice): Promise<string> {
  const { payload } = await caller.request({
    type: 'initiate_call',
    payload: { idempotencyKey: randomUUID(), calleeId: callee.userId, callType: 'video' },
  });
  const { callId } = payload;
  if (callId === undefined) throw new Error('a call without an id');
  const connectionId = randomUUID();

  const ringing = Promise.all([offer(caller, callId, connectionId), ring(callee, callId)]);
  await caller.expect('call_progress', callId);
  await ringing;

  const answered = await callee.request({ type: 'answer_call', callId, payload: { media: 'video' } });
  const held = answered.payload.signals?.length;
  if (held !== CANDIDATES + 1) throw new Error(`the server held ${String(held)} signals`);
  await caller.expect('call_answered', callId);
  await Promise.all([
    callee.request({ type: 'answer', callId, payload: { connectionId, sdp: SDP } }),
    ...trickle(callee, callId, connectionId),
    caller.expect('answer', callId),
    ...Array.from({ length: CANDIDATES }, () => caller.expect('ice_candidate', callId)),
  ]);
  await Promise.all(
    [caller, callee].map((device) =>
      device.request({ type: 'report_media', callId, payload: { flow: 'flowing' } }),
    ),
  );

  const ended = callee.expect('call_ended', callId);
  await caller.request({ type: 'end_call', callId, payload: { reason: 'hangup' } });
  await ended;
  return callId;
}

async function offer(caller: SimulatedDevice, callId: string, connectionId: string): Promise<void> {
  await Promise.all([
    caller.request({ type: 'offer', callId, payload: { connectionId, sdp: SDP } }),
    ...trickle(caller, callId, connectionId),
  ]);
}

async function ring(callee: SimulatedDevice, callId: string): Promise<void> {
  await callee.expect('ring', callId);
  await callee.request({ type: 'report_ringing', callId, payload: { silent: false } });
}

const trickle = (device: SimulatedDevice, callId: string, connectionId: string) =>
  Array.from({ length: CANDIDATES }, (_, index) =>
    device.request({ type: 'ice_candidate', callId, payload: createCandidate(connectionId, index) }),
  );

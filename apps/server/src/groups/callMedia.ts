import { findDevice, joinedOf, type GroupCall } from '@visavis/call';
import type { ErrorCode, MediaRequest, RequestAnswer } from '@visavis/protocol';
import type { CorePorts } from '../corePorts.ts';
import { refuse } from '../signaling/answers.ts';
import { toError } from '../toError.ts';
import { handleMediaRequest } from './mediaRequests.ts';
import { createMediaRelay, type MediaRelay } from './mediaRelay.ts';
import { isJoined } from './liveGroups.ts';

/** GRP4: the media of group calls, wherever they are forwarded. */
export interface CallMedia {
  /** Does what a device asks, if it is in the call. */
  handle(deviceId: string, request: MediaRequest): Promise<RequestAnswer>;
  /** Closes the media of whoever is not in the call any more. */
  handleChange(call: GroupCall, before: GroupCall | null): void;
  close(): void;
}

type MediaPorts = Pick<CorePorts, 'sfu' | 'groups' | 'bus' | 'nodes' | 'clock' | 'random' | 'log'>;

/** @param find - the call as it is stored */
export function createCallMedia(
  ports: MediaPorts,
  find: (callId: string) => Promise<GroupCall | null>,
): CallMedia {
  const { sfu, groups, bus, nodes, log } = ports;
  const ownId = ports.random.id();

  const guard = (work: Promise<void>): void => {
    work.catch((error: unknown) => {
      log.error('media could not be closed', { error: toError(error) });
    });
  };

  const handleHere = async (deviceId: string, request: MediaRequest): Promise<RequestAnswer> => {
    const call = await find(request.callId);
    const code = judge(call, deviceId);
    if (code !== null) return refuse(request.id, code);
    const answer = await handleMediaRequest(sfu, deviceId, request);
    // It may have left while that was done.
    const after = await find(request.callId);
    if (after === null || !isJoined(after, deviceId)) await sfu.leave(request.callId, deviceId);
    return answer;
  };

  const relay: MediaRelay | null = nodes.isAlone
    ? null
    : createMediaRelay(ports, ownId, {
        handleRequest: handleHere,
        handleLeft: (callId, deviceId) => guard(closeHere(callId, deviceId)),
      });

  const closeHere = async (callId: string, deviceId: string | null): Promise<void> =>
    deviceId === null ? sfu.end(callId) : sfu.leave(callId, deviceId);

  /** The node that had them is gone: everybody opens anew, wherever that is then. */
  const takeOver = async (call: GroupCall, former: string): Promise<void> => {
    if (sfu.state().name !== 'ready') return;
    if ((await groups.claimMedia(call.callId, former, ownId)) !== ownId) return;
    log.warn('took the media of a call over from a node that does not answer');
    const notice = { type: 'media_lost', callId: call.callId, payload: {} };
    for (const { device } of joinedOf(call))
      bus.publish(device.deviceId, { kind: 'notice', text: JSON.stringify(notice) });
  };

  const handleAnywhere = async (
    deviceId: string,
    request: MediaRequest,
    media: MediaRelay,
  ): Promise<RequestAnswer> => {
    const { callId, id } = request;
    const call = await find(callId);
    const code = judge(call, deviceId);
    if (call === null || code !== null) return refuse(id, code ?? 'FORBIDDEN');
    let place = await groups.findMediaNode(callId);
    if (place === null) {
      if (sfu.state().name !== 'ready') return refuse(id, 'MEDIA_UNAVAILABLE');
      place = await groups.claimMedia(callId, null, ownId);
    }
    if (place === null) return refuse(id, 'CALL_UNAVAILABLE');
    if (place === ownId) return handleHere(deviceId, request);
    const answer = await media.ask(place, deviceId, request);
    if (answer !== null) return answer;
    await takeOver(call, place);
    return refuse(id, 'MEDIA_UNAVAILABLE');
  };

  return {
    handle: async (deviceId, request) =>
      relay === null ? handleHere(deviceId, request) : handleAnywhere(deviceId, request, relay),
    handleChange: (call, before) => {
      if (before === null) return;
      const { callId } = call;
      const left = joinedOf(before)
        .map(({ device }) => device.deviceId)
        .filter((deviceId) => !isJoined(call, deviceId));
      for (const deviceId of call.state === 'ended' ? [null] : left) {
        guard(closeHere(callId, deviceId));
        if (relay !== null) guard(relay.tellLeft(callId, deviceId));
      }
    },
    close: () => relay?.close(),
  };
}

/** Whether this device may ask at all (CALL1). */
function judge(call: GroupCall | null, deviceId: string): ErrorCode | null {
  if (call === null) return 'FORBIDDEN';
  if (isJoined(call, deviceId)) return null;
  return findDevice(call, deviceId)?.part.state === 'left' ? 'CALL_UNAVAILABLE' : 'FORBIDDEN';
}

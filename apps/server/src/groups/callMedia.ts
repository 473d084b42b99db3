import { findDevice, joinedOf, type GroupCall } from '@visavis/call';
import type { ErrorCode, MediaRequest, RequestAnswer } from '@visavis/protocol';
import type { CorePorts } from '../corePorts.ts';
import { refuse } from '../signaling/answers.ts';
import { toError } from '../toError.ts';
import { handleMediaRequest } from './mediaRequests.ts';
import { createMediaMoves, type MediaMoves } from './mediaMoves.ts';
import { createMediaRelay, type MediaRelay } from './mediaRelay.ts';
import type { MediaRoster } from './mediaRoster.ts';
import { isJoined } from './liveGroups.ts';

/** GRP4: the media of group calls, wherever they are forwarded. */
export interface CallMedia extends Pick<MediaMoves, 'handleLost' | 'drain' | 'hasGiven'> {
  /** Does what a device asks, if it is in the call. */
  handle(deviceId: string, request: MediaRequest): Promise<RequestAnswer>;
  /** Closes the media of whoever is not in the call any more. */
  handleChange(call: GroupCall, before: GroupCall | null): void;
  close(): void;
}

export type CallMediaPorts = Pick<
  CorePorts,
  'sfu' | 'groups' | 'mediaNodes' | 'bus' | 'nodes' | 'clock' | 'random' | 'log'
>;

/** @param find - the call as it is stored */
export function createCallMedia(
  ports: CallMediaPorts,
  roster: MediaRoster,
  find: (callId: string) => Promise<GroupCall | null>,
): CallMedia {
  const { sfu, groups, nodes, log } = ports;
  const { ownId } = roster;

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
    if (request.type !== 'open_media' || (await isHere(request.callId))) return answer;
    await sfu.leave(request.callId, deviceId);
    return refuse(request.id, 'MEDIA_UNAVAILABLE');
  };

  /** MED3: whoever was sent here a moment before another node got the call would be alone. */
  const isHere = async (callId: string): Promise<boolean> =>
    nodes.isAlone || (await groups.findMediaNode(callId)) === ownId;

  const relay: MediaRelay | null = nodes.isAlone
    ? null
    : createMediaRelay(ports, ownId, {
        handleRequest: handleHere,
        handleLeft: (callId, deviceId) => guard(closeHere(callId, deviceId)),
      });

  const closeHere = async (callId: string, deviceId: string | null): Promise<void> =>
    deviceId === null ? sfu.end(callId) : sfu.leave(callId, deviceId);

  const moves = createMediaMoves(ports, roster, find, (nodeId, callId) => relay?.tellMoved(nodeId, callId));

  const handleAnywhere = async (
    deviceId: string,
    request: MediaRequest,
    media: MediaRelay,
  ): Promise<RequestAnswer> => {
    const { callId, id } = request;
    const code = judge(await find(callId), deviceId);
    if (code !== null) return refuse(id, code);
    let place = await groups.findMediaNode(callId);
    if (place === null) {
      const chosen = await roster.choose();
      if (chosen === null) return refuse(id, 'MEDIA_UNAVAILABLE');
      place = (await groups.claimMedia(callId, null, chosen)).nodeId;
    }
    if (place === null) return refuse(id, 'CALL_UNAVAILABLE');
    if (place === ownId) return handleHere(deviceId, request);
    const answer = roster.isLost(place) ? null : await media.ask(place, deviceId, request);
    if (answer !== null) return answer;
    await moves.move(callId, place);
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
    handleLost: async (lost) => moves.handleLost(lost),
    drain: async (drainMs) => {
      if (!nodes.isAlone) await moves.drain(drainMs);
    },
    hasGiven: (callId) => moves.hasGiven(callId),
    close: () => relay?.close(),
  };
}

/** Whether this device may ask at all (CALL1). */
function judge(call: GroupCall | null, deviceId: string): ErrorCode | null {
  if (call === null) return 'FORBIDDEN';
  if (isJoined(call, deviceId)) return null;
  return findDevice(call, deviceId)?.part.state === 'left' ? 'CALL_UNAVAILABLE' : 'FORBIDDEN';
}

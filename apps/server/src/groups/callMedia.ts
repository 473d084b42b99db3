import { findDevice, joinedOf, type GroupCall } from '@visavis/call';
import type { ErrorCode, MediaRequest, RequestAnswer } from '@visavis/protocol';
import type { CorePorts } from '../corePorts.ts';
import { refuse } from '../signaling/answers.ts';
import { toError } from '../toError.ts';
import { handleMediaRequest } from './mediaRequests.ts';
import { createMediaMoves, type MediaMoves } from './mediaMoves.ts';
import { createMediaRelay, type Asked, type MediaRelay } from './mediaRelay.ts';
import type { MediaRoster } from './mediaRoster.ts';
import { isJoined } from './liveGroups.ts';
import { partKey, readPartKey } from './partKey.ts';
import { createParts, type Parts } from './parts.ts';

/** GRP4: the media of group calls, wherever they are forwarded. */
export interface CallMedia extends Pick<MediaMoves, 'handleLost'>, Pick<Parts, 'handleLook'> {
  /** MED4: gives all calls of this node, and its parts of others, to other nodes. */
  drain(drainMs: number): Promise<void>;
  /** Does what a device asks, if it is in the call. */
  handle(deviceId: string, request: MediaRequest): Promise<RequestAnswer>;
  /** Closes the media of whoever is not in the call any more. */
  handleChange(call: GroupCall, before: GroupCall | null): void;
  /**
   * Whether this node has given away the call, or its part of it: what its SFU says of it is nothing to the devices any more.
   *
   * @param key - what it is called in the SFU
   */
  hasLeft(key: string): boolean;
  close(): void;
}

export type CallMediaPorts = Pick<
  CorePorts,
  'sfu' | 'groups' | 'mediaNodes' | 'bus' | 'nodes' | 'clock' | 'random' | 'log'
>;

/** What a node shares with others: nothing, where there are none. */
interface Shared {
  readonly relay: MediaRelay;
  readonly parts: Parts;
}

/** @param find - the call as it is stored */
export function createCallMedia(
  ports: CallMediaPorts,
  roster: MediaRoster,
  find: (callId: string) => Promise<GroupCall | null>,
): CallMedia {
  const { sfu, groups, mediaNodes, nodes, log } = ports;
  const { ownId, region } = roster;

  const guard = (work: Promise<void>): void => {
    work.catch((error: unknown) => {
      log.error('media could not be closed', { error: toError(error) });
    });
  };

  /** MED3: whoever was sent here a moment before another node got the call would be alone. */
  const isHome = async (callId: string, nodeId: string): Promise<boolean> =>
    nodes.isAlone || (await groups.findMediaNode(callId)) === nodeId;

  /** @param home - the node that has the call: this one, or (MED6) that of which this one has a part */
  const handleHere = async (
    deviceId: string,
    request: MediaRequest,
    home: string = ownId,
  ): Promise<RequestAnswer> => {
    const { callId } = request;
    const key = home === ownId ? callId : partKey(callId, home);
    const answer = await handleMediaRequest(sfu, deviceId, { ...request, callId: key });
    // It may have left while that was done.
    const after = await find(callId);
    if (after === null || !isJoined(after, deviceId)) await sfu.leave(key, deviceId);
    if (request.type !== 'open_media' || (await isHome(callId, home))) return answer;
    await sfu.leave(key, deviceId);
    return refuse(request.id, 'MEDIA_UNAVAILABLE');
  };

  /** A request about a call that this node has: MED6, it may be for another one to do. */
  const handleAtHome = async (
    deviceId: string,
    request: MediaRequest,
    from: string | null,
    { relay, parts }: Shared,
  ): Promise<RequestAnswer> => {
    const { callId } = request;
    const place =
      request.type === 'open_media' && sfu.nodes !== null
        ? parts.home.assign(callId, deviceId, from, await mediaNodes.list())
        : parts.home.placeOf(callId, deviceId);
    // All tracks are known here.
    if (place === ownId || request.type === 'list_tracks') return handleHere(deviceId, request);
    const answer = await relay.ask(place, deviceId, request, { region: null, isPart: true });
    if (answer !== null) return answer;
    if (request.type === 'open_media') parts.home.miss(callId, place);
    else parts.home.lose(callId, place);
    return refuse(request.id, 'MEDIA_UNAVAILABLE');
  };

  const handleAsked = async (
    deviceId: string,
    request: MediaRequest,
    asked: Asked,
  ): Promise<RequestAnswer> => {
    const code = judge(await find(request.callId), deviceId);
    if (code !== null) return refuse(request.id, code);
    if (shared === null) return handleHere(deviceId, request);
    if (!asked.isPart) return handleAtHome(deviceId, request, asked.region, shared);
    const { own } = shared.parts;
    if (request.type === 'open_media' && own.isLeft()) return refuse(request.id, 'MEDIA_UNAVAILABLE');
    if (request.type === 'open_media') own.begin(partKey(request.callId, asked.from));
    return handleHere(deviceId, request, asked.from);
  };

  const openShared = (): Shared => {
    const relay = createMediaRelay(ports, ownId, {
      handleRequest: handleAsked,
      handleLeft: (callId, deviceId, home) =>
        guard(
          home === null ? closeHere(callId, deviceId) : parts.own.handleLeft(partKey(callId, home), deviceId),
        ),
      handleSaid: (...said) => parts.hear(...said),
    });
    const parts: Parts = createParts(ports, roster, relay, (callId) => moves.hasGiven(callId));
    return { relay, parts };
  };

  const closeHere = async (callId: string, deviceId: string | null): Promise<void> => {
    shared?.parts.home.handleLeft(callId, deviceId);
    return deviceId === null ? sfu.end(callId) : sfu.leave(callId, deviceId);
  };

  const moves = createMediaMoves(ports, roster, find, (nodeId, callId) =>
    shared?.relay.tellMoved(nodeId, callId),
  );
  const shared: Shared | null = nodes.isAlone ? null : openShared();

  const handleAnywhere = async (
    deviceId: string,
    request: MediaRequest,
    media: Shared,
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
    if (place === ownId) return handleAtHome(deviceId, request, region, media);
    const answer = roster.isLost(place)
      ? null
      : await media.relay.ask(place, deviceId, request, { region, isPart: false });
    if (answer !== null) return answer;
    await moves.move(callId, place);
    return refuse(id, 'MEDIA_UNAVAILABLE');
  };

  return {
    handle: async (deviceId, request) => {
      if (shared !== null) return handleAnywhere(deviceId, request, shared);
      const code = judge(await find(request.callId), deviceId);
      return code === null ? handleHere(deviceId, request) : refuse(request.id, code);
    },
    handleChange: (call, before) => {
      if (before === null) return;
      const { callId } = call;
      const left = joinedOf(before)
        .map(({ device }) => device.deviceId)
        .filter((deviceId) => !isJoined(call, deviceId));
      for (const deviceId of call.state === 'ended' ? [null] : left) {
        guard(closeHere(callId, deviceId));
        if (shared !== null) guard(shared.relay.tellLeft(callId, deviceId));
      }
    },
    handleLost: async (lost) => moves.handleLost(lost),
    handleLook: (known, watchedForMs) => shared?.parts.handleLook(known, watchedForMs),
    drain: async (drainMs) => {
      if (shared === null) return;
      await moves.drain(drainMs, () => shared.parts.own.leave());
      shared.parts.own.end();
    },
    hasLeft: (key) => {
      const { callId, home } = readPartKey(key);
      return home === null ? moves.hasGiven(callId) : shared?.parts.own.isLeft() === true;
    },
    close: () => {
      shared?.parts.close();
      shared?.relay.close();
    },
  };
}

/** Whether this device may ask at all (CALL1). */
function judge(call: GroupCall | null, deviceId: string): ErrorCode | null {
  if (call === null) return 'FORBIDDEN';
  if (isJoined(call, deviceId)) return null;
  return findDevice(call, deviceId)?.part.state === 'left' ? 'CALL_UNAVAILABLE' : 'FORBIDDEN';
}

import { joinedOf, type GroupCall } from '@visavis/call';
import type { CallNotice } from '@visavis/protocol';
import type { CorePorts } from '../corePorts.ts';
import type { Sfu, SfuEvent } from '../mediaPorts.ts';
import type { Cancel } from '../ports.ts';
import { toError } from '../toError.ts';
import { isJoined } from './liveGroups.ts';
import { tracksOfOthers } from './mediaRequests.ts';
import { readPartKey } from './partKey.ts';

type NoticePorts = Pick<CorePorts, 'bus' | 'clock' | 'log'>;

/**
 * Tells the devices of a call what the SFU of this process says of it (GRP4, GRP8, GRP9). Of a part of a call (MED6) only who is sent
 * what: the rest is for the home of the call to tell.
 *
 * @param find - by what the call is called in the SFU; null: nothing is told
 * @returns what ends it
 */
export function forwardMediaEvents(
  { bus, clock, log }: NoticePorts,
  sfu: Sfu,
  find: (key: string) => Promise<GroupCall | null>,
  handleReadiness: () => void,
): Cancel {
  /** Calls whose tracks have changed in this turn: many change at once when people come. */
  const changed = new Set<string>();

  const tell = (deviceId: string, notice: CallNotice): void => {
    bus.publish(deviceId, { kind: 'notice', text: JSON.stringify(notice) });
  };
  const tellAll = async (callId: string, makeNotice: (deviceId: string) => CallNotice): Promise<void> => {
    const call = await find(callId);
    if (call?.state !== 'live') return;
    for (const { device } of joinedOf(call)) tell(device.deviceId, makeNotice(device.deviceId));
  };
  /** Only to a device of the call: it may have left a moment ago. */
  const tellOne = async (key: string, deviceId: string, notice: CallNotice): Promise<void> => {
    const call = await find(key);
    if (call !== null && isJoined(call, deviceId)) tell(deviceId, notice);
  };
  const tellTracks = async (callId: string): Promise<void> =>
    tellAll(callId, (deviceId) => ({
      type: 'media_tracks',
      callId,
      payload: { tracks: tracksOfOthers(sfu, callId, deviceId) },
    }));

  const guard = (work: Promise<void>): void => {
    work.catch((error: unknown) => {
      log.error('a notice about media failed', { error: toError(error) });
    });
  };

  const handle = (event: SfuEvent): void => {
    switch (event.type) {
      case 'track_published':
      case 'track_closed':
      case 'track_paused':
      case 'remote_tracks_changed': {
        const { callId } = event;
        if (isPart(callId) || changed.has(callId)) return;
        changed.add(callId);
        clock.schedule(0, () => {
          changed.delete(callId);
          guard(tellTracks(callId));
        });
        return;
      }
      case 'speaker': {
        const { callId, deviceId } = event;
        if (isPart(callId)) return;
        guard(tellAll(callId, () => ({ type: 'media_speaker', callId, payload: { deviceId } })));
        return;
      }
      case 'layers': {
        const { callId: key, deviceId, trackId, spatialLayer } = event;
        const { callId } = readPartKey(key);
        guard(tellOne(key, deviceId, { type: 'media_layers', callId, payload: { trackId, spatialLayer } }));
        return;
      }
      case 'demand': {
        const { callId: key, deviceId, trackId, maxSpatialLayer } = event;
        const { callId } = readPartKey(key);
        guard(
          tellOne(key, deviceId, { type: 'media_demand', callId, payload: { trackId, maxSpatialLayer } }),
        );
        return;
      }
      case 'call_lost': {
        const { callId } = event;
        if (isPart(callId)) return;
        guard(tellAll(callId, () => ({ type: 'media_lost', callId, payload: {} })));
        return;
      }
      case 'state_changed':
        handleReadiness();
        return;
      case 'levels':
      case 'pipe':
    }
  };
  return sfu.subscribe(handle);
}

const isPart = (key: string): boolean => readPartKey(key).home !== null;

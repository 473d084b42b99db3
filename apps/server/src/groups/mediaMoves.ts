import { joinedOf, type GroupCall } from '@visavis/call';
import type { CorePorts } from '../corePorts.ts';
import type { MediaNode } from '../mediaNodes.ts';
import { toError } from '../toError.ts';
import type { MediaRelay } from './mediaRelay.ts';
import type { MediaRoster } from './mediaRoster.ts';

/** Gives the media of calls to other nodes, where everybody opens them anew: beside what they have, if this node can wait. */
export interface MediaMoves {
  /** From a node that is gone or about to stop, to the best one for that region. Nothing where there is none. */
  move(callId: string, former: string, region?: string | null): Promise<void>;
  /** MED5: all calls of a node that is gone. */
  handleLost(lost: MediaNode): Promise<void>;
  /**
   * MED4: all calls of this node, and no new ones. Resolves when it has none and nobody is connected here any more. Giving ends at
   * the latest after that time, and waiting after {@link OVERLAP_MS}.
   *
   * @param leaveParts - has the devices go that are here for a call of another node, as soon as none can come any more (MED6)
   */
  drain(drainMs: number, leaveParts: () => void): Promise<void>;
  /** Whether this node has given the call away: what its SFU says of it is nothing to the devices any more. */
  hasGiven(callId: string): boolean;
}

type MovesPorts = Pick<CorePorts, 'sfu' | 'groups' | 'mediaNodes' | 'bus' | 'clock' | 'log'>;

/** After a call was given away it is forwarded for so long, for devices that have not heard of it yet. */
const LINGER_MS = 1_000;
/** The longest for which devices hold both ways (20 s), and what they need to begin. */
const OVERLAP_MS = 22_000;
const LOOK_MS = 200;

export function createMediaMoves(
  { sfu, groups, mediaNodes, bus, clock, log }: MovesPorts,
  { ownId, choose, drain }: Pick<MediaRoster, 'ownId' | 'choose' | 'drain'>,
  find: (callId: string) => Promise<GroupCall | null>,
  tellFormer: MediaRelay['tellMoved'],
): MediaMoves {
  const given = new Set<string>();

  const move: MediaMoves['move'] = async (callId, former, region) => {
    const next = await choose({ except: former, ...(region === undefined ? {} : { region }) });
    if (next === null) return;
    if (!(await groups.claimMedia(callId, former, next)).isNew) return;
    if (former === ownId) given.add(callId);
    // It may only have been slow.
    else tellFormer(former, callId);
    const call = await find(callId);
    if (call === null) return;
    const text = JSON.stringify({
      type: former === ownId ? 'media_moving' : 'media_lost',
      callId,
      payload: {},
    });
    for (const { device } of joinedOf(call)) bus.publish(device.deviceId, { kind: 'notice', text });
  };

  const pause = async (ms: number): Promise<void> =>
    new Promise((resolve) => {
      clock.schedule(ms, resolve);
    });

  /** @returns how many calls it had */
  const giveAll = async (): Promise<number> => {
    const callIds = await groups.listMediaOf(ownId);
    for (const callId of callIds) await move(callId, ownId);
    return callIds.length;
  };

  return {
    move,
    handleLost: async ({ nodeId, region }) => {
      const callIds = await groups.listMediaOf(nodeId);
      for (const callId of callIds) await move(callId, nodeId, region);
      const left = await groups.listMediaOf(nodeId);
      if (left.length === 0) await mediaNodes.withdraw(nodeId);
      if (left.length < callIds.length)
        log.warn('calls of a media node that is gone are at others now', { calls: callIds.length });
    },
    drain: async (drainMs, leaveParts) => {
      const deadline = clock.now() + drainMs;
      try {
        await drain();
        leaveParts();
        // Until there was nothing twice: somebody may have chosen this node a moment before it said so.
        let emptyPasses = 0;
        do {
          emptyPasses = (await giveAll()) === 0 ? emptyPasses + 1 : 0;
          await pause(Math.min(LINGER_MS, drainMs));
        } while (emptyPasses < 2 && clock.now() < deadline);
        // Without another node nobody goes, and waiting is of no use.
        if (emptyPasses === 0) return;
        const end = clock.now() + OVERLAP_MS;
        while (sfu.countConnected() > 0 && clock.now() < end) await pause(LOOK_MS);
      } catch (error) {
        // The others find them without a node then (MED5).
        log.warn('calls could not be given to another media node', { error: toError(error) });
      }
    },
    hasGiven: (callId) => given.has(callId),
  };
}

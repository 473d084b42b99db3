import type { CorePorts } from '../corePorts.ts';
import type { KnownMediaNode } from '../mediaNodes.ts';
import type { PartMessage } from '../mediaSpan.ts';
import { createHomeParts, type HomeParts } from './homeParts.ts';
import type { MediaRelay } from './mediaRelay.ts';
import type { MediaRoster } from './mediaRoster.ts';
import { createNodeWatch } from './nodeWatch.ts';
import { createOwnParts, type OwnParts } from './ownParts.ts';
import { partKey, readPartKey } from './partKey.ts';

/** MED6: calls that this node shares with others, as their home or as a node with a part of them. */
export interface Parts {
  readonly home: Pick<HomeParts, 'assign' | 'placeOf' | 'handleLeft' | 'lose' | 'miss'>;
  readonly own: Pick<OwnParts, 'begin' | 'handleLeft' | 'leave' | 'end' | 'isLeft'>;
  hear(callId: string, home: string, from: string, said: PartMessage): void;
  /** Ends what was shared with nodes that are gone. */
  handleLook(known: readonly KnownMediaNode[], watchedForMs: number): void;
  close(): void;
}

type PartsPorts = Pick<CorePorts, 'sfu' | 'bus' | 'clock'>;

export function createParts(
  ports: PartsPorts,
  { ownId }: Pick<MediaRoster, 'ownId'>,
  { say, tellPartLeft }: Pick<MediaRelay, 'say' | 'tellPartLeft'>,
  hasGiven: (callId: string) => boolean,
): Parts {
  const { sfu, clock } = ports;
  const watch = createNodeWatch();
  const home = createHomeParts(ports, {
    ownId,
    say: (nodeId, callId, said) => say(nodeId, callId, ownId, said),
    tellPartLeft,
    hasGiven,
  });
  const own = createOwnParts(ports, ownId, say);

  const stop = sfu.subscribe((event) => {
    if (event.type === 'state_changed') return;
    const { callId, home: homeId } = readPartKey(event.callId);
    if (event.type === 'pipe')
      say(event.nodeId, callId, homeId ?? ownId, { type: 'pipe', message: event.message });
    else if (homeId === null) home.handleEvent(event);
    else own.handleEvent(event);
  });

  return {
    home,
    own,
    hear(callId, homeId, from, said) {
      const key = homeId === ownId ? callId : partKey(callId, homeId);
      if (said.type === 'pipe') sfu.nodes?.hear(key, from, said.message);
      else if (homeId === ownId) home.hear(callId, from, said);
      else if (said.type === 'tracks' && from === homeId) own.setTracks(key, said.tracks);
    },
    handleLook(known, watchedForMs) {
      const shared = [...home.nodes(), ...own.homes()];
      if (shared.length === 0) return;
      for (const nodeId of watch.look(shared, known, clock.now(), watchedForMs)) {
        own.loseHome(nodeId);
        home.loseNode(nodeId);
      }
    },
    close: stop,
  };
}

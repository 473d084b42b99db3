import type { PipeMessage } from '../../mediaSpan.ts';
import type { Clock } from '../../ports.ts';
import type { PipeListen } from './listen.ts';
import { createNodeReceiving, type NodeReceiving } from './nodeReceiving.ts';
import { createNodeSending, type NodeSending } from './nodeSending.ts';
import type { Track } from './peers.ts';

/** MED6: what goes between one call here and its parts at other nodes. */
export interface NodePipes extends Pick<NodeReceiving, 'setTracks' | 'list' | 'find' | 'bring' | 'follow'> {
  hear(nodeId: string, message: PipeMessage): void;
  layersOf: NodeSending['layersOf'];
  /** Nothing goes to or comes from that node any more, and it knows. */
  drop(nodeId: string): void;
  count(): number;
  /** The call is over here. */
  close(): void;
}

interface NodePipesParts {
  readonly listen: PipeListen;
  readonly clock: Clock;
  /** A track that comes in here from its device. */
  readonly find: (trackId: string) => Track | undefined;
  readonly tell: (nodeId: string, message: PipeMessage) => void;
  readonly handleDemand: (track: Track) => void;
}

export function createNodePipes(parts: NodePipesParts): NodePipes {
  const sending = createNodeSending(parts);
  const receiving = createNodeReceiving(parts);
  const { tell } = parts;

  const end = (nodeId: string): void => {
    sending.end(nodeId);
    receiving.end(nodeId);
  };
  /** It may only have been slow, and would send on. */
  const drop = (nodeId: string): void => {
    if (![...sending.nodes(), ...receiving.nodes()].includes(nodeId)) return;
    end(nodeId);
    tell(nodeId, { type: 'end' });
  };
  return {
    setTracks: (tracks) => receiving.setTracks(tracks),
    list: () => receiving.list(),
    find: (trackId) => receiving.find(trackId),
    bring: async (trackId, place) => receiving.bring(trackId, place),
    follow: (track, watchers) => receiving.follow(track, watchers),
    layersOf: (track) => sending.layersOf(track),
    count: () => sending.count(),
    hear(nodeId, message) {
      switch (message.type) {
        case 'ask':
          return sending.open(nodeId, message.trackId);
        case 'connect':
          return sending.connect(nodeId, message.wayId, message.end);
        case 'watch':
          return sending.watch(nodeId, message.trackId, message.maxSpatialLayer);
        case 'opened':
        case 'refused':
        case 'paused':
        case 'closed':
          return receiving.hear(nodeId, message);
        case 'end':
          return end(nodeId);
      }
    },
    drop,
    close() {
      for (const nodeId of new Set([...sending.nodes(), ...receiving.nodes()])) drop(nodeId);
      receiving.setTracks([]);
    },
  };
}

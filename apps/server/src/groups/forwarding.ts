import type { GroupCall } from '@visavis/call';
import type { CorePorts } from '../corePorts.ts';
import type { SfuState } from '../mediaPorts.ts';
import { createCallMedia, type CallMedia, type CallMediaPorts } from './callMedia.ts';
import { forwardMediaEvents } from './mediaNotices.ts';
import { readPartKey } from './partKey.ts';
import { createMediaRoster, type MediaRoster } from './mediaRoster.ts';

/** Everything about the media of group calls, here and at other nodes. */
export interface Forwarding {
  readonly media: CallMedia;
  /** Whether group calls can be had, here or at another node. */
  state(): SfuState;
  /** MED4: gives what is forwarded here to other nodes. */
  drain(drainMs: number): Promise<void>;
  close(): Promise<void>;
}

export type ForwardingPorts = CallMediaPorts & Pick<CorePorts, 'nodes' | 'meter'>;

interface ForwardingParts {
  /** Where this node is (MED2). */
  readonly region: string | null;
  /** The call as it is stored. */
  readonly find: (callId: string) => Promise<GroupCall | null>;
  /** Group calls can be had now, or not any more. */
  readonly handleReadiness: () => void;
}

export function createForwarding(
  ports: ForwardingPorts,
  { region, find, handleReadiness }: ForwardingParts,
): Forwarding {
  const { sfu, meter } = ports;
  const roster: MediaRoster = createMediaRoster(ports, region, {
    handleLost: async (node) => media.handleLost(node),
    handleReadiness,
    handleLook: (known, watchedForMs) => media.handleLook(known, watchedForMs),
  });
  const media: CallMedia = createCallMedia(ports, roster, find);
  const stopForwarding = forwardMediaEvents(
    ports,
    sfu,
    async (key) => (media.hasLeft(key) ? null : find(readPartKey(key).callId)),
    handleReadiness,
  );
  meter.watch({ name: 'media_load', help: 'How full this node is of media: 1 is what it is to carry.' }, () =>
    sfu.load(),
  );
  meter.watch(
    { name: 'media_pipes', help: 'Tracks that go from one media worker of this node to another.' },
    () => sfu.pipes(),
  );
  meter.watch(
    { name: 'media_node_pipes', help: 'Tracks that go from this media node to another one.' },
    () => sfu.nodes?.count() ?? 0,
  );
  return {
    media,
    state: () => roster.state(),
    drain: async (drainMs) => media.drain(drainMs),
    close: async () => {
      stopForwarding();
      media.close();
      await roster.close();
    },
  };
}

import type { MediaRequest, RequestAnswer } from '@visavis/protocol';
import type { CorePorts } from '../corePorts.ts';
import { toError } from '../toError.ts';
import { refuseFault } from '../signaling/answers.ts';

/** Brings what devices ask of media to the node that has the media of their call, and the answers back (GRP4). */
export interface MediaRelay {
  /** @returns null when that node does not answer */
  ask(nodeId: string, deviceId: string, request: MediaRequest): Promise<RequestAnswer | null>;
  /** Whichever node has the media of the call closes those of this device, or with null all of them. */
  tellLeft(callId: string, deviceId: string | null): Promise<void>;
  /** MED5: tells a node that it has the media of this call no longer. It may hear it late, or never. */
  tellMoved(nodeId: string, callId: string): void;
  close(): void;
}

interface RelayHandlers {
  readonly handleRequest: (deviceId: string, request: MediaRequest) => Promise<RequestAnswer>;
  readonly handleLeft: (callId: string, deviceId: string | null) => void;
}

type RelayPorts = Pick<CorePorts, 'bus' | 'groups' | 'clock' | 'random' | 'log'>;

/** Longer than opening takes on a busy node; shorter than a client waits before it asks again. */
const PATIENCE_MS = 3_000;
/** The bus has a channel for each device; nodes have channels of their own beside them. */
const channelOf = (nodeId: string): string => `media-${nodeId}`;

export function createMediaRelay(
  { bus, groups, clock, random, log }: RelayPorts,
  ownId: string,
  handlers: RelayHandlers,
): MediaRelay {
  const waiting = new Map<string, (answer: RequestAnswer | null) => void>();
  const subscription = bus.subscribe(channelOf(ownId), (message) => {
    switch (message.kind) {
      case 'media_request': {
        const { askId, from, deviceId, request } = message;
        handlers
          .handleRequest(deviceId, request)
          .catch((error: unknown) => {
            log.error('a request for media failed', { type: request.type, error: toError(error) });
            return refuseFault(request.id, error);
          })
          .then((answer) => bus.publish(channelOf(from), { kind: 'media_answer', askId, answer }))
          .catch(() => {});
        break;
      }
      case 'media_answer':
        waiting.get(message.askId)?.(message.answer);
        break;
      case 'media_left':
        handlers.handleLeft(message.callId, message.deviceId);
        break;
      case 'event':
      case 'notice':
      case 'replaced':
      case 'signed_out':
      case 'renamed':
      case 'in_call':
    }
  });
  return {
    ask: async (nodeId, deviceId, request) => {
      await subscription.ready;
      const askId = random.id();
      return new Promise((resolve) => {
        const finish = (answer: RequestAnswer | null): void => {
          waiting.delete(askId);
          cancel();
          resolve(answer);
        };
        const cancel = clock.schedule(PATIENCE_MS, () => {
          finish(null);
        });
        waiting.set(askId, finish);
        bus.publish(channelOf(nodeId), { kind: 'media_request', askId, from: ownId, deviceId, request });
      });
    },
    tellLeft: async (callId, deviceId) => {
      const nodeId = await groups.findMediaNode(callId);
      if (nodeId !== null && nodeId !== ownId)
        bus.publish(channelOf(nodeId), { kind: 'media_left', callId, deviceId });
    },
    tellMoved: (nodeId, callId) => {
      bus.publish(channelOf(nodeId), { kind: 'media_left', callId, deviceId: null });
    },
    close: () => {
      subscription.cancel();
      for (const finish of waiting.values()) finish(null);
    },
  };
}

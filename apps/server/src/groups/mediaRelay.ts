import type { MediaRequest, RequestAnswer } from '@visavis/protocol';
import type { CorePorts } from '../corePorts.ts';
import type { PartMessage } from '../mediaSpan.ts';
import { toError } from '../toError.ts';
import { refuseFault } from '../signaling/answers.ts';

/** Brings what devices ask of media to the node that has the media of their call, and the answers back (GRP4). */
export interface MediaRelay {
  /** @returns null when that node does not answer */
  ask(nodeId: string, deviceId: string, request: MediaRequest, how: Asking): Promise<RequestAnswer | null>;
  /** Whichever node has the media of the call closes those of this device, or with null all of them. */
  tellLeft(callId: string, deviceId: string | null): Promise<void>;
  /** MED5: tells a node that it has the media of this call no longer. It may hear it late, or never. */
  tellMoved(nodeId: string, callId: string): void;
  /** MED6: this device, or with null everybody, is no longer at the part that the node has of a call of this one. */
  tellPartLeft(nodeId: string, callId: string, deviceId: string | null): void;
  /** MED6: to a node that shares the call. */
  say(nodeId: string, callId: string, home: string, said: PartMessage): void;
  close(): void;
}

/** What is asked of a node: as the home of the call, or (MED6) by the home, for its part of the call. */
export interface Asking {
  /** Where the device is. */
  readonly region: string | null;
  readonly isPart: boolean;
}
export interface Asked extends Asking {
  readonly from: string;
}

interface RelayHandlers {
  readonly handleRequest: (deviceId: string, request: MediaRequest, asked: Asked) => Promise<RequestAnswer>;
  /** `home`: of the part that belongs to that node; null: of what this node has itself. */
  readonly handleLeft: (callId: string, deviceId: string | null, home: string | null) => void;
  readonly handleSaid: (callId: string, home: string, from: string, said: PartMessage) => void;
}

type RelayPorts = Pick<CorePorts, 'bus' | 'groups' | 'clock' | 'random' | 'log'>;

/** Longer than opening takes on a busy node; shorter than a client waits before it asks again. */
const PATIENCE_MS = 3_000;
/** Of the home with a part: so much shorter that whoever asked it does not give it up meanwhile. */
const PART_PATIENCE_MS = 2_000;
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
        const { askId, from, deviceId, request, region = null, isPart = false } = message;
        handlers
          .handleRequest(deviceId, request, { from, region, isPart })
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
        handlers.handleLeft(message.callId, message.deviceId, message.home ?? null);
        break;
      case 'media_part':
        handlers.handleSaid(message.callId, message.home, message.from, message.said);
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
    ask: async (nodeId, deviceId, request, how) => {
      await subscription.ready;
      const askId = random.id();
      return new Promise((resolve) => {
        const finish = (answer: RequestAnswer | null): void => {
          waiting.delete(askId);
          cancel();
          resolve(answer);
        };
        const cancel = clock.schedule(how.isPart ? PART_PATIENCE_MS : PATIENCE_MS, () => {
          finish(null);
        });
        waiting.set(askId, finish);
        bus.publish(channelOf(nodeId), {
          kind: 'media_request',
          askId,
          from: ownId,
          deviceId,
          request,
          ...how,
        });
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
    tellPartLeft: (nodeId, callId, deviceId) => {
      bus.publish(channelOf(nodeId), { kind: 'media_left', callId, deviceId, home: ownId });
    },
    say: (nodeId, callId, home, said) => {
      bus.publish(channelOf(nodeId), { kind: 'media_part', callId, home, from: ownId, said });
    },
    close: () => {
      subscription.cancel();
      for (const finish of waiting.values()) finish(null);
    },
  };
}

import { ClientMessage, RequestAnswer, type MediaRequest } from '@visavis/protocol';
import * as z from 'zod/mini';
import type { Bus, BusMessage, Log, NodeMessage } from '../../ports.ts';
import { toError } from '../../toError.ts';
import { createChannel, type Channel } from './channel.ts';
import type { Redis } from './connect.ts';
import { readEventMessage } from './eventMessage.ts';
import { keys } from './keys.ts';
import { PartMessageText } from './partMessage.ts';

const isMediaRequest = (message: ClientMessage): message is MediaRequest =>
  message.type.endsWith('_media') || message.type.endsWith('_track') || message.type.endsWith('_tracks');
const MediaRequestText = z.pipe(
  ClientMessage,
  z.transform((message): MediaRequest => {
    if (!isMediaRequest(message)) throw new Error('not about media');
    return message;
  }),
);
/** Everything but events, which have a form of their own. */
const BusMessageText: z.ZodMiniType<Exclude<BusMessage, { kind: 'event' }>> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('notice'), text: z.string() }),
  z.object({
    kind: z.literal('replaced'),
    byConnectionId: z.string(),
    order: z.number(),
    byResume: z.optional(z.string()),
    byWindow: z.optional(z.string()),
  }),
  z.object({ kind: z.literal('signed_out') }),
  z.object({ kind: z.literal('renamed'), name: z.string() }),
  z.object({ kind: z.literal('in_call'), callId: z.string(), joined: z.boolean() }),
  z.object({
    kind: z.literal('media_request'),
    askId: z.string(),
    from: z.string(),
    deviceId: z.string(),
    request: MediaRequestText,
    region: z.optional(z.nullable(z.string())),
    isPart: z.optional(z.boolean()),
  }),
  z.object({ kind: z.literal('media_answer'), askId: z.string(), answer: RequestAnswer }),
  z.object({
    kind: z.literal('media_left'),
    callId: z.string(),
    deviceId: z.nullable(z.string()),
    home: z.optional(z.nullable(z.string())),
  }),
  z.object({
    kind: z.literal('media_part'),
    callId: z.string(),
    home: z.string(),
    from: z.string(),
    said: PartMessageText,
  }),
]);
const NodeMessageText: z.ZodMiniType<NodeMessage> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('call_changed'), callId: z.string(), version: z.int() }),
  z.object({ kind: z.literal('relation_changed'), userIds: z.array(z.string()) }),
  z.object({ kind: z.literal('missed_changed'), userId: z.string() }),
]);

/** The bus between nodes: Redis publishes to whoever listens at that moment, in order. */
export async function createRedisBus(redis: Redis, log: Log): Promise<Bus> {
  const channels = new Map<string, Channel>();
  const nodeHandlers = new Set<(message: NodeMessage) => void>();
  /** A node of a newer release may say what this one does not know. */
  const decode = <Message>(schema: z.ZodMiniType<Message>, text: string): Message | null => {
    const result = z.safeParse(schema, JSON.parse(text));
    if (result.success) return result.data;
    log.warn('a message of another node is not understood');
    return null;
  };
  const warn = (error: unknown): void => {
    log.warn('a device is not listened for', { error: toError(error) });
  };
  await redis.subscribe(keys.nodesChannel, (text) => {
    const message = decode(NodeMessageText, text);
    if (message !== null) for (const handle of nodeHandlers) handle(message);
  });
  return {
    publish: (deviceId, message) => {
      redis.publish(keys.deviceChannel(deviceId), JSON.stringify(message));
    },
    subscribe: (deviceId, handle) => {
      const name = keys.deviceChannel(deviceId);
      const channel = channels.get(name) ?? createChannel(redis, name);
      channels.set(name, channel);
      const hear = (text: string): void => {
        const event = readEventMessage(text);
        const message = event === null ? decode(BusMessageText, text) : { kind: 'event' as const, ...event };
        if (message !== null) handle(message);
      };
      const ready = channel.add(hear);
      ready.catch(warn);
      return {
        ready,
        cancel: () => {
          channel
            .remove(hear)
            .then(() => {
              if (channel.isIdle()) channels.delete(name);
            })
            .catch(warn);
        },
      };
    },
    broadcast: (message) => {
      redis.publish(keys.nodesChannel, JSON.stringify(message));
    },
    listen: (handle) => {
      nodeHandlers.add(handle);
      return () => {
        nodeHandlers.delete(handle);
      };
    },
  };
}

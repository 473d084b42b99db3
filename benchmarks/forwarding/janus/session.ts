import { once } from 'node:events';
import { WebSocket } from 'ws';
import * as z from 'zod';

/** A handle of the video room: one of a device's two connections. */
export interface Handle {
  /** Asks the plugin; @returns its answer, with a description if there is one */
  ask(
    body: Readonly<Record<string, unknown>>,
    jsep?: Description,
  ): Promise<{ readonly data: RoomData; readonly jsep: Description | null }>;
}
export interface Description {
  readonly type: string;
  readonly sdp: string;
}
export interface Session {
  attach(): Promise<Handle>;
  close(): void;
}

const RoomData = z.looseObject({
  error: z.optional(z.string()),
  streams: z.optional(
    z.array(
      z.looseObject({
        type: z.string(),
        mid: z.optional(z.string()),
        feed_id: z.optional(z.number()),
      }),
    ),
  ),
});
export type RoomData = z.infer<typeof RoomData>;
const Message = z.looseObject({
  janus: z.string(),
  transaction: z.optional(z.string()),
  data: z.optional(z.object({ id: z.number() })),
  plugindata: z.optional(z.object({ data: RoomData })),
  jsep: z.optional(z.object({ type: z.string(), sdp: z.string() })),
  error: z.optional(z.object({ reason: z.string() })),
});
type Message = z.infer<typeof Message>;

/** A session ends after 60 s of silence. */
const KEEP_ALIVE_MS = 20_000;
const ANSWER_MS = 20_000;

/** Speaks with Janus over its WebSocket (its "Janus protocol"). */
export async function openSession(url: string): Promise<Session> {
  const socket = new WebSocket(url, 'janus-protocol');
  await once(socket, 'open');
  const waiting = new Map<string, (message: Message) => void>();
  let count = 0;
  socket.on('message', (data) => {
    const text = Buffer.isBuffer(data) ? data.toString() : '';
    const message = Message.parse(JSON.parse(text));
    // That it has heard; the answer of the plugin comes later under the same name.
    if (message.janus === 'ack' || message.transaction === undefined) return;
    waiting.get(message.transaction)?.(message);
    waiting.delete(message.transaction);
  });
  const ask = async (request: Readonly<Record<string, unknown>>): Promise<Message> => {
    count += 1;
    const transaction = `t${count}`;
    let timer: NodeJS.Timeout | undefined;
    const answer = await new Promise<Message>((resolve, reject) => {
      waiting.set(transaction, resolve);
      timer = setTimeout(
        () => reject(new Error(`Janus does not answer ${String(request['janus'])}`)),
        ANSWER_MS,
      );
      socket.send(JSON.stringify({ ...request, transaction }));
    }).finally(() => clearTimeout(timer));
    const problem = answer.error?.reason ?? answer.plugindata?.data.error;
    if (problem !== undefined) throw new Error(`Janus: ${problem}`);
    return answer;
  };
  const session_id = (await ask({ janus: 'create' })).data?.id;
  const keepAlive = setInterval(() => {
    socket.send(JSON.stringify({ janus: 'keepalive', session_id, transaction: 'alive' }));
  }, KEEP_ALIVE_MS);

  return {
    async attach() {
      const attached = await ask({ janus: 'attach', session_id, plugin: 'janus.plugin.videoroom' });
      const handle_id = attached.data?.id;
      return {
        async ask(body, jsep) {
          const answer = await ask({
            janus: 'message',
            session_id,
            handle_id,
            body,
            ...(jsep === undefined ? {} : { jsep }),
          });
          return { data: answer.plugindata?.data ?? {}, jsep: answer.jsep ?? null };
        },
      };
    },
    close() {
      clearInterval(keepAlive);
      socket.close();
    },
  };
}

import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import type { Command, Opened, Tally } from './commands.ts';
import type { IceCredentials } from './stun.ts';

/** A process of devices that send, or that receive. */
export interface Peers {
  readonly pid: number;
  open(path: string, address: string): Promise<Opened>;
  tally(call: string): Promise<Tally>;
  tell(command: Command): Promise<void>;
  close(): Promise<void>;
}

const Message = z.union([
  z.object({ id: z.number(), reply: z.unknown() }),
  z.object({ id: z.number(), error: z.string() }),
]);
const OpenedReply = z.object({ port: z.number(), fingerprint: z.string() });
const TallyReply = z.custom<Tally>((value) => typeof value === 'object' && value !== null);

export async function startPeers(): Promise<Peers> {
  const child = fork(fileURLToPath(new URL('peersProcess.ts', import.meta.url)), [], { stdio: 'inherit' });
  await once(child, 'message');
  const exited = once(child, 'exit');
  const waiting = new Map<
    number,
    { readonly resolve: (reply: unknown) => void; readonly reject: (error: Error) => void }
  >();
  let lastId = 0;
  child.on('message', (message) => {
    const answer = Message.parse(message);
    const asker = waiting.get(answer.id);
    waiting.delete(answer.id);
    if ('error' in answer) asker?.reject(new Error(answer.error));
    else asker?.resolve(answer.reply);
  });
  child.on('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error('the process of the devices has ended'));
  });
  const ask = async (command: Command): Promise<unknown> =>
    new Promise((resolve, reject) => {
      lastId += 1;
      waiting.set(lastId, {
        resolve,
        reject: ({ message }) => reject(new Error(`${JSON.stringify(command)}: ${message}`)),
      });
      child.send({ id: lastId, command });
    });
  return {
    pid: child.pid ?? 0,
    open: async (path, address) => OpenedReply.parse(await ask({ type: 'open', path, address })),
    tally: async (call) => TallyReply.parse(await ask({ type: 'tally', call })),
    tell: async (command) => {
      await ask(command);
    },
    close: async () => {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}

/** Names of a path's end, as browsers make them. */
export const createIceCredentials = (): IceCredentials => ({
  usernameFragment: randomBytes(4).toString('hex'),
  password: randomBytes(16).toString('hex'),
});

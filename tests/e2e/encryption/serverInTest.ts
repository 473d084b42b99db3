import type { HeardKeys, SaidKeys } from '@visavis/encryption/messages';
import { ModelDelivery } from '../../../packages/encryption/test/modelDelivery.ts';
import { createVirtualClock } from '../../../packages/encryption/test/virtualClock.ts';
import type { End } from './ends.ts';
import type { AskedOfServer } from './inPage.ts';

/** The model of the server for ends in browsers: what they ask is fetched, and what they are told is brought. */
export interface ServerInTest {
  readonly delivery: ModelDelivery;
  add(device: string, end: End): void;
  /** Carries everything that is to be carried by now. */
  carry(): Promise<void>;
}

const write = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const read = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, 'base64'));

export async function startServerInTest(callId: string): Promise<ServerInTest> {
  const ends = new Map<string, End>();
  let outgoing: (() => Promise<void>)[] = [];
  const delivery = await ModelDelivery.start(createVirtualClock(), (device, heard) => {
    const event = JSON.stringify({ seq: 1, callId, ...eventOf(heard) });
    outgoing.push(() => ends.get(device)?.run(`hearEvent(${event})`) ?? Promise.resolve());
  });

  return {
    delivery,
    add(device, end) {
      ends.set(device, end);
      delivery.enter(device);
    },
    async carry() {
      for (const [device, end] of ends) {
        for (const { number, request } of await end.run<AskedOfServer[]>('takeAsked()')) {
          delivery.ask(device, saidOf(request), number, (heard) => {
            const answer = JSON.stringify(answerOf(heard));
            outgoing.push(() => end.run(`answerAsked(${number}, ${answer})`));
          });
        }
      }
      await delivery.settled();
      const all = outgoing;
      outgoing = [];
      for (const bring of all) await bring();
    },
  };
}

/** What a page asked, as the model of the server takes it. */
export function saidOf(request: AskedOfServer['request']): SaidKeys {
  if (request.type === 'join_keys') {
    return { type: request.type, keyPackage: read(request.payload.keyPackage) };
  }
  if (request.type === 'refresh_keys') return { type: request.type, ...request.payload };
  if (request.type !== 'commit_keys') throw new Error(`${request.type} is not about keys`);
  const { generation, epoch, commit, welcome } = request.payload;
  return {
    type: request.type,
    generation,
    epoch,
    commit: read(commit),
    welcome: welcome === null ? null : read(welcome),
  };
}

/** What the model answers, as a page gets it. */
export function answerOf(heard: HeardKeys): object {
  if (heard.type === 'joined') {
    const { generation, role, senderKey } = heard;
    return { type: 'ok', id: '', payload: { keys: { generation, role, senderKey: write(senderKey) } } };
  }
  return heard.type === 'accepted'
    ? { type: 'ok', id: '', payload: {} }
    : { type: 'error', id: '', payload: { code: 'KEYS_STALE' } };
}

/** What the model tells, as a page hears it; without the number and the call of an event. */
export function eventOf(heard: HeardKeys): object {
  if (heard.type === 'proposed') {
    const { generation, epoch, from, proposals } = heard;
    return { type: 'keys_proposed', payload: { generation, epoch, from, proposals: proposals.map(write) } };
  }
  if (heard.type === 'committed') {
    const { generation, epoch, commit } = heard;
    return { type: 'keys_committed', payload: { generation, epoch, by: 'x', commit: write(commit) } };
  }
  if (heard.type === 'welcome') {
    const { generation, epoch, welcome } = heard;
    return { type: 'keys_welcome', payload: { generation, epoch, welcome: write(welcome) } };
  }
  if (heard.type !== 'reset') throw new Error(`${heard.type} is no event`);
  return { type: 'keys_reset', payload: { generation: heard.generation } };
}

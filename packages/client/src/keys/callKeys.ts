import type { DeviceRequest } from '@visavis/call';
import type { CurrentKeys, HeardKeys, SaidKeys } from '@visavis/encryption/messages';
import type { ServerEvent } from '@visavis/protocol';
import type { LinkAnswer } from '../signaling/index.ts';
import { readBase64, toBase64 } from '../base64.ts';
import type { CallKeys, CallKeysOptions } from './types.ts';

/** Starts the member of a call's group in its worker, and carries what the two sides say to each other. */
export function createCallKeys({ callId, device, worker, request, onKeys }: CallKeysOptions): CallKeys {
  let current: CurrentKeys | null = null;
  let isClosed = false;

  function hear(heard: HeardKeys | null): void {
    if (!isClosed && heard !== null) worker.hear(heard);
  }

  worker.startKeys(
    { callId, device },
    {
      onSay(number, said) {
        if (isClosed) return;
        void request(requestOf(callId, said)).then((answer) => hear(readAnswer(number, said, answer)));
      },
      onKeys(keys) {
        if (isClosed) return;
        current = keys;
        onKeys(keys);
      },
    },
  );

  return {
    get current() {
      return current;
    },
    handleEvent(event) {
      if (event.callId === callId) hear(readEvent(event));
    },
    refresh: () => hear({ type: 'fresh_session' }),
    close() {
      isClosed = true;
    },
  };
}

function requestOf(callId: string, said: SaidKeys): DeviceRequest {
  switch (said.type) {
    case 'join_keys':
      return { type: 'join_keys', callId, payload: { keyPackage: toBase64(said.keyPackage) } };
    case 'commit_keys': {
      const { generation, epoch } = said;
      const welcome = said.welcome === null ? null : toBase64(said.welcome);
      const payload = { generation, epoch, commit: toBase64(said.commit), welcome };
      return { type: 'commit_keys', callId, payload };
    }
    case 'refresh_keys':
      return {
        type: 'refresh_keys',
        callId,
        payload: { generation: said.generation, epoch: said.epoch },
      };
  }
}

function readAnswer(request: number, said: SaidKeys, answer: LinkAnswer): HeardKeys {
  const failed: HeardKeys = { type: 'refused', request, reason: 'failed' };
  if (answer.type !== 'ok') {
    return answer.payload.code === 'KEYS_STALE' ? { type: 'refused', request, reason: 'stale' } : failed;
  }
  if (said.type !== 'join_keys') return { type: 'accepted', request };
  const { keys } = answer.payload;
  const senderKey = keys === undefined ? null : readBase64(keys.senderKey);
  if (keys === undefined || senderKey === null) return failed;
  return { type: 'joined', request, generation: keys.generation, role: keys.role, senderKey };
}

/** What cannot be read is told to the member as well, as bytes that are no message: it has to know that it missed something. */
const bytesOf = (text: string): Uint8Array<ArrayBuffer> => readBase64(text) ?? new Uint8Array();

function readEvent(event: ServerEvent): HeardKeys | null {
  if (event.type === 'keys_proposed') {
    const { generation, epoch, from, proposals } = event.payload;
    return { type: 'proposed', generation, epoch, from, proposals: proposals.map(bytesOf) };
  }
  if (event.type === 'keys_committed') {
    const { generation, epoch, commit } = event.payload;
    return { type: 'committed', generation, epoch, commit: bytesOf(commit) };
  }
  if (event.type === 'keys_welcome') {
    const { generation, epoch, welcome } = event.payload;
    return { type: 'welcome', generation, epoch, welcome: bytesOf(welcome) };
  }
  return event.type === 'keys_reset' ? { type: 'reset', generation: event.payload.generation } : null;
}

import type { Call, GroupCall, KeyEvent, KeyGroup } from '@visavis/call';
import { isGoodKeyPackage } from '@visavis/encryption/server';
import {
  isGroupCallId,
  type ClientRequest,
  type ErrorCode,
  type JoinedKeys,
  type RequestAnswer,
} from '@visavis/protocol';
import type { LiveCalls } from '../calls/liveCalls.ts';
import type { LiveGroups } from '../groups/liveGroups.ts';
import type { Eventually } from '../ports.ts';
import { refuse } from '../signaling/answers.ts';
import type { KeyServer } from './keyServer.ts';

export type KeyRequest = Extract<ClientRequest, { type: 'join_keys' | 'commit_keys' | 'refresh_keys' }>;

export const isKeyRequest = (request: ClientRequest): request is KeyRequest =>
  request.type === 'join_keys' || request.type === 'commit_keys' || request.type === 'refresh_keys';

interface KeyRequestParts {
  readonly direct: Pick<LiveCalls, 'find' | 'change'>;
  readonly groups: Pick<LiveGroups, 'find' | 'change'>;
  readonly keys: KeyServer;
  /** SES5: what the device was answered by another node that was asked the same before. */
  readonly findFirst: (deviceId: string, requestId: string) => Eventually<RequestAnswer | null>;
}

/** What became of a request. */
type Outcome =
  | { readonly ok: true; readonly call: Call | GroupCall }
  | { readonly ok: false; readonly code: ErrorCode };

/** Does what devices ask of the keys of their calls, of either kind (KEY1, KEY3, KEY6). */
export function createKeyRequests({ direct, groups, keys, findFirst }: KeyRequestParts) {
  const toEvent = async (deviceId: string, request: KeyRequest): Promise<KeyEvent> => {
    const { callId } = request;
    switch (request.type) {
      case 'join_keys': {
        const { keyPackage } = request.payload;
        const bytes = new Uint8Array(Buffer.from(keyPackage, 'base64'));
        const isGood = await isGoodKeyPackage(bytes, { callId, deviceId });
        return { type: 'keys_joined', deviceId, keyPackage: isGood ? keyPackage : null };
      }
      case 'commit_keys': {
        const { welcome, ...commit } = request.payload;
        const call = await (isGroupCallId(callId) ? groups : direct).find(callId);
        // Proposals of an epoch only become more: what they are now, they still are when the commit is taken.
        const read = keys.readCommit(callId, keysOf(call), request.payload);
        return { type: 'keys_committed', deviceId, commit, welcome, read };
      }
      case 'refresh_keys':
        return { type: 'keys_refreshed', deviceId, ...request.payload };
    }
  };

  const change = async (
    callId: string,
    event: KeyEvent,
    requestId: string,
    describe: (call: Call | GroupCall) => RequestAnswer,
  ): Promise<Outcome> => {
    const { deviceId } = event;
    if (isGroupCallId(callId)) return groups.change(callId, event, { deviceId, requestId, describe });
    const origin = { deviceId, requestId, describe: (_before: Call, call: Call) => describe(call) };
    const changed = await direct.change(callId, event, origin);
    if (changed.ok) await changed.passedOn;
    return changed;
  };

  return async (deviceId: string, request: KeyRequest): Promise<RequestAnswer> => {
    const { id, type, callId } = request;
    // Asked twice, a device would be removed and added again.
    const first = type === 'join_keys' ? await findFirst(deviceId, id) : null;
    if (first !== null) return first;
    const event = await toEvent(deviceId, request);
    const describe = (call: Call | GroupCall): RequestAnswer => {
      const joined = type === 'join_keys' ? describeJoined(call, deviceId, keys.senderKey) : null;
      return { type: 'ok', id, payload: joined === null ? {} : { keys: joined } };
    };
    const outcome = await change(callId, event, id, describe);
    if (outcome.ok) return describe(outcome.call);
    return (await findFirst(deviceId, id)) ?? refuse(id, outcome.code);
  };
}

const keysOf = (call: Call | GroupCall | null): KeyGroup | null =>
  call !== null && 'keys' in call ? call.keys : null;

/** Whoever has just asked and is alone in a group that has not changed yet, makes it. */
function describeJoined(call: Call | GroupCall, deviceId: string, senderKey: string): JoinedKeys | null {
  const keys = keysOf(call);
  if (keys === null) return null;
  const isFirst = keys.epoch === 0 && keys.leaves.length === 1 && keys.leaves[0]?.deviceId === deviceId;
  return { generation: keys.generation, role: isFirst ? 'create' : 'wait', senderKey };
}

import { isGroupCallId, type ClientRequest } from '@visavis/protocol';
import type { Eventually } from '../ports.ts';

type Request = Exclude<ClientRequest, { type: 'register' }>;

/** GRP3: keeps what a device asks of a group call behind its way into it, so that nothing has to wait for an answer first. */
export type KeepBehind = (
  deviceId: string,
  request: Request,
  perform: () => Eventually<void>,
) => Eventually<void>;

const isEntrance = ({ type }: Request): boolean =>
  type === 'join_call' || type === 'answer_call' || type === 'move_call';

export function createKeepBehind(): KeepBehind {
  /** By device and call. */
  const entering = new Map<string, Promise<void>>();
  return (deviceId, request, perform) => {
    if (!('callId' in request) || !isGroupCallId(request.callId)) return perform();
    const key = `${deviceId} ${request.callId}`;
    const before = entering.get(key);
    // Whether it came in or not: what is asked next is answered by itself.
    const done = before === undefined ? perform() : before.then(perform, perform);
    if (!isEntrance(request) || !(done instanceof Promise)) return done;
    entering.set(key, done);
    const forget = (): void => {
      if (entering.get(key) === done) entering.delete(key);
    };
    done.then(forget, forget);
    return done;
  };
}

import type { GroupCall } from '@visavis/call';
import type { Effects } from '../calls/effects.ts';
import type { LiveCalls } from '../calls/liveCalls.ts';
import type { CorePorts } from '../corePorts.ts';
import type { People } from '../people.ts';
import { toError } from '../toError.ts';
import { createGroupDispatch, type GroupDispatch } from './dispatch.ts';
import { createForwarding, type Forwarding } from './forwarding.ts';
import { createLiveGroups, type LiveGroups } from './liveGroups.ts';
import { forgetGuests } from './guests.ts';
import { fromState } from './mediaShapes.ts';
import { createMoving } from './moving.ts';
import { createStarting } from './starting.ts';

/** Everything about group calls that is no HTTP. */
export interface GroupCalls {
  readonly live: LiveGroups;
  readonly dispatch: GroupDispatch;
  readonly forwarding: Pick<Forwarding, 'state' | 'drain'>;
  /** Goes on with the live calls of a former run. */
  recall(handle: (call: GroupCall) => Promise<void>): Promise<void>;
  /** Resolves when everything that was begun is done. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

interface GroupCallsParts {
  readonly effects: Effects;
  readonly people: People;
  readonly direct: Pick<LiveCalls, 'find' | 'change'>;
  readonly ringMs: number;
  /** Where this node is (MED2). */
  readonly region: string | null;
  /** Tells every device here. */
  readonly notifyAll: (notice: { type: 'group_calls'; payload: ReturnType<typeof fromState> }) => void;
}

export function createGroupCalls(ports: CorePorts, parts: GroupCallsParts): GroupCalls {
  const { calls, log, nodes, savedGroups } = ports;
  const guests = forgetGuests(ports);
  const { effects, people, direct, ringMs, region, notifyAll } = parts;
  const warn =
    (what: string) =>
    (error: unknown): void => {
      log.error(`${what} failed`, { error: toError(error) });
    };

  /** GRP10: whoever is a member of the group sees that it goes on, and with whom. */
  const tellMembers = async (groupId: string): Promise<void> => {
    const group = await savedGroups.find(groupId);
    for (const { userId } of group?.members ?? [])
      await people.notify(userId, { type: 'groups_changed', payload: {} });
  };

  const forwarding: Forwarding = createForwarding(ports, {
    region,
    find: async (callId) => live.find(callId),
    handleReadiness: () => notifyAll({ type: 'group_calls', payload: fromState(forwarding.state()) }),
  });
  const { media } = forwarding;
  const live: LiveGroups = createLiveGroups(ports, {
    handleChange: (call, before, groupEffects, version) => {
      effects.handleGroupChange(call, before, groupEffects, version);
      media.handleChange(call, before);
      if (call.savedGroupId !== null && showsOtherwise(call, before))
        tellMembers(call.savedGroupId).catch(warn('a notice'));
    },
    passOn: async (...passed) => effects.passOnInGroup(...passed),
    redo: async (change) => effects.redo(change),
  });
  const starting = createStarting(ports, {
    live,
    direct,
    ringMs,
    hasMedia: () => forwarding.state().name === 'ready',
  });

  return {
    live,
    forwarding,
    dispatch: createGroupDispatch(ports, {
      live,
      starting,
      moving: createMoving(ports, { live, direct, starting }),
      media,
      findFirst: async (deviceId, requestId) =>
        nodes.isAlone ? null : calls.findAnswer(deviceId, requestId),
    }),
    recall: async (handle) => {
      for (const call of await live.load()) {
        await starting.finishGrowing(call);
        await handle(call);
      }
    },
    settle: async () => {
      await live.settle();
      await guests.settle();
    },
    close: async () => {
      await forwarding.close();
      await guests.stop();
    },
  };
}

const joinedPeople = ({ people }: GroupCall): string =>
  people
    .filter(({ status }) => status === 'joined')
    .map(({ user }) => user.userId)
    .join();

/** What the members of the saved group see of its call. */
const showsOtherwise = (call: GroupCall, before: GroupCall | null): boolean =>
  before === null ||
  before.state !== call.state ||
  before.savedGroupId !== call.savedGroupId ||
  joinedPeople(before) !== joinedPeople(call);

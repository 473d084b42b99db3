import type { GroupCall } from '@visavis/call';
import type { Effects } from '../calls/effects.ts';
import type { LiveCalls } from '../calls/liveCalls.ts';
import type { CorePorts } from '../corePorts.ts';
import type { People } from '../people.ts';
import { toError } from '../toError.ts';
import { createCallMedia, type CallMedia } from './callMedia.ts';
import { createGroupDispatch, type GroupDispatch } from './dispatch.ts';
import { createLiveGroups, type LiveGroups } from './liveGroups.ts';
import { forgetGuests } from './guests.ts';
import { forwardMediaEvents } from './mediaNotices.ts';
import { fromState } from './mediaShapes.ts';
import { createStarting } from './starting.ts';

/** Everything about group calls that is no HTTP. */
export interface GroupCalls {
  readonly live: LiveGroups;
  readonly dispatch: GroupDispatch;
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
  /** Tells every device here. */
  readonly notifyAll: (notice: { type: 'group_calls'; payload: ReturnType<typeof fromState> }) => void;
}

export function createGroupCalls(ports: CorePorts, parts: GroupCallsParts): GroupCalls {
  const { calls, log, nodes, savedGroups, sfu } = ports;
  const guests = forgetGuests(ports);
  const { effects, people, direct, ringMs, notifyAll } = parts;
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

  const find = async (callId: string): Promise<GroupCall | null> => live.find(callId);
  const media: CallMedia = createCallMedia(ports, find);
  const live: LiveGroups = createLiveGroups(ports, {
    handleChange: (call, before, groupEffects, version) => {
      effects.handleGroupChange(call, before, groupEffects, version);
      media.handleChange(call, before);
      if (call.savedGroupId !== null && hasOtherPeople(call, before))
        tellMembers(call.savedGroupId).catch(warn('a notice'));
    },
    passOn: async (...passed) => effects.passOnInGroup(...passed),
    redo: async (change) => effects.redo(change),
  });
  const starting = createStarting(ports, live, direct, ringMs);
  const stopForwarding = forwardMediaEvents(ports, sfu, find, () => {
    notifyAll({ type: 'group_calls', payload: fromState(sfu.state()) });
  });

  return {
    live,
    dispatch: createGroupDispatch(ports, {
      live,
      starting,
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
      stopForwarding();
      media.close();
      await guests.stop();
    },
  };
}

const joinedPeople = ({ people }: GroupCall): string =>
  people
    .filter(({ status }) => status === 'joined')
    .map(({ user }) => user.userId)
    .join();

const hasOtherPeople = (call: GroupCall, before: GroupCall | null): boolean =>
  before === null || before.state !== call.state || joinedPeople(before) !== joinedPeople(call);

import type { UnnumberedEvent } from '@visavis/protocol';
import type { CorePorts } from '@visavis/server';

type Alter = (ports: CorePorts) => CorePorts;

/** One fault each in what holds the nodes together, of the kind that a slip of the hand makes. */
export interface PlantedFault {
  readonly name: string;
  readonly alter: Alter;
}

const calls =
  (change: (store: CorePorts['calls']) => Partial<CorePorts['calls']>): Alter =>
  (ports) => ({
    ...ports,
    calls: { ...ports.calls, ...change(ports.calls) },
  });
const sessions =
  (change: (store: CorePorts['sessions']) => Partial<CorePorts['sessions']>): Alter =>
  (ports) => ({
    ...ports,
    sessions: { ...ports.sessions, ...change(ports.sessions) },
  });
const presence =
  (change: (store: CorePorts['presence']) => Partial<CorePorts['presence']>): Alter =>
  (ports) => ({
    ...ports,
    presence: { ...ports.presence, ...change(ports.presence) },
  });

const isSignal = ({ type }: UnnumberedEvent): boolean =>
  type === 'offer' || type === 'answer' || type === 'ice_candidate';

export const PLANTED_FAULTS: readonly PlantedFault[] = [
  {
    name: 'what a dead node left undone is not done again',
    alter: calls(() => ({ listUnsent: async () => [] })),
  },
  {
    name: 'the effects of a change are not kept with it',
    alter: calls((store) => ({
      create: async (input) => store.create({ ...input, effects: null }),
      save: async (stored, next, _effects, ...rest) => store.save(stored, next, null, ...rest),
    })),
  },
  {
    name: 'a deadline is met only by the node that began the call',
    alter: calls(() => ({ listDue: async () => [] })),
  },
  {
    name: 'a change is written without looking whether somebody was faster',
    alter: calls((store) => ({
      save: async (stored, next, ...rest) => {
        const current = await store.load(next.callId);
        return current === null ? null : store.save({ ...stored, version: current.version }, next, ...rest);
      },
    })),
  },
  {
    name: 'a change is acknowledged before it is stored',
    alter: calls((store) => ({
      save: async (stored, next, ...rest) => {
        store.save(stored, next, ...rest).catch(() => {});
        return { call: next, version: stored.version + 1 };
      },
    })),
  },
  {
    name: 'a resume begins one event too late',
    alter: sessions((store) => ({
      resume: async (deviceId, sessionId, lastSeq, order) => {
        const events = await store.resume(deviceId, sessionId, lastSeq, order);
        return events?.slice(1) ?? null;
      },
    })),
  },
  {
    name: 'a session that is there is not gone on with',
    alter: sessions(() => ({ resume: async () => null })),
  },
  {
    name: 'a signal that is repeated is passed on again',
    alter: sessions((store) => ({
      push: (deviceId, event, key, order) => store.push(deviceId, event, isSignal(event) ? null : key, order),
    })),
  },
  {
    name: 'a ring that is handed over again rings again',
    alter: sessions((store) => ({
      push: (deviceId, event, key, order) =>
        store.push(deviceId, event, event.type === 'ring' ? null : key, order),
    })),
  },
  {
    name: 'now and then an event is not handed over and counts as done',
    alter: (ports) => {
      let pushes = 0;
      return sessions((store) => ({
        push: (deviceId, event, key, order) => {
          pushes += 1;
          return pushes % 20 === 0 ? null : store.push(deviceId, event, key, order);
        },
      }))(ports);
    },
  },
  {
    name: 'an event that is handed over again is heard again',
    alter: sessions((store) => ({
      push: (deviceId, event, _, order) => store.push(deviceId, event, null, order),
    })),
  },
  {
    name: 'others are not told who is there',
    alter: presence(() => ({ show: async () => false })),
  },
  {
    name: 'the close of an old socket takes the new one with it',
    alter: presence((store) => ({
      setOffline: async (userId, deviceId) => store.forget(userId, deviceId),
    })),
  },
  {
    name: 'who is in a call is not told to the other nodes',
    alter: presence(() => ({ setInCall: async () => {} })),
  },
  {
    name: 'a Redis that was emptied is not noticed',
    alter: (ports) => ({
      ...ports,
      nodes: {
        ...ports.nodes,
        join: async (handlers) => ports.nodes.join({ ...handlers, handleDisruption: () => {} }),
      },
    }),
  },
  {
    name: 'what is remembered is trusted over the store',
    alter: (ports) => ({ ...ports, nodes: { ...ports.nodes, isAlone: true } }),
  },
];

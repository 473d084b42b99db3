import { SfuRefusal, type CorePorts, type Sfu } from '@visavis/server';

/** In the simulation all calls are between two: there are no group calls, and none can be made. */
export const createNoGroups = (): Pick<
  CorePorts,
  'groups' | 'savedGroups' | 'links' | 'sfu' | 'mediaNodes'
> => ({
  groups: {
    create: impossible,
    save: impossible,
    load: async () => null,
    findGrown: async () => null,
    findGroupKey: async () => null,
    listLive: async () => [],
    listLiveOf: async () => [],
    listOngoing: async () => new Map(),
    listDue: async () => [],
    findNextDeadline: async () => null,
    forgetKeysBefore: async () => {},
    findMediaNode: async () => null,
    claimMedia: async () => ({ nodeId: null, isNew: false }),
    listMediaOf: async () => [],
  },
  savedGroups: { find: async () => null },
  links: { find: async () => null, findGuestCall: async () => null, forgetGuests: async () => [] },
  sfu: NO_SFU,
  mediaNodes: { announce: async () => {}, list: async () => [], withdraw: async () => {} },
});

async function impossible(): Promise<never> {
  throw new Error('nobody of the simulation makes a group call');
}

async function refuse(): Promise<never> {
  throw new SfuRefusal('MEDIA_UNAVAILABLE');
}

const NO_SFU: Sfu = {
  nodes: null,
  state: () => ({ name: 'unavailable', reason: 'a simulation' }),
  load: () => 0,
  pipes: () => 0,
  countConnected: () => 0,
  open: refuse,
  connect: refuse,
  restartIce: refuse,
  publish: refuse,
  unpublish: refuse,
  setPaused: refuse,
  receive: refuse,
  prefer: refuse,
  leave: async () => {},
  end: async () => {},
  tracks: () => [],
  subscribe: () => () => {},
  close: async () => {},
};

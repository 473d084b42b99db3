import {
  createLinkParts,
  partsOf,
  type Api,
  type Device,
  type DeviceView,
  type LinkParts,
} from '@visavis/client';
import { callIdOf } from '@visavis/call';
import type { GroupsShown } from './groupShown.ts';
import { linkAddress } from './linkPage.ts';
import { openLinkStore } from './linkStore.ts';

/** GRP6: the links that this browser has made for its person. */
export interface CallLinks {
  make(key: string, callId: string): Promise<void>;
  /** Shows the link of a call again, after a reload, and lets the device read the names of who came by it. */
  follow(view: DeviceView): void;
  close(): void;
}

interface Kept {
  readonly parts: LinkParts;
  readonly expiresAt: number;
}

export function createCallLinks(options: {
  readonly api: Api;
  readonly userId: string;
  readonly device: () => Device;
  readonly shown: GroupsShown;
  readonly onChange: () => void;
}): CallLinks {
  const { api, userId, shown } = options;
  const kept = new Map<string, Kept>();
  /** Calls whose links the device knows. */
  const given = new Set<string>();
  const opening = openLinkStore();
  let isClosed = false;

  async function restore(): Promise<void> {
    const store = await opening;
    for (const { callId, secret, expiresAt } of await store.listLinks(userId, Date.now()))
      if (callId !== null && !kept.has(callId)) kept.set(callId, { parts: await partsOf(secret), expiresAt });
    if (!isClosed && kept.size > 0) options.onChange();
  }
  // What cannot be read is as good as not kept.
  restore().catch(() => {});

  return {
    async make(key, callId) {
      shown.change(key, { link: { state: 'making' } });
      const parts = await createLinkParts();
      const result = await api.makeLink(callId, { token: parts.token });
      if (isClosed) return;
      if (!result.ok) return shown.change(key, { link: { state: 'failed' } });
      const { linkId, expiresAt } = result.value;
      kept.set(callId, { parts, expiresAt });
      given.add(callId);
      options.device().knowLink(callId, parts.guestKey, true);
      shown.change(key, { link: { state: 'ready', url: linkAddress(location, parts.text), expiresAt } });
      const store = await opening;
      await store
        .putLink(userId, { linkId, callId, secret: parts.secret, name: null, expiresAt })
        .catch(() => {});
    },
    follow({ calls }) {
      const callIds = new Set<string>();
      for (const { call } of calls) {
        const callId = callIdOf(call);
        const link = callId === null ? undefined : kept.get(callId);
        if (callId === null || link === undefined || call.group === null || call.phase === 'ended') continue;
        callIds.add(callId);
        if (given.has(callId)) continue;
        given.add(callId);
        const { parts, expiresAt } = link;
        options.device().knowLink(callId, parts.guestKey, false);
        shown.change(call.key, {
          link: { state: 'ready', url: linkAddress(location, parts.text), expiresAt },
        });
      }
      for (const callId of given) if (!callIds.has(callId)) given.delete(callId);
    },
    close() {
      isClosed = true;
    },
  };
}

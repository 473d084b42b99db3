import {
  createCapture,
  readGuestName,
  readLinkParts,
  realTimers,
  type Api,
  type Capture,
  type LinkParts,
} from '@visavis/client';
import type { Me } from '@visavis/protocol';
import type { StoreApi } from 'zustand/vanilla';
import type { Account as AccountState, Model } from '../model/model.ts';
import { backgroundOptions } from './background.ts';
import { readPreferences } from './preferences.ts';
import { createPreview, type PreviewControl } from './preview.ts';

/** The secret stays in the fragment, which browsers send to nobody: the server gets what is derived from it. */
const PREFIX = '#/join/';
/** How often the preview's meter moves. */
const WATCH_MS = 120;

export const linkAddress = ({ origin, pathname }: Pick<Location, 'origin' | 'pathname'>, secret: string) =>
  `${origin}${pathname}${PREFIX}${secret}`;

/** @returns the link of the page; null where the page is none, or its link cannot be one */
export async function linkOf(hash: string): Promise<LinkParts | null> {
  return hash.startsWith(PREFIX) ? readLinkParts(hash.slice(PREFIX.length)) : null;
}

/** Whether the address is that of a link, be it a good one or not. */
export const isLinkPage = (hash: string): boolean => hash.startsWith(PREFIX);

/** GRP6: the page of a call link before anybody has joined: who invites, and how one looks. */
export interface LinkPage {
  /** Null: what stands in the address is none. */
  readonly link: LinkParts | null;
  readonly capture: Capture;
  readonly preview: PreviewControl;
  load(): Promise<void>;
  setJoining(joining: boolean): void;
  close(): void;
}

export function openLinkPage(options: {
  readonly store: StoreApi<Model>;
  readonly api: Api;
  readonly link: LinkParts | null;
  readonly me: Me | null;
}): LinkPage {
  const { store, api, link, me } = options;
  type Invited = Extract<AccountState, { state: 'invited' }>;
  let account: Invited = { state: 'invited', me, invitation: { state: 'loading' }, joining: false };
  let isClosed = false;
  let cancel: (() => void) | null = null;
  const { sound, ...chosen } = readPreferences(localStorage);
  const capture = createCapture({ chosen, sound, ...backgroundOptions() });
  const preview = createPreview(capture, publishPreview);

  function publish(change: Partial<Invited>): void {
    if (isClosed) return;
    account = { ...account, ...change };
    store.setState({ account });
  }

  function publishPreview(): void {
    if (isClosed) return;
    const shown = preview.read();
    store.setState({ preview: shown });
    cancel?.();
    cancel = shown === null ? null : realTimers.after(WATCH_MS, publishPreview);
  }

  return {
    link,
    capture,
    preview,
    async load() {
      publish({ invitation: link === null ? { state: 'invalid' } : { state: 'loading' } });
      if (link === null) return;
      const result = await api.invitation(link.token);
      if (result.ok) {
        const { hostName, hostSealedName: sealed } = result.value;
        const read = sealed === undefined ? null : await readGuestName(link.guestKey, sealed);
        const value = { ...result.value, hostName: read ?? hostName };
        return publish({ invitation: { state: 'ready', value } });
      }
      const isInvalid =
        result.code === 'LINK_INVALID' || result.code === 'NOT_FOUND' || result.code === 'BAD_MESSAGE';
      publish({ invitation: { state: isInvalid ? 'invalid' : 'failed' } });
    },
    setJoining: (joining) => publish({ joining }),
    close() {
      isClosed = true;
      cancel?.();
      preview.close();
      capture.close();
      store.setState({ preview: null });
    },
  };
}

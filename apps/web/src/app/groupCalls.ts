import type { Device, DeviceView, GroupNotice, MediaTile } from '@visavis/client';
import type { ErrorCode, UserSummary } from '@visavis/protocol';
import type { StoreApi } from 'zustand/vanilla';
import type { GroupCallView, Model } from '../model/model.ts';
import { createGroupsShown, type GroupsShown } from './groupShown.ts';
import { toGroupView, toMediaTiles } from './groupView.ts';
import type { Notices } from './notices.ts';
import { createKeptVolumes, type KeptVolumes } from './volumes.ts';

/** The group calls of a signed-in person as their page shows them. */
export interface GroupCalls {
  readonly shown: GroupsShown;
  readonly volumes: KeptVolumes;
  /** By the key of a call. */
  toViews(view: DeviceView): ReadonlyMap<string, GroupCallView>;
  /** Tells the media what is shown, and the person why a call could not be had. */
  follow(view: DeviceView, views: ReadonlyMap<string, GroupCallView>): void;
  handleNotice(notice: GroupNotice): void;
}

export function createGroupCalls(parts: {
  readonly store: StoreApi<Model>;
  readonly notices: Notices;
  readonly device: () => Device;
  readonly me: () => UserSummary;
  readonly onChange: () => void;
}): GroupCalls {
  const { store, notices } = parts;
  const volumes = createKeptVolumes(localStorage, () => {
    const keptVolumes = volumes.read().size;
    store.setState(({ preferences }) => ({ preferences: { ...preferences, keptVolumes } }));
  });
  const shown = createGroupsShown(parts.onChange, volumes.read);
  const told = new Map<string, readonly MediaTile[]>();
  /** Calls whose failure was told: it stays on the screen, the notice does not. */
  const failures = new Set<string>();

  function explain(code: ErrorCode): boolean {
    if (code === 'CALL_FULL') notices.show('call_full');
    else if (code === 'CALL_LOCKED') notices.show('call_locked');
    else if (code === 'ALREADY_MOVING') notices.show('already_moving');
    else if (code === 'RATE_LIMITED') notices.show('rate_limited');
    else if (code === 'MEDIA_UNAVAILABLE') {
      const isComing = store.getState().groupCalls.state === 'preparing';
      notices.show(isComing ? 'group_calls_preparing' : 'group_calls_unavailable');
    } else return false;
    return true;
  }

  function showTiles(view: DeviceView): void {
    for (const entry of view.calls) {
      const { key, group } = entry.call;
      const { tiles, deviceIds } = shown.read(key);
      if (group === null || tiles.length === 0) continue;
      const next = toMediaTiles(tiles, entry, deviceIds);
      if (JSON.stringify(next) === JSON.stringify(told.get(key))) continue;
      told.set(key, next);
      parts.device().showTiles(key, next);
    }
  }

  return {
    shown,
    volumes,
    toViews(view) {
      const views = new Map<string, GroupCallView>();
      for (const entry of view.calls) {
        const { key } = entry.call;
        const group = toGroupView(entry, shown.read(key), parts.me(), (at) => at - view.clockOffsetMs);
        if (group !== null) views.set(key, group);
      }
      return views;
    },
    follow(view, views) {
      const keys = view.calls.map(({ call }) => call.key);
      shown.keep(keys);
      for (const key of told.keys()) if (!keys.includes(key)) told.delete(key);
      for (const { call } of view.calls) {
        if (call.phase !== 'ended' || call.group === null || call.code === null || failures.has(call.key))
          continue;
        failures.add(call.key);
        explain(call.code);
      }
      for (const [key, { speakerId }] of views) {
        if (speakerId !== null && speakerId !== shown.read(key).speakerId) shown.change(key, { speakerId });
      }
      showTiles(view);
    },
    handleNotice(notice) {
      switch (notice.type) {
        case 'muted_by_host':
          return notices.show('muted_by_host', notice.by ?? undefined);
        case 'muted_for_other':
          return notices.show('muted_for_other', notice.deviceName);
        case 'sharing_failed':
          return notices.show('sharing_failed');
        case 'refused':
          if (explain(notice.code)) return;
          // A line that was not sent says so itself.
          if (notice.request !== 'send_data') notices.show('saving_failed');
      }
    },
  };
}

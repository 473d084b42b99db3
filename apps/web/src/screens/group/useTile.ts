import { useEffect, type RefObject } from 'react';
import { useApp, useModel } from '../../components/store.tsx';
import type { GroupCallView, TileView } from '../../model/groups.ts';
import type { Model } from '../../model/model.ts';

const groupIn = (model: Model, callKey: string): GroupCallView | null =>
  model.calls.find(({ key }) => key === callKey)?.group ?? null;

/** The part of a group call that a component shows; null once the call is over or away. */
export function useGroup<Part>(
  callKey: string,
  select: (group: GroupCallView) => Part,
  equal?: (left: Part | null, right: Part | null) => boolean,
): Part | null {
  return useModel<Part | null>((model) => {
    const group = groupIn(model, callKey);
    return group === null ? null : select(group);
  }, equal);
}

/** The same for one tile. */
export function useTile<Part>(callKey: string, id: string, select: (tile: TileView) => Part): Part | null {
  return useModel((model) => {
    const tile = groupIn(model, callKey)?.tiles.find((tile) => tile.id === id);
    return tile === undefined ? null : select(tile);
  });
}

/**
 * Writes somebody's level to the CSS property `--level` of an element, past React: it changes many times a second. Not `on`, where
 * nobody would see it: each change moves what it is about, and the whole page is put together again for every step of that.
 */
export function useTileLevel(
  element: RefObject<HTMLElement | null>,
  callKey: string,
  id: string,
  on: boolean,
): void {
  const { store } = useApp();
  useEffect(() => {
    if (!on) {
      element.current?.style.removeProperty('--level');
      return undefined;
    }
    let last = -1;
    const write = (): void => {
      const tile = groupIn(store.getState(), callKey)?.tiles.find((tile) => tile.id === id);
      const level = tile === undefined || tile.muted ? 0 : Math.round(tile.level * 20) / 20;
      if (level === last) return;
      last = level;
      element.current?.style.setProperty('--level', String(level));
    };
    write();
    return store.subscribe(write);
  }, [store, element, callKey, id, on]);
}

import type { ShownTile } from '../../model/groups.ts';
import type { Arrangement, Cast } from './arrangement.ts';

/**
 * What the others need to know about what is seen of them: every tile and screen, those out of sight too.
 *
 * @param watched - false while nobody can see the stage: another tab, on hold, a sheet over it
 */
export function shownTiles(cast: Cast, { placed }: Arrangement, watched: boolean): readonly ShownTile[] {
  const ids = [...cast.tiles.map(({ id }) => id), ...cast.screens.map(({ id }) => id)];
  return ids.map((id) => {
    const found = watched ? placed.find((one) => one.id === id) : undefined;
    if (found === undefined) return { id, width: 0, height: 0, visible: false, large: false };
    const { box, large } = found;
    return { id, width: Math.round(box.width), height: Math.round(box.height), visible: true, large };
  });
}

const same = (left: ShownTile, right: ShownTile): boolean =>
  left.id === right.id &&
  left.width === right.width &&
  left.height === right.height &&
  left.visible === right.visible &&
  left.large === right.large;

export const sameShown = (left: readonly ShownTile[], right: readonly ShownTile[]): boolean =>
  left.length === right.length &&
  left.every((tile, index) => {
    const other = right[index];
    return other !== undefined && same(tile, other);
  });

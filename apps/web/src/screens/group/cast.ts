import type { GroupCallView } from '../../model/groups.ts';
import type { Cast } from './arrangement.ts';

/** @param selfIsTile - whether this person's own picture is one of the tiles */
export function castOf(group: GroupCallView, selfIsTile: boolean): Cast {
  return {
    tiles: group.tiles.map(({ id, hasVideo, phase }) => ({ id, hasVideo, phase })),
    screens: group.screens.filter(({ isMe }) => !isMe).map(({ id, userId }) => ({ id, userId })),
    speakerId: group.speakerId,
    layout: group.layout,
    pinnedId: group.pinnedId,
    selfIsTile,
  };
}

/** Levels and marks change many times a second; who is where does not. */
export function sameCast(left: Cast | null, right: Cast | null): boolean {
  if (left === null || right === null) return left === right;
  return (
    left.speakerId === right.speakerId &&
    left.layout === right.layout &&
    left.pinnedId === right.pinnedId &&
    left.selfIsTile === right.selfIsTile &&
    left.tiles.length === right.tiles.length &&
    left.screens.length === right.screens.length &&
    left.tiles.every((tile, at) => {
      const other = right.tiles[at];
      return other?.id === tile.id && other.hasVideo === tile.hasVideo && other.phase === tile.phase;
    }) &&
    left.screens.every((screen, at) => right.screens[at]?.id === screen.id)
  );
}

/**
 * Whether oneself is a tile or floats. By itself: a tile as soon as there are several others, else small in a corner, where
 * it hides less of the one other. What the person chose goes before.
 */
export function selfIsTile(others: number, chosen: 'tile' | 'floating' | null): boolean {
  if (others === 0) return true;
  return chosen === null ? others > 1 : chosen === 'tile';
}

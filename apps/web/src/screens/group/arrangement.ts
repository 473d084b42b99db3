import type { GroupCallView, TileView } from '../../model/groups.ts';
import type { Size } from '../call/corners.ts';
import { gridBoxes, pageSize, spotlightBoxes, stripSize, type Box } from './grid.ts';

/** Stands for this person's own tile. */
export const SELF = 'self';

/** What the arrangement of a group call depends on. */
export interface Cast {
  readonly tiles: readonly Pick<TileView, 'id' | 'hasVideo' | 'phase'>[];
  /** Screens of the others; one's own is not shown to oneself. */
  readonly screens: readonly { readonly id: string; readonly userId: string }[];
  readonly speakerId: string | null;
  readonly layout: GroupCallView['layout'];
  readonly pinnedId: string | null;
  /** Whether this person's own picture is one of the tiles. */
  readonly selfIsTile: boolean;
}

export interface Placed {
  readonly id: string;
  readonly kind: 'tile' | 'screen' | 'self';
  readonly box: Box;
  readonly large: boolean;
  /** Lies over the screen that this person shares. */
  readonly presenter: boolean;
}

export interface Arrangement {
  readonly placed: readonly Placed[];
  readonly pages: number;
  /** From 0; never beyond the last. */
  readonly page: number;
}

type Item = Pick<Placed, 'id' | 'kind'>;

/** Everybody and everything on pages, in an order that does not jump: oneself is always the last of the first page. */
function inOrder(cast: Cast, perPage: number): Item[] {
  const items: Item[] = [
    ...cast.screens.map(({ id }): Item => ({ id, kind: 'screen' })),
    ...cast.tiles.map(({ id }): Item => ({ id, kind: 'tile' })),
  ];
  if (cast.selfIsTile) items.splice(Math.min(perPage - 1, items.length), 0, { id: SELF, kind: 'self' });
  return items;
}

/** The one that is large: what was pinned, else the newest screen, else the speaker, else who came first. */
export function largeOf(cast: Cast): Item | null {
  const screen = (id: string): Item | null =>
    cast.screens.some((one) => one.id === id) ? { id, kind: 'screen' } : null;
  const tile = (id: string): Item | null =>
    cast.tiles.some((one) => one.id === id) ? { id, kind: 'tile' } : null;
  const { pinnedId, speakerId } = cast;
  const pinned = pinnedId === null ? null : (screen(pinnedId) ?? tile(pinnedId));
  if (pinned !== null) return pinned;
  const newest = cast.screens.at(-1);
  if (newest !== undefined) return { id: newest.id, kind: 'screen' };
  const speaker = speakerId === null ? null : tile(speakerId);
  if (speaker !== null) return speaker;
  const first = cast.tiles.find(({ phase }) => phase === 'connected') ?? cast.tiles[0];
  return first === undefined ? null : { id: first.id, kind: 'tile' };
}

/** Of the width of the large screen, for the picture of who shares it. */
const PRESENTER_SHARE = 0.2;
const PRESENTER_MOST_PX = 220;
const PRESENTER_LEAST_PX = 96;
const PRESENTER_EDGE_PX = 14;

function presenterBox(large: Box): Box {
  const width = Math.round(
    Math.min(Math.max(large.width * PRESENTER_SHARE, PRESENTER_LEAST_PX), PRESENTER_MOST_PX),
  );
  const height = Math.round((width * 9) / 16);
  return {
    x: large.x + large.width - width - PRESENTER_EDGE_PX,
    y: large.y + large.height - height - PRESENTER_EDGE_PX,
    width,
    height,
  };
}

function pagesOf(count: number, perPage: number, wanted: number): { pages: number; page: number } {
  const pages = Math.max(Math.ceil(count / perPage), 1);
  return { pages, page: Math.min(Math.max(wanted, 0), pages - 1) };
}

/** Who and what is shown where on a stage of this size. */
export function arrange(cast: Cast, stage: Size, wantedPage: number): Arrangement {
  if (stage.width <= 0 || stage.height <= 0) return { placed: [], pages: 1, page: 0 };
  return cast.layout === 'spotlight' || cast.pinnedId !== null
    ? arrangeSpotlight(cast, stage, wantedPage)
    : arrangeGrid(cast, stage, wantedPage);
}

function arrangeGrid(cast: Cast, stage: Size, wantedPage: number): Arrangement {
  const perPage = pageSize(stage);
  const items = inOrder(cast, perPage);
  const { pages, page } = pagesOf(items.length, perPage, wantedPage);
  const shown = items.slice(page * perPage, (page + 1) * perPage);
  // The last page keeps the size of the others: tiles do not swell when one turns to it.
  const boxes = gridBoxes(shown.length, stage, pages > 1 ? perPage : shown.length);
  const placed = shown.flatMap((item, index) => {
    const box = boxes[index];
    return box === undefined ? [] : [{ ...item, box, large: false, presenter: false }];
  });
  return { placed, pages, page };
}

function arrangeSpotlight(cast: Cast, stage: Size, wantedPage: number): Arrangement {
  const large = largeOf(cast);
  const fits = stripSize(stage);
  if (large === null) return arrangeGrid({ ...cast, layout: 'grid', pinnedId: null }, stage, wantedPage);
  const sharer = large.kind === 'screen' ? cast.screens.find(({ id }) => id === large.id)?.userId : undefined;
  const presenter = cast.tiles.find((tile) => tile.id === sharer && tile.hasVideo)?.id ?? null;
  const rest = inOrder(cast, fits).filter(({ id }) => id !== large.id && id !== presenter);
  const { pages, page } = pagesOf(rest.length, fits, wantedPage);
  const shown = rest.slice(page * fits, (page + 1) * fits);
  const boxes = spotlightBoxes(pages > 1 ? fits : shown.length, stage);
  const placed: Placed[] = [{ ...large, box: boxes.large, large: true, presenter: false }];
  shown.forEach((item, index) => {
    const box = boxes.strip[index];
    if (box !== undefined) placed.push({ ...item, box, large: false, presenter: false });
  });
  if (presenter !== null) {
    const box = presenterBox(boxes.large);
    placed.push({ id: presenter, kind: 'tile', box, large: false, presenter: true });
  }
  return { placed, pages, page };
}

/** The page on which somebody is; null when they are on the one that is shown, or on none. */
export function pageWith(cast: Cast, stage: Size, shown: Arrangement, id: string): number | null {
  if (shown.placed.some((one) => one.id === id)) return null;
  for (let page = 0; page < shown.pages; page += 1) {
    if (arrange(cast, stage, page).placed.some((one) => one.id === id)) return page;
  }
  return null;
}

import { memo, useRef } from 'react';
import { Avatar } from '../../components/Avatar.tsx';
import { useActions } from '../../components/store.tsx';
import { callWords } from '../../words/call.ts';
import { qualityWords } from '../../words/quality.ts';
import { firstName } from '../../words/names.ts';
import { Backdrop } from '../call/Backdrop.tsx';
import { PersonVideo } from '../call/PersonVideo.tsx';
import type { Placed } from './arrangement.ts';
import type { Box } from './grid.ts';
import { isControl } from './isControl.ts';
import { PersonMenu } from './PersonMenu.tsx';
import { HandMark, TileName } from './TileMarks.tsx';
import { TileState } from './TileState.tsx';
import { boxStyle, useFlip } from './useFlip.ts';
import { useGroup, useTile, useTileLevel } from './useTile.ts';

/** Where less room is, the whole name and the words about what is missing don't fit. */
const SMALL_PX = 170;

interface TileProps {
  readonly callKey: string;
  readonly placed: Placed;
  /** Where it was before it was a tile. */
  readonly from: Box | null;
  readonly onMenu: (open: boolean) => void;
}

/** Somebody else in a group call. */
export const Tile = memo(function Tile({ callKey, placed, from, onMenu }: TileProps) {
  const { id, box, presenter } = placed;
  const { pin } = useActions();
  const element = useRef<HTMLLIElement>(null);
  const avatar = useRef<HTMLSpanElement>(null);
  useFlip(element, box, from);
  const group = useGroup(callKey, ({ speakerId, pinnedId, tiles }) => ({
    // Beside one other there is no doubt who speaks.
    speaks: speakerId === id && tiles.length > 1,
    pinned: pinnedId === id,
  }));
  const tile = useTile(callKey, id, (tile) => ({
    user: tile.user,
    guest: tile.guest,
    phase: tile.phase,
    stream: tile.stream,
    hasVideo: tile.hasVideo,
    muted: tile.muted,
    hand: tile.hand,
    held: tile.held,
    checking: tile.checking,
    paused: tile.paused,
    quality: tile.quality,
    weakLine: tile.weakLine,
    mutedForMe: tile.mutedForMe,
  }));
  const picture =
    tile !== null && tile.hasVideo && !tile.held && tile.stream !== null && tile.phase !== 'ringing';
  useTileLevel(avatar, callKey, id, !picture);
  if (tile === null) return null;
  const { user, guest, phase, stream, muted, hand, held, checking, paused, quality, weakLine, mutedForMe } =
    tile;
  const small = box.width < SMALL_PX;
  return (
    <li
      ref={element}
      className="tile"
      data-speaks={(group?.speaks && !muted && phase === 'connected') || undefined}
      data-phase={phase}
      data-hand={hand || undefined}
      data-small={small || undefined}
      data-presenter={presenter || undefined}
      data-picture={picture || undefined}
      style={boxStyle(box)}
      onDoubleClick={(event) => {
        if (!isControl(event.target)) pin(callKey, group?.pinned ? null : id);
      }}
    >
      <div className="tile-inside">
        <Backdrop person={user} />
        <div className="tile-face">
          <span ref={avatar} className="tile-avatar">
            <Avatar person={user} />
          </span>
        </div>
        {picture && (
          <PersonVideo
            label={callWords.videoOf(user.name)}
            className="tile-video"
            stream={stream}
            on
            box={box}
          />
        )}
        <TileState phase={phase} held={held} checking={checking} paused={paused} small={small} />
        <TileName
          name={small ? firstName(user.name) : user.name}
          guest={guest}
          pinned={group?.pinned ?? false}
          muted={muted && phase !== 'ringing'}
          mutedForMe={mutedForMe}
          quality={phase === 'connected' ? quality : null}
          whose={
            weakLine && quality !== null
              ? qualityWords.mark({ level: quality, side: 'other' }, user.name)
              : null
          }
        />
        {hand && <HandMark />}
      </div>
      {!presenter && <PersonMenu callKey={callKey} userId={id} className="tile-menu" onOpenChange={onMenu} />}
    </li>
  );
});

import { MonitorUp, Pin, PinOff } from 'lucide-react';
import { memo, useRef } from 'react';
import { IconButton } from '../../components/Button.tsx';
import { useActions, useCall } from '../../components/store.tsx';
import { groupCallWords as say } from '../../words/groupCall.ts';
import { useFirstFrame, useStream } from '../call/useStream.ts';
import type { Placed } from './arrangement.ts';
import { isControl } from './isControl.ts';
import { TileState } from './TileState.tsx';
import { boxStyle, useFlip } from './useFlip.ts';
import { useGroup } from './useTile.ts';

interface ScreenTileProps {
  readonly callKey: string;
  readonly placed: Placed;
}

/** A shared screen, whole and unscaled as far as it fits: text is to be read. */
export const ScreenTile = memo(function ScreenTile({ callKey, placed }: ScreenTileProps) {
  const { id, box, large } = placed;
  const { pin } = useActions();
  const element = useRef<HTMLLIElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  useFlip(element, box, null);
  const screen = useGroup(callKey, ({ screens, tiles, pinnedId }) => {
    const found = screens.find((one) => one.id === id);
    const presenter = tiles.find((tile) => tile.id === found?.userId);
    return {
      name: found?.name ?? '',
      stream: found?.stream ?? null,
      isMe: found?.isMe ?? false,
      isLost: presenter?.phase === 'lost',
      pinned: pinnedId === id,
    };
  });
  const stream = screen?.stream ?? null;
  const hidden = useCall(callKey, ({ quality }) => !quality.getsPictures) ?? false;
  const shown = hidden && screen?.isMe !== true ? null : stream;
  useStream(video, shown);
  const seen = useFirstFrame(video, shown, true);
  if (screen === null) return null;
  const { name, isLost, pinned } = screen;
  const label = pinned ? say.person.unpin : say.person.pin;
  return (
    <li
      ref={element}
      className="tile"
      data-screen
      data-phase={isLost ? 'lost' : undefined}
      data-large={large || undefined}
      style={boxStyle(box)}
      onDoubleClick={(event) => {
        if (!isControl(event.target)) pin(callKey, pinned ? null : id);
      }}
    >
      <div className="tile-inside">
        <video
          ref={video}
          className="tile-video"
          aria-label={say.stage.screenOf(name)}
          data-shown={seen || undefined}
          data-fit="contain"
          muted
          autoPlay
          playsInline
        />
        {isLost && <TileState phase="lost" held={false} checking={false} paused={false} small={false} />}
        <div className="tile-name">
          <MonitorUp size={15} aria-hidden="true" />
          <span className="tile-name-text">{say.stage.sharing(name)}</span>
        </div>
      </div>
      <IconButton label={label} className="tile-menu" onClick={() => pin(callKey, pinned ? null : id)}>
        {pinned ? <PinOff size={18} /> : <Pin size={18} />}
      </IconButton>
    </li>
  );
});

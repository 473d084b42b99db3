import { Minimize2 } from 'lucide-react';
import { useRef } from 'react';
import { Avatar } from '../../components/Avatar.tsx';
import { IconButton } from '../../components/Button.tsx';
import { useCall } from '../../components/store.tsx';
import { callWords } from '../../words/call.ts';
import { groupCallWords } from '../../words/groupCall.ts';
import { qualityWords } from '../../words/quality.ts';
import { Backdrop } from '../call/Backdrop.tsx';
import { useFacesAway } from '../call/facesAway.ts';
import { PersonVideo } from '../call/PersonVideo.tsx';
import { useMe } from '../useMe.ts';
import type { Box } from './grid.ts';
import { HandMark, TileName } from './TileMarks.tsx';
import { boxStyle, useFlip } from './useFlip.ts';

const say = groupCallWords.stage;

interface SelfTileProps {
  readonly callKey: string;
  readonly box: Box;
  readonly onFloat: (() => void) | null;
}

/** Oneself among the others: mirrored, as everywhere. */
export function SelfTile({ callKey, box, onFloat }: SelfTileProps) {
  const me = useMe();
  const element = useRef<HTMLLIElement>(null);
  useFlip(element, box, null);
  const call = useCall(callKey, ({ local, group, quality }) => ({
    stream: local.stream,
    camera: local.camera,
    muted: local.muted,
    hand: group?.hand ?? false,
    mark: quality.mark,
  }));
  const stream = call?.stream ?? null;
  const on = call?.camera ?? false;
  const facesAway = useFacesAway(stream);
  if (call === null || me === null) return null;
  return (
    <li ref={element} className="tile" data-self data-picture={on || undefined} style={boxStyle(box)}>
      <div className="tile-inside">
        <Backdrop person={me} />
        <div className="tile-face">
          <span className="tile-avatar">
            <Avatar person={me} />
          </span>
        </div>
        <PersonVideo
          label={callWords.yourVideo}
          className="tile-video"
          stream={stream}
          on={on}
          box={box}
          mirrored={!facesAway}
        />
        <TileName
          name={say.you}
          muted={call.muted}
          quality={call.mark.level}
          whose={qualityWords.mark(call.mark, null)}
        />
        {call.hand && <HandMark />}
      </div>
      {onFloat !== null && (
        <IconButton label={say.selfFloats} className="tile-menu" onClick={onFloat}>
          <Minimize2 size={18} />
        </IconButton>
      )}
    </li>
  );
}

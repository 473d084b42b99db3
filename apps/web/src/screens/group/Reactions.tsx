import type { Size } from '../call/corners.ts';
import { SELF, type Arrangement } from './arrangement.ts';
import { ReactionPicture } from './reactionPictures.tsx';
import { useMe } from '../useMe.ts';
import { useGroup } from './useTile.ts';
import { groupCallWords } from '../../words/groupCall.ts';

interface ReactionsProps {
  readonly callKey: string;
  readonly arrangement: Arrangement;
  readonly stage: Size;
}

/** Rise from whoever sent them, or from the foot of the stage when they are out of sight. */
export function Reactions({ callKey, arrangement, stage }: ReactionsProps) {
  const me = useMe();
  const reactions = useGroup(callKey, (group) => group.reactions) ?? [];
  return (
    <div className="reactions" aria-hidden="true">
      {reactions.map(({ id, userId, name, reaction }, index) => {
        const wanted = userId === me?.userId ? SELF : userId;
        const box = arrangement.placed.find((one) => one.id === wanted)?.box;
        const left = box === undefined ? 28 + (index % 4) * 64 : box.x + box.width / 2;
        const top = box === undefined ? stage.height - 40 : box.y + box.height - 44;
        return (
          <span key={id} className="reaction" style={{ left: `${left}px`, top: `${top}px` }}>
            <ReactionPicture reaction={reaction} />
            {box === undefined && (
              <span className="reaction-name">{wanted === SELF ? groupCallWords.stage.you : name}</span>
            )}
          </span>
        );
      })}
    </div>
  );
}

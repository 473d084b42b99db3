import { Hand, MicOff, Pin, VolumeX } from 'lucide-react';
import { groupCallWords } from '../../words/groupCall.ts';

const say = groupCallWords.stage;

interface TileNameProps {
  readonly name: string;
  readonly guest?: boolean;
  readonly pinned?: boolean;
  readonly muted: boolean;
  readonly mutedForMe?: boolean;
  readonly quality?: 'good' | 'fair' | 'poor' | null;
  /** Whose side it is, in words; null: not known. */
  readonly whose?: string | null;
}

/** Who it is, at the foot of a tile, with what there is to know about them. A good connection needs no mark. */
export function TileName({
  name,
  guest,
  pinned,
  muted,
  mutedForMe,
  quality = null,
  whose = null,
}: TileNameProps) {
  return (
    <div className="tile-name">
      {muted && (
        <span className="tile-mark" title={say.muted}>
          <MicOff size={15} aria-hidden="true" />
          <span className="sr-only">{say.muted}</span>
        </span>
      )}
      {mutedForMe && (
        <span className="tile-mark" title={say.mutedForMe}>
          <VolumeX size={15} aria-hidden="true" />
          <span className="sr-only">{say.mutedForMe}</span>
        </span>
      )}
      <span className="tile-name-text">{name}</span>
      {guest && <span className="tile-guest">{say.guest}</span>}
      {pinned && <Pin size={14} fill="currentColor" aria-hidden="true" />}
      {(quality === 'fair' || quality === 'poor') && (
        <span className="tile-mark" data-quality={quality} title={whose ?? say.quality[quality]}>
          <Bars lit={quality === 'fair' ? 2 : 1} />
          <span className="sr-only">{whose ?? say.quality[quality]}</span>
        </span>
      )}
    </div>
  );
}

/** Three bars, of which some are lit. */
function Bars({ lit }: { readonly lit: number }) {
  return (
    <svg width="15" height="14" viewBox="0 0 15 14" fill="currentColor" aria-hidden="true">
      {[5, 9, 13].map((height, index) => (
        <rect
          key={height}
          x={index * 5}
          y={14 - height}
          width="3.6"
          height={height}
          rx="1.4"
          opacity={index < lit ? 1 : 0.4}
        />
      ))}
    </svg>
  );
}

export function HandMark() {
  return (
    <span className="tile-hand" title={say.hand}>
      <Hand size={18} aria-hidden="true" />
      <span className="sr-only">{say.hand}</span>
    </span>
  );
}

import { LoaderCircle, Pause, ShieldAlert, WifiOff, type LucideIcon } from 'lucide-react';
import { groupCallWords } from '../../words/groupCall.ts';

const say = groupCallWords.stage;

interface TileStateProps {
  readonly phase: 'ringing' | 'connecting' | 'connected' | 'lost';
  readonly held: boolean;
  readonly checking: boolean;
  readonly paused: boolean;
  readonly small: boolean;
}

/** What there is to be said of somebody, or of a screen, that does not move. */
export function TileState({ phase, held, checking, paused, small }: TileStateProps) {
  if (phase === 'ringing') return <p className="tile-state">{say.calling}</p>;
  if (phase === 'connecting' || phase === 'lost') {
    return (
      <Pill Icon={LoaderCircle} small={small} turning>
        {say[phase]}
      </Pill>
    );
  }
  // On hold is said in small tiles as well: it is short, and does not pass by itself.
  if (held) return <Pill Icon={Pause}>{say.held}</Pill>;
  if (checking) {
    return (
      <Pill Icon={ShieldAlert} small={small}>
        {say.checking}
      </Pill>
    );
  }
  if (!paused) return null;
  return (
    <Pill Icon={WifiOff} small={small}>
      {say.paused}
    </Pill>
  );
}

interface PillProps {
  readonly Icon: LucideIcon;
  readonly children: string;
  /** Only the picture is seen; the words are for screen readers. */
  readonly small?: boolean;
  readonly turning?: boolean;
}

function Pill({ Icon, children, small = false, turning = false }: PillProps) {
  return (
    <p className="tile-state" data-pill>
      <Icon size={16} className={turning ? 'turning' : undefined} aria-hidden="true" />
      {small ? <span className="sr-only">{children}</span> : children}
    </p>
  );
}

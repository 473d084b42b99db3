import { LoaderCircle, Pause, ShieldAlert, WifiOff } from 'lucide-react';
import { words } from '../../words/index.ts';

const say = words.groups.stage;

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
      <p className="tile-state" data-pill>
        <LoaderCircle size={16} className="turning" aria-hidden="true" />
        {small ? <span className="sr-only">{say[phase]}</span> : say[phase]}
      </p>
    );
  }
  if (!held && checking) {
    return (
      <p className="tile-state" data-pill>
        <ShieldAlert size={16} aria-hidden="true" />
        {small ? <span className="sr-only">{say.checking}</span> : say.checking}
      </p>
    );
  }
  if (!held && paused) {
    return (
      <p className="tile-state" data-pill>
        <WifiOff size={16} aria-hidden="true" />
        {small ? <span className="sr-only">{say.paused}</span> : say.paused}
      </p>
    );
  }
  if (!held) return null;
  return (
    <p className="tile-state" data-pill>
      <Pause size={16} aria-hidden="true" />
      {say.held}
    </p>
  );
}

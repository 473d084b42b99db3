import { LoaderCircle, Volume2 } from 'lucide-react';
import { Button } from '../../components/Button.tsx';
import { useActions } from '../../components/store.tsx';
import { moveWords as say } from '../../words/moves.ts';
import { useGroup } from '../group/useTile.ts';

/** CALL4, CALL5: where the call is, as far as this person's devices go. */
export function MoveBanner({ callKey }: { readonly callKey: string }) {
  const { setMuted } = useActions();
  const move = useGroup(callKey, (group) => group.ownMove);
  const soundOn = useGroup(callKey, (group) => group.soundOn);
  if (move !== null)
    return (
      <div className="banner" role="status">
        <LoaderCircle size={18} className="turning" aria-hidden="true" />
        {move.role === 'from'
          ? move.name === null
            ? say.leaving(move.deviceName)
            : say.passing(move.name)
          : move.name === null
            ? say.arriving(move.deviceName)
            : say.taking(move.name)}
      </div>
    );
  if (soundOn === null) return null;
  return (
    <div className="banner sharing-bar" role="status">
      <Volume2 size={18} aria-hidden="true" />
      {say.soundElsewhere(soundOn)}
      <Button onClick={() => setMuted(callKey, false)}>{say.soundHere}</Button>
    </div>
  );
}

import { MonitorUp, Volume2 } from 'lucide-react';
import { Button } from '../../components/Button.tsx';
import { Dialog } from '../../components/Dialog.tsx';
import { useActions } from '../../components/store.tsx';
import { groupCallWords as say } from '../../words/groupCall.ts';
import { useGroup } from './useTile.ts';

interface OfCall {
  readonly callKey: string;
}

/** One's own screen is shown to everybody: never out of sight, and one press ends it. */
export function SharingBanner({ callKey }: OfCall) {
  const { stopSharing } = useActions();
  const sharing = useGroup(callKey, (group) => group.sharing);
  if (sharing !== 'on' && sharing !== 'starting') return null;
  return (
    <div className="banner sharing-bar" role="status">
      <MonitorUp size={18} aria-hidden="true" />
      {sharing === 'on' ? say.stage.youShare : say.stage.sharingStarts}
      <Button look="danger" onClick={() => stopSharing(callKey)}>
        {say.stage.stop}
      </Button>
    </div>
  );
}

interface SpeakerHintProps extends OfCall {
  readonly userId: string;
  readonly onShow: () => void;
}

/** Somebody speaks who is on another page. */
export function SpeakerHint({ callKey, userId, onShow }: SpeakerHintProps) {
  const name = useGroup(callKey, ({ tiles }) => tiles.find(({ id }) => id === userId)?.user.name ?? null);
  if (name === null) return null;
  return (
    <button type="button" className="hint hint-button" onClick={onShow}>
      <Volume2 size={18} aria-hidden="true" />
      {say.stage.talksElsewhere(name)}
    </button>
  );
}

/** GRP5: only this person unmutes this person. */
export function AskedToUnmute({ callKey }: OfCall) {
  const { answerUnmute } = useActions();
  const by = useGroup(callKey, (group) => group.askedToUnmuteBy);
  const name = useGroup(callKey, ({ people, askedToUnmuteBy }) => {
    const found = people.find(({ user }) => user.userId === askedToUnmuteBy);
    return found?.user.name ?? null;
  });
  if (by === null) return null;
  return (
    <Dialog
      title={name === null ? say.ask.title(say.ask.someone) : say.ask.title(name)}
      onClose={() => answerUnmute(callKey, false)}
      actions={
        <>
          <Button onClick={() => answerUnmute(callKey, false)}>{say.ask.stay}</Button>
          <Button look="primary" onClick={() => answerUnmute(callKey, true)}>
            {say.ask.unmute}
          </Button>
        </>
      }
    >
      <p>{say.ask.body}</p>
    </Dialog>
  );
}

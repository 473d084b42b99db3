import { Phone, Video } from 'lucide-react';
import { useState } from 'react';
import { useActions, useCall } from '../../../components/store.tsx';
import type { CallType } from '../../../model/model.ts';
import { callWords } from '../../../words/call.ts';
import { RoundButton } from '../RoundButton.tsx';

const say = callWords.incoming;

/** While it rings here. */
export function IncomingControls({ callKey }: { readonly callKey: string }) {
  const { answer, decline } = useActions();
  const callType = useCall(callKey, (call) => call.callType);
  // Seen at once: the rest of the screen follows when the two are connected, or a moment later.
  const [pressed, setPressed] = useState(false);
  if (callType === null) return null;
  const take = (media: CallType): void => {
    setPressed(true);
    answer(callKey, media);
  };
  return (
    <div className="ring-buttons" data-pressed={pressed || undefined}>
      <RoundButton label={say.decline} look="end" onClick={() => decline(callKey)}>
        <Phone size={30} fill="currentColor" strokeWidth={0} className="hang-up" />
      </RoundButton>
      {callType === 'video' && (
        <RoundButton label={say.answerAudio} text={say.audioOnly} look="glass" onClick={() => take('audio')}>
          <Phone size={26} fill="currentColor" strokeWidth={0} />
        </RoundButton>
      )}
      <RoundButton label={say.answer} look="answer" onClick={() => take(callType)}>
        {callType === 'video' ? (
          <Video size={32} fill="currentColor" strokeWidth={1} />
        ) : (
          <Phone size={30} fill="currentColor" strokeWidth={0} />
        )}
      </RoundButton>
    </div>
  );
}

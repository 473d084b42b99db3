import { MicOff, VideoOff, X } from 'lucide-react';
import { useState } from 'react';
import { Button, IconButton } from '../../components/Button.tsx';
import { useActions, useCall } from '../../components/store.tsx';
import type { CaptureProblem } from '../../model/model.ts';
import { captureWords } from '../../words/capture.ts';
import { words } from '../../words/index.ts';

const ABOUT_SOUND: ReadonlySet<CaptureProblem> = new Set([
  'microphone_denied',
  'no_microphone',
  'microphone_in_use',
  'microphone_unplugged',
]);

/** Camera or microphone isn't there: what that means, and the one thing to do. Put away, it stays away. */
export function CaptureNotice({ callKey }: { readonly callKey: string }) {
  const actions = useActions();
  const problem = useCall(callKey, (call) => call.local.problem);
  const [putAway, setPutAway] = useState<CaptureProblem | null>(null);
  if (problem === null || problem === putAway) return null;
  const { title, body, action } = captureWords[problem];
  const aboutSound = ABOUT_SOUND.has(problem);
  const Icon = aboutSound ? MicOff : VideoOff;
  const handleAgain = (): void => {
    if (aboutSound || problem === 'both_denied') actions.setMuted(callKey, false);
    if (!aboutSound) actions.setCamera(callKey, true);
  };
  return (
    <div className="capture-notice" role="status">
      <Icon size={20} aria-hidden="true" />
      <div className="capture-text">
        <strong>{title}</strong>
        <p>{body}</p>
        {action !== null && <Button onClick={handleAgain}>{action}</Button>}
      </div>
      <IconButton label={words.common.dismiss} tip={null} onClick={() => setPutAway(problem)}>
        <X size={18} />
      </IconButton>
    </div>
  );
}

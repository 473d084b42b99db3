import { Phone } from 'lucide-react';
import { ControlButton } from '../../../components/ControlButton.tsx';
import { useActions, useCall } from '../../../components/store.tsx';
import { callWords } from '../../../words/call.ts';
import { groupCallWords } from '../../../words/groupCall.ts';
import { CameraButton, MuteButton } from './MediaButtons.tsx';

/** While it rings at the other end. */
export function OutgoingControls({ callKey }: { readonly callKey: string }) {
  const { cancel } = useActions();
  const video = useCall(callKey, (call) => call.callType === 'video');
  const waits = useCall(callKey, (call) => call.phase.name === 'waiting');
  const leave = waits ? groupCallWords.waitingRoom.leave : callWords.outgoing.cancel;
  return (
    <div className="controls" role="toolbar" aria-label={callWords.controls}>
      <MuteButton callKey={callKey} />
      {video && <CameraButton callKey={callKey} />}
      <ControlButton label={leave} className="control-end" onClick={() => cancel(callKey)}>
        <Phone size={26} fill="currentColor" strokeWidth={0} className="hang-up" />
      </ControlButton>
    </div>
  );
}

import { useCall } from '../../components/store.tsx';
import { callWords } from '../../words/call.ts';
import { CallStatus, OtherState } from './CallStatus.tsx';

/** Over a picture: who it is and for how long. */
export function TopBar({ callKey }: { readonly callKey: string }) {
  const call = useCall(callKey, (call) => ({ name: call.person.name, device: call.remote.deviceName }));
  if (call === null) return null;
  return (
    <>
      <header className="top-bar">
        <h2 title={call.device === null ? undefined : callWords.on(call.device)}>{call.name}</h2>
        <CallStatus callKey={callKey} />
      </header>
      <div className="top-state">
        <OtherState callKey={callKey} />
      </div>
    </>
  );
}

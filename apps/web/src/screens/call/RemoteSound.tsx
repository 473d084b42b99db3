import { Volume2 } from 'lucide-react';
import { useState } from 'react';
import { useCall } from '../../components/store.tsx';
import { words } from '../../words/index.ts';
import { Sound } from './Sound.tsx';
import { usePresses } from './usePresses.ts';

/** The other person's voice. Where the browser waits for a press, there is a button to press. */
export function RemoteSound({ callKey }: { readonly callKey: string }) {
  const call = useCall(callKey, (call) => ({ name: call.person.name, stream: call.remote.stream }));
  const [refused, setRefused] = useState(false);
  const { tries, press } = usePresses(refused);
  if (call === null) return null;
  return (
    <>
      <Sound stream={call.stream} onRefused={setRefused} tries={tries} />
      {refused && (
        <button type="button" className="hear-button" onClick={press}>
          <Volume2 size={22} aria-hidden="true" />
          {words.call.tapToHear(call.name)}
        </button>
      )}
    </>
  );
}

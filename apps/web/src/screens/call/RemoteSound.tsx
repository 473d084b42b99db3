import { Volume2 } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useCall, useModel } from '../../components/store.tsx';
import { words } from '../../words/index.ts';
import { useStream } from './useStream.ts';

/** The other person's voice, on the chosen speaker. Where the browser waits for a press, there is a button to press. */
export function RemoteSound({ callKey }: { readonly callKey: string }) {
  const call = useCall(callKey, (call) => ({ name: call.person.name, stream: call.remote.stream }));
  const speakerId = useModel((model) => model.media.speakerId);
  const audio = useRef<HTMLAudioElement>(null);
  const [refused, setRefused] = useState(false);
  useStream(audio, call?.stream ?? null, setRefused);
  useEffect(() => {
    const element = audio.current;
    if (element === null || typeof element.setSinkId !== 'function') return;
    // A speaker that is gone: the system's own takes over.
    element.setSinkId(speakerId ?? '').catch(() => {});
  }, [speakerId]);
  const play = useCallback((): void => {
    audio.current
      ?.play()
      .then(() => setRefused(false))
      .catch(() => {});
  }, []);
  // Any press on the page lifts the refusal, not only one on the button.
  useEffect(() => {
    if (!refused) return undefined;
    addEventListener('pointerup', play);
    addEventListener('keydown', play);
    return () => {
      removeEventListener('pointerup', play);
      removeEventListener('keydown', play);
    };
  }, [refused, play]);
  if (call === null) return null;
  return (
    <>
      <audio ref={audio} autoPlay />
      {refused && (
        <button type="button" className="hear-button" onClick={play}>
          <Volume2 size={22} aria-hidden="true" />
          {words.call.tapToHear(call.name)}
        </button>
      )}
    </>
  );
}

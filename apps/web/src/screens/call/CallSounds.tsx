import { Volume2 } from 'lucide-react';
import { useState } from 'react';
import { useCall } from '../../components/store.tsx';
import { callWords } from '../../words/call.ts';
import { groupCallWords } from '../../words/groupCall.ts';
import { Sound } from './Sound.tsx';
import { heardName, soundsOf } from './sounds.ts';
import { usePresses } from './usePresses.ts';

/** Whether the browser lets this page be heard, and what a press does about it. */
export interface Hearing {
  readonly refused: boolean;
  readonly onRefused: (refused: boolean) => void;
  readonly tries: number;
  readonly press: () => void;
}

export function useHearing(): Hearing {
  const [refused, onRefused] = useState(false);
  return { refused, onRefused, ...usePresses(refused) };
}

interface CallSoundsProps {
  readonly callKey: string;
  readonly hearing: Hearing;
}

/** All that is heard of a call: beside its screens and not within one, since elements that are made anew fall silent for a moment. */
export function CallSounds({ callKey, hearing }: CallSoundsProps) {
  const ids = useCall(callKey, (call) => soundsOf(call).map(({ id }) => id)) ?? [];
  return ids.map((id) => <OneSound key={id} callKey={callKey} id={id} hearing={hearing} />);
}

function OneSound({ callKey, id, hearing }: CallSoundsProps & { readonly id: string }) {
  const sound = useCall(callKey, (call) => soundsOf(call).find((sound) => sound.id === id) ?? null);
  if (sound === null) return null;
  return (
    <Sound
      stream={sound.stream}
      label={groupCallWords.stage.soundOf(sound.name)}
      volume={sound.volume}
      muted={sound.muted}
      onRefused={hearing.onRefused}
      tries={hearing.tries}
    />
  );
}

/** Where the browser waits for a press before it plays anything: a button to press. */
export function HearButton({ callKey, hearing }: CallSoundsProps) {
  const name = useCall(callKey, heardName);
  if (!hearing.refused || name === null) return null;
  return (
    <button type="button" className="hear-button" onClick={hearing.press}>
      <Volume2 size={22} aria-hidden="true" />
      {callWords.tapToHear(name)}
    </button>
  );
}

import { Volume2 } from 'lucide-react';
import { useState } from 'react';
import { useCall, useModel } from '../../components/store.tsx';
import { words } from '../../words/index.ts';
import { Sound } from '../call/Sound.tsx';
import { usePresses } from '../call/usePresses.ts';
import { callTitle } from './names.ts';
import { useTile } from './useTile.ts';

const say = words.groups.stage;

/** The voices of all others and the sounds of their screens, whether one sees them or not. */
export function GroupSounds({ callKey }: { readonly callKey: string }) {
  const ids = useCall(callKey, ({ group }) => group?.tiles.map(({ id }) => id) ?? []) ?? [];
  const screens = useModel(({ calls }) => {
    const group = calls.find(({ key }) => key === callKey)?.group;
    return (group?.screens ?? []).filter(({ isMe }) => !isMe).map(({ id }) => id);
  });
  const name = useCall(callKey, callTitle) ?? '';
  const [refused, setRefused] = useState(false);
  const { tries, press } = usePresses(refused);
  return (
    <>
      {ids.map((id) => (
        <TileSound key={id} callKey={callKey} id={id} onRefused={setRefused} tries={tries} />
      ))}
      {screens.map((id) => (
        <ScreenSound key={id} callKey={callKey} id={id} onRefused={setRefused} tries={tries} />
      ))}
      {refused && (
        <button type="button" className="hear-button" onClick={press}>
          <Volume2 size={22} aria-hidden="true" />
          {words.call.tapToHear(name)}
        </button>
      )}
    </>
  );
}

interface OneSoundProps {
  readonly callKey: string;
  readonly id: string;
  readonly onRefused: (refused: boolean) => void;
  readonly tries: number;
}

function TileSound({ callKey, id, onRefused, tries }: OneSoundProps) {
  const tile = useTile(callKey, id, ({ user, stream, volume, mutedForMe }) => ({
    name: user.name,
    stream,
    volume,
    mutedForMe,
  }));
  if (tile === null) return null;
  const { name, stream, volume, mutedForMe } = tile;
  return (
    <Sound
      stream={stream}
      label={say.soundOf(name)}
      volume={volume}
      muted={mutedForMe}
      onRefused={onRefused}
      tries={tries}
    />
  );
}

/** A screen is as loud as its person. */
function ScreenSound({ callKey, id, onRefused, tries }: OneSoundProps) {
  const screen = useModel(({ calls }) => {
    const group = calls.find(({ key }) => key === callKey)?.group;
    const found = group?.screens.find((screen) => screen.id === id);
    if (found === undefined) return null;
    const tile = group?.tiles.find((tile) => tile.id === found.userId);
    return {
      name: found.name,
      stream: found.stream,
      volume: tile?.volume ?? 1,
      muted: tile?.mutedForMe ?? false,
    };
  });
  if (screen === null) return null;
  const { name, ...sound } = screen;
  return <Sound {...sound} label={say.soundOf(name)} onRefused={onRefused} tries={tries} />;
}

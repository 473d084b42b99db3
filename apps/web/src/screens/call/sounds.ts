import type { CallView } from '../../model/model.ts';
import { firstName } from '../../words/names.ts';
import { callTitle } from '../group/names.ts';

/** Something to be heard in a call. */
export interface CallSound {
  /** The person's, with their device's for any but the one that is shown (CALL5), or of the shared screen: it stays the same when a call between two grows, so that its element plays on (CALL3). */
  readonly id: string;
  readonly name: string;
  readonly stream: MediaStream | null;
  /** 0 to 1. */
  readonly volume: number;
  readonly muted: boolean;
}

/** The voices of all others and the sounds of their screens, whether one sees them or not. A screen is as loud as its person. */
export function soundsOf({ person, remote, group }: CallView): readonly CallSound[] {
  if (group === null)
    return [
      { id: person.userId, name: person.name, stream: remote.voice, volume: remote.volume, muted: false },
    ];
  const voices = group.tiles.map(({ id, user, voice, volume, mutedForMe }) => ({
    id,
    name: user.name,
    stream: voice,
    volume,
    muted: mutedForMe || group.isSilent,
  }));
  const others = group.tiles.flatMap(({ id, user, otherSounds, volume, mutedForMe }) =>
    otherSounds.map(({ deviceId, stream }) => ({
      id: `${id} ${deviceId}`,
      name: user.name,
      stream,
      volume,
      muted: mutedForMe || group.isSilent,
    })),
  );
  const screens = group.screens
    .filter(({ isMe }) => !isMe)
    .map(({ id, userId, name, stream }) => {
      const voice = voices.find((voice) => voice.id === userId);
      return {
        id,
        name,
        stream,
        volume: voice?.volume ?? 1,
        muted: (voice?.muted ?? false) || group.isSilent,
      };
    });
  return [...voices, ...others, ...screens];
}

/** Whom one waits to hear: the person, or the group by its title. */
export const heardName = (call: CallView): string =>
  call.group === null ? firstName(call.person.name) : callTitle(call);

import { NOBODY_SPEAKS, forgetSpeaker, stepSpeaker, type Loudness } from '@visavis/call';
import type { SfuEvent } from '../../mediaPorts.ts';
import type { Cancel, Clock } from '../../ports.ts';
import type { Place } from './places.ts';

/** Who speaks in a call, over all its places. */
export interface Speakers {
  /** Hears the microphones that are brought in there. `deviceOf`: whose a producer is; null: not a microphone's any more. */
  listen(place: Place, deviceOf: (producerId: string) => string | null): void;
  /** What another node hears. */
  hear(nodeId: string, heard: readonly Loudness[]): void;
  forgetNode(nodeId: string): void;
  forget(deviceId: string): void;
  close(): void;
}

export function createSpeakers(callId: string, clock: Clock, emit: (event: SfuEvent) => void): Speakers {
  const levels = new Map<Place | string, readonly Loudness[]>();
  let state = NOBODY_SPEAKS;
  let cancel: Cancel | null = null;

  const advance = (next: typeof state): void => {
    const { shown } = state;
    state = next;
    cancel?.();
    cancel = null;
    const now = clock.now();
    if (state.deadline !== null) cancel = clock.schedule(Math.max(0, state.deadline - now), look);
    if (state.shown !== shown) emit({ type: 'speaker', callId, deviceId: state.shown, at: now });
  };
  const look = (): void => advance(stepSpeaker(state, [...levels.values()].flat(), clock.now()));
  const hear = (place: Place | string, heard: readonly Loudness[]): void => {
    levels.set(place, heard);
    const all = [...levels.values()].flat();
    emit({ type: 'levels', callId, volumes: all.toSorted((a, b) => b.volume - a.volume) });
    look();
  };

  return {
    listen(place, deviceOf) {
      place.observer.on('volumes', (volumes) =>
        hear(
          place,
          volumes.flatMap(({ producer, volume }) => {
            const deviceId = deviceOf(producer.id);
            return deviceId === null ? [] : [{ deviceId, volume }];
          }),
        ),
      );
      place.observer.on('silence', () => hear(place, []));
    },
    hear,
    forgetNode(nodeId) {
      if (levels.delete(nodeId)) look();
    },
    forget(deviceId) {
      for (const [place, heard] of levels)
        levels.set(
          place,
          heard.filter((level) => level.deviceId !== deviceId),
        );
      advance(forgetSpeaker(state, deviceId));
    },
    close() {
      cancel?.();
    },
  };
}

import { useEffect } from 'react';
import { useApp, useModel } from '../../components/store.tsx';
import type { GroupCallView } from '../../model/groups.ts';
import type { CallPhase, CallView, Model } from '../../model/model.ts';

type Loop = 'ring' | 'ringback' | 'waiting' | null;

const VIBRATION = [400, 200, 400, 1_600];
const VIBRATION_MS = 2_600;

/** Which sound goes on and on for these calls. */
export function loopFor(calls: readonly CallView[]): Loop {
  for (const { phase } of calls) {
    if (phase.name === 'incoming' && !phase.silent) return phase.waiting ? 'waiting' : 'ring';
  }
  return calls.some((call) => call.phase.name === 'ringing') ? 'ringback' : null;
}

/** In a call of many somebody always comes or goes: from here on it is quiet. */
const MOST_FOR_SOUNDS = 8;

const joinedIds = (group: GroupCallView): readonly string[] =>
  group.people.filter(({ isMe, status }) => !isMe && status === 'joined').map(({ user }) => user.userId);

/** The sound for who came and went between two moments of a group call. */
export function soundFor(before: GroupCallView | null, after: GroupCallView | null): 'came' | 'went' | null {
  if (before === null || after === null || before.people === after.people) return null;
  const [old, now] = [joinedIds(before), joinedIds(after)];
  if (Math.max(old.length, now.length) + 1 > MOST_FOR_SOUNDS) return null;
  if (now.some((id) => !old.includes(id))) return 'came';
  return old.some((id) => !now.includes(id)) ? 'went' : null;
}

const wasOn = (phase: CallPhase | undefined): boolean =>
  phase !== undefined && phase.name !== 'incoming' && phase.name !== 'ended';

/** Ringing and the small sounds, at the moment the model says so and no longer. */
export function useSounds(): void {
  const { store, sounds } = useApp();
  const loop = useModel((model): Loop => (model.preferences.sounds ? loopFor(model.calls) : null));

  useEffect(() => {
    if (loop === null) return undefined;
    const stop = sounds[loop]();
    return stop;
  }, [loop, sounds]);

  const vibrates = useModel((model) => model.preferences.sounds && loopFor(model.calls) === 'ring');
  useEffect(() => {
    if (!vibrates || typeof navigator.vibrate !== 'function') return undefined;
    const shake = (): void => {
      navigator.vibrate(VIBRATION);
    };
    shake();
    const timer = setInterval(shake, VIBRATION_MS);
    return () => {
      clearInterval(timer);
      navigator.vibrate(0);
    };
  }, [vibrates]);

  useEffect(
    () =>
      store.subscribe((model: Model, before: Model) => {
        if (model.calls === before.calls || !model.preferences.sounds) return;
        for (const call of model.calls) {
          const former = before.calls.find((old) => old.key === call.key);
          const moved = soundFor(former?.group ?? null, call.group);
          if (moved !== null) sounds.play(moved);
          const old = former?.phase;
          if (old?.name === call.phase.name) continue;
          if (call.phase.name === 'connected' && old?.name === 'connecting') sounds.play('joined');
          if (call.phase.name === 'ended' && wasOn(old)) sounds.play('ended');
        }
      }),
    [store, sounds],
  );
}

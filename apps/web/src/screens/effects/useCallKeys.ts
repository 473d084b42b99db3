import { useEffect } from 'react';
import { useActions, useModel } from '../../components/store.tsx';
import type { CallView } from '../../model/model.ts';
import { sceneOf } from '../call/scene.ts';
import { forgetCall, showCall } from './callKeys.ts';

const GOING: ReadonlySet<CallView['phase']['name']> = new Set(['connecting', 'connected', 'reconnecting']);

/** The system's keys for the call that goes on: mute, camera, hang up. */
export function useCallKeys(): void {
  const actions = useActions();
  const call = useModel(({ calls }) => {
    const { stage } = sceneOf(calls);
    const on = calls.find(({ key, phase }) => key === stage && GOING.has(phase.name));
    return on === undefined
      ? null
      : {
          key: on.key,
          name: on.group?.title ?? on.person.name,
          muted: on.local.muted,
          camera: on.local.camera,
        };
  });
  useEffect(() => {
    if (call === null || !('mediaSession' in navigator)) return;
    const { key } = call;
    showCall(
      navigator.mediaSession,
      call,
      {
        setMuted: (muted) => actions.setMuted(key, muted),
        setCamera: (on) => actions.setCamera(key, on),
        end: () => actions.end(key),
      },
      (title) => (typeof MediaMetadata === 'undefined' ? null : new MediaMetadata({ title })),
    );
  }, [call, actions]);
  const going = call !== null;
  useEffect(() => {
    if (!going || !('mediaSession' in navigator)) return undefined;
    return () => forgetCall(navigator.mediaSession);
  }, [going]);
}

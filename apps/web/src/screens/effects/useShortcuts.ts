import { useEffect } from 'react';
import { useApp } from '../../components/store.tsx';
import type { CallView, Model } from '../../model/model.ts';
import { sceneOf } from '../call/scene.ts';
import { toggleFullScreen } from '../call/fullScreen.ts';
import { isOutgoing, showsGroup } from '../call/phase.ts';
import type { Commands } from '../commands.ts';
import { shortcutFor, type Shortcut, type ShortcutPlace } from './shortcuts.ts';

interface Here {
  readonly place: ShortcutPlace;
  readonly call: CallView | null;
}

function whereIn(model: Model): Here {
  const scene = sceneOf(model.calls);
  const by = (key: string | null | undefined): CallView | null =>
    model.calls.find((call) => call.key === key) ?? null;
  const ringing = by(scene.ringing) ?? (scene.stage === null ? by(scene.banners[0]) : null);
  if (ringing !== null) return { place: 'ringing', call: ringing };
  const call = by(scene.stage);
  if (call === null || call.phase.name === 'ended') return { place: 'home', call: null };
  if (showsGroup(call)) return { place: 'group', call };
  const waits = ['dialing', 'reaching', 'ringing'].includes(call.phase.name);
  return { place: waits ? 'outgoing' : 'call', call };
}

const takesText = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('textarea, select, input:not([type="radio"])'));

/** Keys for the whole window. `show` opens the list of them. */
export function useShortcuts(show: () => void, commands: Commands): void {
  const { store, actions } = useApp();
  useEffect(() => {
    const handleKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || document.querySelector('dialog[open]') !== null) return;
      const { place, call } = whereIn(store.getState());
      const { key, code, altKey, ctrlKey, metaKey, shiftKey, repeat } = event;
      const inField = takesText(event.target);
      const shortcut = shortcutFor({ key, code, altKey, ctrlKey, metaKey, shiftKey, repeat, inField }, place);
      if (shortcut === null) return;
      event.preventDefault();
      if (shortcut === 'show_shortcuts') show();
      else if (shortcut === 'search') document.querySelector<HTMLElement>('input[type="search"]')?.focus();
      else if (shortcut === 'full_screen') toggleFullScreen();
      else if (call !== null) act(shortcut, call);
    };

    const act = (
      shortcut: Exclude<Shortcut, 'show_shortcuts' | 'search' | 'full_screen'>,
      call: CallView,
    ): void => {
      const { key, group } = call;
      switch (shortcut) {
        case 'answer':
          return actions.answer(call.key, call.callType);
        case 'answer_audio':
          return actions.answer(call.key, 'audio');
        case 'leave':
          if (call.phase.name === 'incoming') return actions.decline(call.key);
          return isOutgoing(call.phase) ? actions.cancel(call.key) : actions.end(call.key);
        case 'mute':
          return actions.setMuted(call.key, !call.local.muted);
        case 'camera':
          return actions.setCamera(call.key, !call.local.camera);
        case 'details':
          return store.getState().details === null ? actions.openDetails(call.key) : actions.closeDetails();
        case 'hold':
          return call.phase.name === 'held' ? actions.resume(call.key) : actions.hold(call.key);
        case 'chat':
        case 'people':
        case 'next_page':
        case 'previous_page':
          return commands.send(shortcut);
        case 'hand':
          return actions.setHand(key, !(group?.hand ?? false));
        case 'share':
          if (group?.sharing === 'off') return actions.shareScreen(key);
          return group?.sharing === 'unsupported' ? undefined : actions.stopSharing(key);
        case 'layout': {
          const large = group?.layout === 'spotlight' || group?.pinnedId !== null;
          if (large) actions.pin(key, null);
          return actions.setLayout(key, large ? 'grid' : 'spotlight');
        }
        case 'pin':
          return actions.pin(key, group?.pinnedId === null ? group.speakerId : null);
      }
    };

    addEventListener('keydown', handleKeyDown);
    return () => removeEventListener('keydown', handleKeyDown);
  }, [store, actions, show, commands]);
}

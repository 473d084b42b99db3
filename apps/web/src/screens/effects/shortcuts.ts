/** What a key press can mean. */
export type Shortcut =
  | 'search'
  | 'show_shortcuts'
  | 'answer'
  | 'answer_audio'
  | 'leave'
  | 'mute'
  | 'camera'
  | 'hold'
  | 'full_screen'
  | 'details'
  | GroupShortcut;

export type GroupShortcut =
  | 'chat'
  | 'people'
  | 'hand'
  | 'share'
  | 'layout'
  | 'next_page'
  | 'previous_page'
  | 'pin';

/** What is on screen decides which shortcuts there are. */
export type ShortcutPlace = 'home' | 'ringing' | 'outgoing' | 'call' | 'group';

const GROUP_KEYS: Readonly<Record<string, GroupShortcut>> = {
  c: 'chat',
  p: 'people',
  r: 'hand',
  s: 'share',
  l: 'layout',
  k: 'pin',
  PageDown: 'next_page',
  PageUp: 'previous_page',
};

export interface KeyPress {
  readonly key: string;
  /** Which key of the keyboard, whatever Alt makes of its letter. */
  readonly code: string;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  /** Whether the press goes to a field that takes text. */
  readonly inField: boolean;
  readonly repeat: boolean;
}

/** The letter, also where Alt turns it into another sign. */
function letterOf(press: KeyPress): string {
  if (/^[a-z]$/iu.test(press.key)) return press.key.toLowerCase();
  const match = /^Key([A-Z])$/u.exec(press.code);
  return match?.[1]?.toLowerCase() ?? press.key;
}

/**
 * The meaning of a key press, or null. What answers or ends a call takes Alt, so that nobody does it by typing on when
 * a call comes in; single letters only change what can be changed back.
 */
export function shortcutFor(press: KeyPress, place: ShortcutPlace): Shortcut | null {
  if (press.ctrlKey || press.metaKey || press.repeat) return null;
  if (press.altKey) return withAlt(letterOf(press), press.shiftKey, place);
  if (press.inField) return null;
  if (press.key === '?') return 'show_shortcuts';
  if (press.shiftKey) return null;
  if (press.key === '/') return place === 'home' ? 'search' : null;
  const letter = letterOf(press);
  if (place === 'outgoing' || place === 'call' || place === 'group') {
    if (letter === 'm') return 'mute';
    if (letter === 'v') return 'camera';
    if (letter === 'f') return 'full_screen';
  }
  if (place !== 'call' && place !== 'group') return null;
  if (letter === 'h') return 'hold';
  if (letter === 'i') return 'details';
  return place === 'group' ? (GROUP_KEYS[letter] ?? null) : null;
}

function withAlt(letter: string, shift: boolean, place: ShortcutPlace): Shortcut | null {
  if (letter === 'x' && !shift) return place === 'home' ? null : 'leave';
  if (letter === 'a' && place === 'ringing') return shift ? 'answer_audio' : 'answer';
  return null;
}

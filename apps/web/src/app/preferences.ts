import {
  BUDGETS_MB,
  DEFAULT_QUALITY,
  DEFAULT_SOUND,
  NO_BACKGROUND,
  type BackgroundWish,
  type QualityWishes,
  type SoundWishes,
} from '@visavis/client';
import { isBackgroundName } from '../model/backgrounds.ts';
import type { MediaDevices, Preferences } from '../model/model.ts';

const KEY = 'visavis.preferences';

type Kept = Pick<Preferences, 'theme' | 'sounds' | 'quality' | 'sound' | 'background' | 'ownBackground'> &
  Pick<MediaDevices, 'cameraId' | 'microphoneId' | 'speakerId'>;

const DEFAULTS: Kept = {
  theme: 'system',
  sounds: true,
  quality: DEFAULT_QUALITY,
  sound: DEFAULT_SOUND,
  background: NO_BACKGROUND,
  ownBackground: false,
  cameraId: null,
  microphoneId: null,
  speakerId: null,
};

/** What this browser remembers of its person's choices. */
export function readPreferences(storage: Pick<Storage, 'getItem'>): Kept {
  let value: unknown;
  try {
    value = JSON.parse(storage.getItem(KEY) ?? '{}');
  } catch {
    return DEFAULTS;
  }
  if (typeof value !== 'object' || value === null) return DEFAULTS;
  const kept: Record<string, unknown> = { ...value };
  const id = (name: string): string | null => (typeof kept[name] === 'string' ? kept[name] : null);
  return {
    theme: kept['theme'] === 'light' || kept['theme'] === 'dark' ? kept['theme'] : 'system',
    sounds: kept['sounds'] !== false,
    quality: readQuality(kept['quality']),
    sound: readSound(kept['sound']),
    background: readBackground(kept['background']),
    ownBackground: kept['ownBackground'] === true,
    cameraId: id('cameraId'),
    microphoneId: id('microphoneId'),
    speakerId: id('speakerId'),
  };
}

function readQuality(value: unknown): QualityWishes {
  if (typeof value !== 'object' || value === null) return DEFAULT_QUALITY;
  const kept: Record<string, unknown> = { ...value };
  return {
    lowData: kept['lowData'] === true,
    prefer: kept['prefer'] === 'sharp' ? 'sharp' : 'smooth',
    mostLines: kept['mostLines'] === 360 || kept['mostLines'] === 180 ? kept['mostLines'] : 720,
    budgetMb: BUDGETS_MB.find((megabytes) => megabytes === kept['budgetMb']) ?? null,
  };
}

function readSound(value: unknown): SoundWishes {
  if (typeof value !== 'object' || value === null) return DEFAULT_SOUND;
  const kept: Record<string, unknown> = { ...value };
  return {
    mode: kept['mode'] === 'strong' || kept['mode'] === 'music' ? kept['mode'] : 'voice',
    echoCancellation: kept['echoCancellation'] !== false,
    noiseSuppression: kept['noiseSuppression'] !== false,
    gainControl: kept['gainControl'] !== false,
  };
}

function readBackground(value: unknown): BackgroundWish {
  if (typeof value !== 'object' || value === null) return NO_BACKGROUND;
  const kept: Record<string, unknown> = { ...value };
  if (kept['kind'] === 'blur') return { kind: 'blur' };
  if (kept['kind'] !== 'picture') return NO_BACKGROUND;
  // One that this version does not have any more: what is behind stays out of sight.
  return isBackgroundName(kept['name']) ? { kind: 'picture', name: kept['name'] } : { kind: 'blur' };
}

export function writePreferences(storage: Pick<Storage, 'getItem' | 'setItem'>, change: Partial<Kept>): void {
  storage.setItem(KEY, JSON.stringify({ ...readPreferences(storage), ...change }));
}

/** Whether this page may show notifications. */
export function readNotifications(): Preferences['notifications'] {
  if (typeof Notification === 'undefined') return 'unsupported';
  return Notification.permission === 'default' ? 'unasked' : Notification.permission;
}

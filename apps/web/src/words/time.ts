import { words } from './index.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** The words' language with the person's own habits: 24 hours or 12, day or month first. */
function timeLocale(): string {
  const own = typeof navigator === 'undefined' ? [] : navigator.languages;
  const language = words.locale.split('-')[0] ?? words.locale;
  return own.find((locale) => locale.split('-')[0] === language) ?? words.locale;
}

const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** `3:05`, `1:02:09`; whole seconds, rounded down, so that a running clock never shows a second too early. */
export function formatDuration(durationMs: number): string {
  const total = Math.max(0, Math.floor(durationMs / SECOND_MS));
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const seconds = twoDigits(total % 60);
  return hours > 0 ? `${hours}:${twoDigits(minutes)}:${seconds}` : `${minutes}:${seconds}`;
}

/** `3 minutes, 5 seconds`: for ears, where `3:05` would be read as a time of day. */
export function speakDuration(durationMs: number, locale: string = words.locale): string {
  const total = Math.max(0, Math.floor(durationMs / SECOND_MS));
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(total / 3600), 'hour'],
    [Math.floor((total % 3600) / 60), 'minute'],
    [total % 60, 'second'],
  ];
  const said = parts
    .filter(([value, unit]) => value > 0 || (unit === 'second' && total < 60))
    .map(([value, unit]) =>
      new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(value),
    );
  return new Intl.ListFormat(locale, { style: 'narrow', type: 'unit' }).format(said);
}

const startOfDay = (at: number): number => new Date(at).setHours(0, 0, 0, 0);
const capitalise = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A point in the past as people speak of it, and which way of speaking that is. */
export interface SpokenTime {
  readonly kind: 'now' | 'minutes' | 'today' | 'yesterday' | 'weekday' | 'date';
  readonly text: string;
}

function spokenTime(at: number, now: number, locale: string): SpokenTime {
  const agoMs = now - at;
  if (agoMs < MINUTE_MS) return { kind: 'now', text: words.time.justNow };
  if (agoMs < 60 * MINUTE_MS) {
    return { kind: 'minutes', text: words.time.minutesAgo(Math.floor(agoMs / MINUTE_MS)) };
  }
  const format = (options: Intl.DateTimeFormatOptions): string =>
    new Intl.DateTimeFormat(locale, options).format(at);
  // Rounded, because a day in which the clocks change is an hour longer or shorter.
  const days = Math.round((startOfDay(now) - startOfDay(at)) / DAY_MS);
  if (days === 0) return { kind: 'today', text: format({ timeStyle: 'short' }) };
  if (days === 1) {
    const text = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-1, 'day');
    return { kind: 'yesterday', text: capitalise(text) };
  }
  if (days < 7) return { kind: 'weekday', text: format({ weekday: 'long' }) };
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  const year = sameYear ? {} : ({ year: 'numeric' } as const);
  return { kind: 'date', text: format({ day: 'numeric', month: 'short', ...year }) };
}

/** As people say it: `Just now`, `2 min ago`, `14:05`, `Yesterday`, `Tuesday`, `12 Mar`, `12 Mar 2024`. */
export function relativeTime(at: number, now: number, locale: string = timeLocale()): string {
  return spokenTime(at, now, locale).text;
}

/** Day and time in full, for the tooltip of a relative time. */
export function fullTime(at: number, locale: string = timeLocale()): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short' }).format(at);
}

/** `Last seen 5 min ago`, `Last seen on Tuesday`; null when nobody ever saw the person. */
export function lastSeen(at: number | null, now: number, locale: string = timeLocale()): string | null {
  return at === null ? null : words.presence.lastSeen(spokenTime(at, now, locale));
}

/** `14:05`: when something was said today. */
export const clockTime = (at: number, locale = timeLocale()): string =>
  new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' }).format(at);

/** `Friday 14:05`: when something ends within the week; without the day, tomorrow at this hour would read as now. */
export const weekdayTime = (at: number, locale = timeLocale()): string =>
  new Intl.DateTimeFormat(locale, { weekday: 'long', hour: 'numeric', minute: '2-digit' }).format(at);

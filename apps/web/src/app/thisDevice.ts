import type { DeviceKind } from '@visavis/protocol';

/** What this browser calls itself in other people's "Ringing on …": the system, and the browser where that tells more. */
export function describeThisDevice(
  userAgent: string,
  touchPoints: number,
): { readonly deviceName: string; readonly deviceKind: DeviceKind } {
  const browser = BROWSERS.find(([pattern]) => pattern.test(userAgent))?.[1] ?? 'Browser';
  if (/iPhone|iPod/.test(userAgent)) return { deviceName: 'iPhone', deviceKind: 'phone' };
  // An iPad says that it is a Mac, but no Mac has a touch screen.
  if (/iPad/.test(userAgent) || (/Macintosh/.test(userAgent) && touchPoints > 1)) {
    return { deviceName: 'iPad', deviceKind: 'tablet' };
  }
  if (/Android/.test(userAgent)) {
    return /Mobile/.test(userAgent)
      ? { deviceName: 'Android phone', deviceKind: 'phone' }
      : { deviceName: 'Android tablet', deviceKind: 'tablet' };
  }
  const system = SYSTEMS.find(([pattern]) => pattern.test(userAgent))?.[1];
  if (system === undefined) return { deviceName: browser, deviceKind: 'browser' };
  return { deviceName: `${system} (${browser})`, deviceKind: 'desktop' };
}

const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/Edg\//, 'Edge'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];

const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/Windows/, 'Windows PC'],
  [/Macintosh/, 'Mac'],
  [/CrOS/, 'Chromebook'],
  [/Linux|X11/, 'Linux PC'],
];

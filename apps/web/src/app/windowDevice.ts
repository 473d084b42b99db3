/** One signed-in device of this browser, as its windows remember it. The credential itself is an HttpOnly cookie. */
export interface KnownDevice {
  readonly deviceId: string;
  readonly userId: string;
}

const WINDOW_KEY = 'visavis.device';
const BROWSER_KEY = 'visavis.devices';

/**
 * Which device this window is. A reload stays the same device; a new window takes one that no other window uses, and is
 * asked who it is when there is none: so two windows of one browser can be two people.
 */
export interface WindowDevice {
  /** The device this window was before its reload, else one of this browser that no window uses; null: sign in. */
  find(): Promise<KnownDevice | null>;
  /** A device of that user which no window uses, so that signing in again does not make another one. */
  findFree(userId: string): Promise<string | null>;
  /**
   * Makes the device this window's.
   *
   * @param how - `takeOver`: also when another window has it. `keep`: other windows of this browser may take it later, which
   *   they may not of a guest's
   * @returns false when another window has it and keeps it
   */
  claim(device: KnownDevice, how: { readonly takeOver: boolean; readonly keep: boolean }): Promise<boolean>;
  /** Signed out: the device is gone. */
  forget(deviceId: string): void;
}

interface Storages {
  readonly window: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  readonly browser: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  /** Absent on insecure pages; then a second window replaces the first. */
  readonly locks: LockManager | undefined;
}

const lockName = (deviceId: string): string => `visavis-device-${deviceId}`;

export function createWindowDevice(storages: Storages): WindowDevice {
  let release: (() => void) | null = null;

  function readOwn(): KnownDevice | null {
    const own = parse(storages.window.getItem(WINDOW_KEY));
    return isKnownDevice(own) ? own : null;
  }

  function readKnown(): KnownDevice[] {
    const known = parse(storages.browser.getItem(BROWSER_KEY));
    return Array.isArray(known) ? known.filter(isKnownDevice) : [];
  }

  const writeKnown = (known: readonly KnownDevice[]): void =>
    storages.browser.setItem(BROWSER_KEY, JSON.stringify(known.slice(0, 20)));

  async function listHeld(): Promise<Set<string>> {
    const held = (await storages.locks?.query())?.held ?? [];
    return new Set(held.map(({ name }) => name ?? ''));
  }

  return {
    async find() {
      const own = readOwn();
      if (own !== null) return own;
      const held = await listHeld();
      return readKnown().find(({ deviceId }) => !held.has(lockName(deviceId))) ?? null;
    },
    async findFree(userId) {
      const held = await listHeld();
      const free = readKnown().find(
        (known) => known.userId === userId && !held.has(lockName(known.deviceId)),
      );
      return free?.deviceId ?? null;
    },
    async claim(device, { takeOver, keep }) {
      const letGo = await hold(storages.locks, lockName(device.deviceId), takeOver);
      if (letGo === null) return false;
      release?.();
      release = letGo;
      storages.window.setItem(WINDOW_KEY, JSON.stringify(device));
      if (keep) writeKnown([device, ...readKnown().filter(({ deviceId }) => deviceId !== device.deviceId)]);
      return true;
    },
    forget(deviceId) {
      release?.();
      storages.window.removeItem(WINDOW_KEY);
      writeKnown(readKnown().filter((known) => known.deviceId !== deviceId));
    },
  };
}

/** A window that reloads lets go of its lock a moment after the new page asks for it. */
const LOCK_WAIT_MS = 600;

/** @returns what lets go of the lock, which else lasts as long as the window; null when another window keeps it */
function hold(locks: LockManager | undefined, name: string, steal: boolean): Promise<(() => void) | null> {
  if (locks === undefined) return Promise.resolve(() => undefined);
  const options: LockOptions = steal ? { steal } : { signal: AbortSignal.timeout(LOCK_WAIT_MS) };
  return new Promise((resolve) => {
    const whileHeld = (): Promise<void> => new Promise((letGo) => resolve(letGo));
    // Rejects when the wait is over, and later when another window steals the lock: the server tells us of that.
    locks.request(name, options, whileHeld).catch(() => resolve(null));
  });
}

function parse(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

function isKnownDevice(value: unknown): value is KnownDevice {
  return (
    typeof value === 'object' &&
    value !== null &&
    'deviceId' in value &&
    typeof value.deviceId === 'string' &&
    'userId' in value &&
    typeof value.userId === 'string'
  );
}

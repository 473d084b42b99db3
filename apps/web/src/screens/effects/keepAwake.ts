interface Screen {
  readonly document: Pick<Document, 'visibilityState' | 'addEventListener' | 'removeEventListener'>;
  readonly wakeLock: Pick<WakeLock, 'request'>;
}

/**
 * Keeps the screen on until the returned function is called. Browsers let go of it whenever the page is covered: it is taken again when the
 * page can be seen again.
 */
export function keepAwake({ document, wakeLock }: Screen): () => void {
  let lock: WakeLockSentinel | null = null;
  let isAsking = false;
  let isOver = false;

  async function hold(): Promise<void> {
    const isHeld = lock !== null && !lock.released;
    if (isOver || isAsking || isHeld || document.visibilityState !== 'visible') return;
    isAsking = true;
    // Refused when the battery is low; the call goes on all the same.
    lock = await wakeLock.request('screen').catch(() => null);
    isAsking = false;
    if (isOver) await lock?.release();
  }

  const handleVisibility = (): void => void hold();
  document.addEventListener('visibilitychange', handleVisibility);
  void hold();
  return () => {
    isOver = true;
    document.removeEventListener('visibilitychange', handleVisibility);
    void lock?.release();
  };
}

/**
 * Calls back when this device has got another network: when it is back online, and when a phone says that it went from one
 * kind to another. Estimates of speed change all the time and do not count.
 */
export function watchNetworkChanges(listener: () => void): () => void {
  const connection = networkInformation();
  let kind = kindOf(connection);
  const handleChange = (): void => {
    const next = kindOf(connection);
    if (next === kind) return;
    kind = next;
    if (next !== 'none') listener();
  };
  globalThis.addEventListener('online', listener);
  connection?.addEventListener('change', handleChange);
  return () => {
    globalThis.removeEventListener('online', listener);
    connection?.removeEventListener('change', handleChange);
  };
}

/** https://wicg.github.io/netinfo, only in some browsers. */
function networkInformation(): EventTarget | null {
  const value: unknown = Reflect.get(navigator, 'connection');
  return value instanceof EventTarget ? value : null;
}

function kindOf(connection: EventTarget | null): string | null {
  const value: unknown = connection === null ? null : Reflect.get(connection, 'type');
  return typeof value === 'string' ? value : null;
}

import { useSyncExternalStore } from 'react';

/** Where one is at home. It lives in the address, so that Back works and a reload stays. */
export type Route =
  | { readonly name: 'people' }
  | { readonly name: 'recents' }
  | { readonly name: 'settings' }
  | { readonly name: 'person'; readonly userId: string };

export function routeOf(hash: string): Route {
  const [name, userId] = hash.replace(/^#\/?/u, '').split('/');
  if (name === 'recents' || name === 'settings') return { name };
  return name === 'person' && userId ? { name, userId } : { name: 'people' };
}

export function hashOf(route: Route): string {
  if (route.name === 'people') return '#/';
  return route.name === 'person' ? `#/person/${route.userId}` : `#/${route.name}`;
}

export function goTo(route: Route): void {
  if (hashOf(routeOf(location.hash)) !== hashOf(route)) location.hash = hashOf(route);
}

function subscribe(notify: () => void): () => void {
  addEventListener('hashchange', notify);
  return () => removeEventListener('hashchange', notify);
}

export function useRoute(): Route {
  return routeOf(useSyncExternalStore(subscribe, () => location.hash));
}

import {
  createMemoryKeyStore,
  introduceGuest,
  openIndexedDbKeyStore,
  partsOf,
  type Guest,
  type KeyStore,
  type LinkParts,
} from '@visavis/client';
import { TIMES, type Me } from '@visavis/protocol';

/** Where links and what guests came with outlast a reload. Where a browser keeps nothing, they do not. */
export const openLinkStore = (): Promise<KeyStore> =>
  openIndexedDbKeyStore(indexedDB).catch(() => createMemoryKeyStore());

/** The row of a guest, who has one. */
const OWN = 'own';

/** GRP6: a reload stays the same guest, by the same name. */
export async function rememberGuest({ user }: Me, { secret }: LinkParts, { name }: Guest): Promise<void> {
  const expiresAt = Date.now() + TIMES.linkMs;
  const store = await openLinkStore();
  await store.putLink(user.userId, { linkId: OWN, callId: null, secret, name, expiresAt }).catch(() => {});
}

/** What this guest came with; null where that is not known any more: then it has no name that others can read. */
export async function recallGuest({ user, guest }: Me): Promise<Guest | null> {
  if (!guest) return null;
  const store = await openLinkStore();
  const links = await store.listLinks(user.userId, Date.now()).catch(() => []);
  const own = links.find(({ linkId }) => linkId === OWN);
  if (own === undefined || own.name === null) return null;
  const { guestKey } = await partsOf(own.secret);
  return introduceGuest(guestKey, own.name);
}

/** The server has no name of a guest. */
export const nameGuest = (me: Me, guest: Guest | null): Me =>
  me.guest && guest !== null ? { ...me, user: { ...me.user, name: guest.name } } : me;

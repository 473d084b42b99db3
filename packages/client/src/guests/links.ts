import type { Bytes } from '@visavis/encryption';
import {
  createGuestPass,
  createLinkSecret,
  guestKeyOf,
  type GuestPass,
  linkTokenOf,
  openGuestName,
  readLinkSecret,
  sealGuestName,
  showLinkSecret,
} from '@visavis/encryption/identity';
import { GuestName } from '@visavis/protocol';
import { readBase64, toBase64 } from '../base64.ts';

/** GRP6: a link into a call, as those know it who have it. */
export interface LinkParts {
  /** 32 bytes, which the server never gets. */
  readonly secret: Bytes;
  /** The same as it is in the address, behind the #. */
  readonly text: string;
  /** What the server knows it by. */
  readonly token: string;
  /** What members of the call know of it. */
  readonly guestKey: Bytes;
}

/** What a guest comes with. */
export interface Guest {
  readonly name: string;
  readonly guestKey: Bytes;
  /** In base64, as the server gets it. */
  readonly sealedName: string;
  readonly pass: GuestPass;
}

export const createLinkParts = async (): Promise<LinkParts> => partsOf(createLinkSecret());

export const partsOf = async (secret: Bytes): Promise<LinkParts> => ({
  secret,
  text: showLinkSecret(secret),
  token: await linkTokenOf(secret),
  guestKey: await guestKeyOf(secret),
});

/** @param text - what stands in an address; null where that is no secret of a link */
export async function readLinkParts(text: string): Promise<LinkParts | null> {
  const secret = readLinkSecret(text);
  return secret === null ? null : partsOf(secret);
}

/** A guest's name, checked; null where it was not sealed for those who know this guest key, or is none. */
export async function readGuestName(guestKey: Bytes, sealedName: string): Promise<string | null> {
  const sealed = readBase64(sealedName);
  const name = GuestName.safeParse(sealed === null ? null : await openGuestName(guestKey, sealed));
  return name.success ? name.data : null;
}

/** @param said - what a guest wants to be called; null where nothing is left of it that can be shown */
export async function introduceGuest(guestKey: Bytes, said: string): Promise<Guest | null> {
  const { data: name } = GuestName.safeParse(said);
  if (name === undefined) return null;
  const sealedName = toBase64(await sealGuestName(guestKey, name));
  return { name, guestKey, sealedName, pass: await createGuestPass(guestKey, name) };
}

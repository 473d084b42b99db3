export {
  createLinkParts,
  type Guest,
  introduceGuest,
  type LinkParts,
  partsOf,
  readGuestName,
  readLinkParts,
} from './links.ts';

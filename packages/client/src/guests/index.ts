export {
  createLinkParts,
  type Guest,
  introduceGuest,
  type LinkParts,
  partsOf,
  readLinkParts,
} from './links.ts';

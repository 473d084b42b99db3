export { createDirectMedia } from '../direct/directMedia.ts';
export { createForwardedMedia } from '../forwarded/forwardedMedia.ts';

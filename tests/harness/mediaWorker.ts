import { findWorker } from '../../scripts/lib/media-worker/obtain.mjs';

/** The media worker that `npm test` has got, or that was kept from earlier. */
export function mediaWorker(): string {
  const given = process.env['VISAVIS_MEDIA_WORKER_BIN'] ?? '';
  const binary = given === '' ? findWorker() : given;
  if (binary === undefined) throw new Error('There is no media worker: npm run build:media-worker');
  return binary;
}

/**
 * Whether there is time for what takes long and differs little from what is always run (`npm run test:night`). Elsewhere such tests are
 * skipped by name.
 */
export const isNight = process.env['VISAVIS_NIGHT'] === 'yes';

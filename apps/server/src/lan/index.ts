export { listLanAddresses } from './addresses.ts';
export { CA_CERTIFICATE_PATH, formatLanBanner } from './banner.ts';
export { type LanCertificate, ensureLanCertificate } from './ensureLanCertificate.ts';
export { listHostnames } from './hostnames.ts';

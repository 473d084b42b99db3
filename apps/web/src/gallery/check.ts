import type { CheckVerdict, Findings } from '@visavis/client';
import type { CheckView } from '../model/check.ts';

const works: Findings = {
  isSecure: true,
  camera: 'works',
  microphone: 'works',
  speaker: 'found',
  server: 'reached',
  udp: 'open',
  tcp: 'open',
  relay: { udp: 'open', tcp: 'open', tls: 'open' },
  roundTripMs: 34,
  upload: 8_400_000,
  download: 31_000_000,
};

export const checked = (
  verdict: CheckVerdict | null,
  found: Partial<Findings>,
  callKey: string | null = null,
): CheckView => ({ callKey, verdict, findings: { ...works, ...found } });

import type { Config } from './config.ts';
import type { Secret } from './secret.ts';
import { weaknessOf } from './weakSecret.ts';

/**
 * What may be on one machine, and must not be where strangers reach the server. Every fault is told, none repeats a secret.
 *
 * @param given - what the settings say and the configuration does not
 */
export function listProductionFaults(
  config: Config,
  given: { readonly demo: 'on' | 'off' | 'public' },
): string[] {
  const faults: string[] = [];
  if (given.demo === 'on') {
    faults.push(
      'VISAVIS_DEMO: with on, anybody may continue as any demo person. Say off, or public if that is what you want',
    );
  }
  // No browser opens a page of a media node.
  const hasPages = config.role !== 'media';
  if (hasPages && !config.isSecure) {
    faults.push(
      'VISAVIS_BEHIND_TLS: browsers give camera and microphone to HTTPS pages only. Put a proxy that speaks it in front of this server and say on',
    );
  }
  if (hasPages && !config.isLan && config.publicOrigins.length === 0) {
    faults.push('VISAVIS_PUBLIC_ORIGINS: name the origin under which people reach this server');
  }
  for (const origin of config.publicOrigins) {
    if (!origin.startsWith('https://')) faults.push(`VISAVIS_PUBLIC_ORIGINS: ${origin} is not https`);
  }
  complain('VISAVIS_DATABASE_URL: its password', passwordOf(config.databaseUrl));
  complain('VISAVIS_REDIS_URL: its password', passwordOf(config.redisUrl));
  complain('VISAVIS_TURN_SECRET: it', config.turn?.secret.reveal() ?? null);
  return faults;

  function complain(what: string, secret: string | null): void {
    const weakness = secret === null ? null : weaknessOf(secret);
    if (weakness === null) return;
    faults.push(`${what} is ${weakness}. Draw one, with openssl rand -hex 16 for example`);
  }
}

function passwordOf(url: Secret | null): string | null {
  if (url === null) return null;
  const { password } = new URL(url.reveal());
  try {
    return decodeURIComponent(password);
  } catch {
    return password;
  }
}

import type { LiveGroups } from '../groups/liveGroups.ts';
import type { People } from '../people.ts';
import type { SfuState } from '../mediaPorts.ts';
import type { GatewayState } from '../signaling/gateway.ts';
import type { Ports, SignedInDevice } from '../ports.ts';

/** What the routes work with. */
export interface HttpContext {
  readonly ports: Ports;
  readonly people: People;
  readonly liveGroups: Pick<LiveGroups, 'change'>;
  readonly settings: HttpSettings;
  /** Whether devices are taken. */
  readonly getState: () => GatewayState;
  /** Whether group calls can be had. */
  readonly getMediaState: () => SfuState;
  /** Signs a device out: its calls, its socket, its row. @returns whether the user had such a device. */
  readonly signOut: (userId: string, deviceId: string) => Promise<boolean>;
}

export interface HttpSettings {
  readonly serviceName: string;
  readonly version: string;
  /** Handles of the people that anybody may continue as; null when there is no demo mode. */
  readonly demoHandles: readonly string[] | null;
  readonly isSecure: boolean;
  /** Origins beyond the server's own addresses from which pages may use it. */
  readonly publicOrigins: readonly string[];
  /** Multiplies all limits by address; more than 1 only where many people share one. */
  readonly addressLimitFactor: number;
  /** Addresses and networks of the proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  /** The built web client, or null. */
  readonly webFolder: string | null;
  /** The certificate that a phone can install, in PEM; null when this server makes none. */
  readonly authorityCertificate: string | null;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, by header and cookie (HTTP1). */
    device: SignedInDevice | null;
  }
}

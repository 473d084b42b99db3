import { randomBytes } from 'node:crypto';
import { CheckTransports, MediaTransport, Sample, SampleRequest } from '@visavis/protocol';
import * as z from 'zod/mini';
import { SfuRefusal, type TransportOptions } from '../mediaPorts.ts';
import type { Cancel } from '../ports.ts';
import type { HttpContext } from './context.ts';
import { deviceRoute, Nothing, type Route } from './route.ts';

/** A check takes at most 40, so that a household of some devices can look at once; more: anybody can fill the line. */
const SAMPLES_PER_MINUTE = 240;
/** One for each check. */
const CHECKS_PER_MINUTE = 20;
/** A check is over after 5 s. Longer: transports that nobody uses stay. */
const OPEN_MS = 10_000;
/** Of all devices at this node. More: who checks takes room from calls. */
const MOST_OPEN = 64;

const SAMPLE_BYTES_PER_CHARACTER = 0.75;
/** Nothing that could be sent or received. */
const NO_MEDIA = { codecs: [], headerExtensions: [] } as const;

interface OpenCheck {
  readonly callId: string;
  readonly cancel: Cancel;
}

/** HTTP5: what a device needs to find out what its connection is good for. */
export function checkRoutes({ ports }: HttpContext): Route[] {
  const { clock, random, sfu } = ports;
  const open = new Map<string, OpenCheck>();

  function forget(deviceId: string): OpenCheck | null {
    const check = open.get(deviceId) ?? null;
    open.delete(deviceId);
    check?.cancel();
    return check;
  }
  async function end(deviceId: string): Promise<void> {
    const check = forget(deviceId);
    if (check !== null) await sfu.end(check.callId);
  }

  async function openTransports(deviceId: string): Promise<readonly TransportOptions[] | null> {
    await end(deviceId);
    if (sfu.state().name !== 'ready' || open.size >= MOST_OPEN) return null;
    // To the media server it is a call of its own, with an id that is nobody's.
    const callId = random.id();
    open.set(deviceId, {
      callId,
      cancel: clock.schedule(OPEN_MS, () => void end(deviceId)),
    });
    try {
      const { send, receive } = await sfu.open(callId, deviceId, { rtpCapabilities: NO_MEDIA });
      if (open.get(deviceId)?.callId === callId) return [send, receive];
      // The same device has asked again meanwhile.
      await sfu.end(callId);
      return null;
    } catch (error) {
      if (open.get(deviceId)?.callId === callId) forget(deviceId);
      if (error instanceof SfuRefusal) return null;
      throw error;
    }
  }

  return [
    deviceRoute(
      {
        method: 'POST',
        path: '/api/check/sample',
        forGuests: true,
        perMinute: SAMPLES_PER_MINUTE,
        tag: 'Check',
        summary: 'Takes characters and gives as many as are wanted, to see what a connection carries',
        params: Nothing,
        query: Nothing,
        body: SampleRequest,
        response: Sample,
      },
      // At random, so that no proxy makes it smaller on the way.
      async ({ body }) => ({
        filler: randomBytes(Math.ceil(body.wanted * SAMPLE_BYTES_PER_CHARACTER))
          .toString('base64url')
          .slice(0, body.wanted),
      }),
    ),
    deviceRoute(
      {
        method: 'POST',
        path: '/api/check/media',
        forGuests: true,
        perMinute: CHECKS_PER_MINUTE,
        tag: 'Check',
        summary: 'Opens two ways to the media server for some seconds, to see which of its ports are reached',
        params: Nothing,
        query: Nothing,
        body: Nothing,
        response: CheckTransports,
      },
      async ({ device }) => {
        const transports = await openTransports(device.deviceId);
        return {
          transports:
            transports?.map(({ id, ...transport }) =>
              z.parse(MediaTransport, { transportId: id, ...transport }),
            ) ?? null,
        };
      },
    ),
  ];
}

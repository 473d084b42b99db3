import { createDeviceKey, unsafeCreateIdentitySecret } from '@visavis/encryption/identity';
import {
  createAnswering,
  createAsking,
  type ApproverDevice,
  type Answering,
  type Asking,
  type AskingState,
  type HeardStep,
} from '../../src/identity/approval/index.ts';
import { createVirtualTimers } from '../virtualTimers.ts';
import { soon } from '../soon.ts';

type Hear = (heard: HeardStep) => void;

const passAll = (heard: HeardStep): HeardStep => heard;

/** Devices of one user, the server between them, and time that passes when told to. */
export function createApprovalBench() {
  const timers = createVirtualTimers();
  const hearers = new Map<string, Hear>();
  const said: (HeardStep & { readonly toDeviceId: string })[] = [];
  const listed: ApproverDevice[] = [];
  const standing = unsafeCreateIdentitySecret();
  /** What the server makes of what is said; null: it is lost. */
  let pass: (heard: HeardStep) => HeardStep | null = passAll;
  const sayAs =
    (fromDeviceId: string) =>
    async (toDeviceId: string, attempt: string, step: HeardStep['step']): Promise<'said' | 'offline'> => {
      const hear = hearers.get(toDeviceId);
      said.push({ fromDeviceId, toDeviceId, attempt, step });
      if (hear === undefined) return 'offline';
      const heard = pass({ fromDeviceId, attempt, step });
      if (heard !== null) hear(heard);
      return 'said';
    };

  return {
    timers,
    said,
    hearers,
    listed,
    /** Of the identity that stands. */
    secret: standing,
    setPass: (next: typeof pass): void => {
      pass = next;
    },
    /** A confirmed device. */
    old(deviceId: string, secret = standing): Answering {
      listed.push({ deviceId, name: deviceId, online: true, confirmed: true });
      const answering = createAnswering({
        userId: 'ana',
        unsafeReadSecret: async () => (await secret).slice(),
        say: sayAs(deviceId),
        timers,
        onChange: () => {},
      });
      hearers.set(deviceId, (heard) => answering.hear(heard));
      return answering;
    },
    /** A device that asks. */
    async fresh(
      deviceId: string,
      adopt: (secret: Uint8Array) => Promise<boolean> = async () => true,
    ): Promise<Asking> {
      const { publicKey } = await createDeviceKey();
      const asking = createAsking({
        device: { userId: 'ana', deviceId, deviceKey: publicKey },
        say: sayAs(deviceId),
        listDevices: async () => [...listed],
        adopt,
        timers,
        makeId: () => crypto.randomUUID(),
        onChange: () => {},
      });
      hearers.set(deviceId, (heard) => asking.hear(heard));
      await becomes('it asks', () => asking.state.phase === 'asking' && asking.state.devices !== null);
      return asking;
    },
  };
}

export const becomes = async (what: string, isSo: () => boolean): Promise<void> =>
  soon(() => {
    if (!isSo()) throw new Error(`not so: ${what}`);
  });

export const phaseOf = (asking: Asking): AskingState['phase'] => asking.state.phase;

export function codeOf({ state }: Asking): string {
  if (state.phase !== 'comparing') throw new Error(`no digits while ${state.phase}`);
  return state.code;
}

export function scanOf({ state }: Asking): Uint8Array {
  if (state.phase !== 'asking' && state.phase !== 'comparing')
    throw new Error(`nothing shown: ${state.phase}`);
  return state.scan;
}

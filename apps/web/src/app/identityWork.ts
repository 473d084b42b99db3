import { realTimers, type Api, type Device, type Identity } from '@visavis/client';
import {
  createAnswering,
  createAsking,
  judgeTyped,
  makeRecovery,
  takeRecovery,
  type ApproverDevice,
  type Asking,
  type HeardStep,
  type SayStep,
} from '@visavis/client/identity-tasks';
import type { StoreApi } from 'zustand/vanilla';
import type { IdentityView, RecoveryView } from '../model/identity.ts';
import type { Model } from '../model/model.ts';
import type { OwnIdentity } from './ownIdentity.ts';

export interface IdentityWorkParts {
  readonly own: { readonly userId: string; readonly deviceId: string };
  readonly api: Api;
  readonly device: () => Device;
  readonly identity: OwnIdentity;
  readonly store: StoreApi<Model>;
}

/** Approvals, the recovery code and a new identity, as the model shows them. */
export interface IdentityWork {
  hear(heard: HeardStep): void;
  refresh(): void;
  ask(): void;
  confirmGrant(seen: boolean): void;
  stopAsking(): void;
  openAsk(deviceId: string): void;
  typeDigits(digits: string): void;
  scanAsk(scan: Uint8Array): void;
  refuseAsk(deviceId: string): void;
  closeAnswer(): void;
  makeCode(): Promise<void>;
  putCodeAway(): void;
  typeCode(text: string): Promise<void>;
  tryCode(text: string): Promise<void>;
  closeRecovery(): void;
  replace(): Promise<void>;
  closeReplacement(): void;
  close(): void;
}

export function createIdentityWork({ own, api, device, identity, store }: IdentityWorkParts): IdentityWork {
  let asking: Asking | null = null;
  /** The newest thing that was typed: what older ones come to is not shown. */
  let typed = '';
  let isClosed = false;

  const show = (change: Partial<IdentityView>): void => {
    if (!isClosed) store.setState((model) => ({ identity: { ...model.identity, ...change } }));
  };
  const showRecovery = (change: Partial<RecoveryView>): void => {
    show({ recovery: { ...store.getState().identity.recovery, ...change } });
  };
  const say: SayStep = async (...said) => device().sayApproval(...said);
  const unsafeReadSecret = async () => identity.current()?.unsafeReadSecret() ?? null;

  /** @returns whether this device is confirmed now */
  async function adopt(secret: Parameters<Identity['adopt']>[0]): Promise<boolean> {
    const isAdopted = (await identity.current()?.adopt(secret)) ?? false;
    identity.publish();
    return isAdopted;
  }

  async function listDevices(): Promise<readonly ApproverDevice[] | null> {
    const [listed, signed] = await Promise.all([api.devices(), identity.current()?.readOwnDevices() ?? null]);
    if (!listed.ok || signed === null) return null;
    const confirmed = new Set(signed.flatMap((each) => (each.confirmed ? [each.deviceId] : [])));
    return listed.value.devices
      .filter(({ current }) => !current)
      .map(({ deviceId, name, online }) => ({ deviceId, name, online, confirmed: confirmed.has(deviceId) }));
  }

  async function refresh(): Promise<void> {
    const [devices, recovery] = await Promise.all([
      identity.current()?.readOwnDevices() ?? null,
      api.recoveryState(),
    ]);
    if (devices !== null)
      show({
        confirmedDevices: new Set(devices.flatMap((each) => (each.confirmed ? [each.deviceId] : []))),
      });
    showRecovery({
      madeAt: recovery.ok ? { state: 'ready', value: recovery.value.madeAt } : { state: 'failed' },
    });
  }

  const answering = createAnswering({
    userId: own.userId,
    unsafeReadSecret,
    say,
    timers: realTimers,
    onChange: (answering) => show({ answering }),
  });

  return {
    hear(heard) {
      asking?.hear(heard);
      // A device that is not confirmed can confirm nobody, and need not be bothered.
      if (identity.current()?.status === 'confirmed') answering.hear(heard);
    },
    refresh: () => void refresh(),
    ask() {
      asking?.cancel();
      const current = identity.current();
      if (current === null) return show({ asking: { phase: 'failed', reason: 'broken' } });
      const begun: Asking = createAsking({
        device: { ...own, deviceKey: current.device.deviceKey.publicKey },
        say,
        listDevices,
        adopt,
        timers: realTimers,
        makeId: () => crypto.randomUUID(),
        onChange: (state) => {
          if (asking === begun) show({ asking: state });
        },
      });
      asking = begun;
      show({ asking: begun.state });
    },
    confirmGrant(seen) {
      if (seen) asking?.confirm();
      else asking?.deny();
    },
    stopAsking() {
      asking?.cancel();
      asking = null;
      show({ asking: null });
    },
    openAsk: (deviceId) => answering.open(deviceId),
    typeDigits: (digits) => answering.type(digits),
    scanAsk: (scan) => answering.scan(scan),
    refuseAsk: (deviceId) => answering.refuse(deviceId),
    closeAnswer: () => answering.close(),
    async makeCode() {
      const current = identity.current();
      showRecovery({ made: { state: 'making' } });
      const groups = current === null ? null : await makeRecovery(current, api);
      showRecovery({ made: groups === null ? { state: 'failed' } : { state: 'shown', groups } });
      void refresh();
    },
    putCodeAway: () => showRecovery({ made: null }),
    async typeCode(text) {
      typed = text;
      const judged = await judgeTyped(text);
      if (typed === text) showRecovery({ tried: { state: 'typing', ...judged } });
    },
    async tryCode(text) {
      typed = '';
      const current = identity.current();
      showRecovery({ tried: { state: 'checking' } });
      const taken = current === null ? 'unreachable' : await takeRecovery(current, api, text);
      identity.publish();
      showRecovery({ tried: taken === 'done' ? { state: 'done' } : { state: 'failed', reason: taken } });
      void refresh();
    },
    closeRecovery() {
      typed = '';
      showRecovery({ tried: null });
    },
    async replace() {
      show({ replacing: 'working' });
      const isReplaced =
        (await identity
          .current()
          ?.replace()
          .catch(() => false)) ?? false;
      identity.publish();
      show({ replacing: isReplaced ? 'done' : 'failed' });
      void refresh();
    },
    closeReplacement: () => show({ replacing: null }),
    close() {
      asking?.cancel();
      answering.close();
      isClosed = true;
    },
  };
}

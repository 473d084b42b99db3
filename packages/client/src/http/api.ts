import {
  CallDetails,
  CallLink,
  CheckTransports,
  Contacts,
  DEVICE_HEADER,
  DemoPeople,
  Devices,
  HistoryPage,
  HttpError,
  LinkInvitation,
  Me,
  OwnCalls,
  Recovery,
  RecoveryState,
  Sample,
  SavedGroup,
  SavedGroups,
  Service,
  TurnCredentials,
  UserKeys,
  type CallQuality,
  type DemoSignIn,
  type DeviceKeyInput,
  type ErrorCode,
  type GuestSignIn,
  type IdentityKeyInput,
  type NewCallLink,
  type NewSavedGroup,
  type RecoveryInput,
  type SampleRequest,
  type SavedGroupInput,
  type Settings,
} from '@visavis/protocol';

/** What became of a request: `NETWORK` when no answer came or none that this client understands. */
export type ApiResult<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly code: ErrorCode | 'NETWORK' };

interface Decoder<Value> {
  safeParse(value: unknown): { readonly success: true; readonly data: Value } | { readonly success: false };
}

export interface ApiOptions {
  /** The page's own `fetch`, or a test's. */
  readonly fetch: (path: string, init: RequestInit) => Promise<Response>;
  /** The signed-in device that requests are made for; null before sign-in. */
  readonly deviceId: string | null;
  /** How long an answer may take, in ms. */
  readonly patienceMs?: number;
}

/** A connection of before a change of network may never answer; browsers wait for it by the minute. */
const PATIENCE_MS = 15_000;

const nothing: Decoder<null> = { safeParse: () => ({ success: true, data: null }) };

const query = (values: Record<string, string | undefined>): string => {
  const given = Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]]));
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
};

/** The HTTP API, a method for each operation. No method throws. */
export function createApi(options: ApiOptions) {
  async function call<Value>(
    method: string,
    path: string,
    decoder: Decoder<Value>,
    body?: unknown,
  ): Promise<ApiResult<Value>> {
    try {
      const headers: Record<string, string> = {};
      if (options.deviceId !== null) headers[DEVICE_HEADER] = options.deviceId;
      if (body !== undefined) headers['content-type'] = 'application/json';
      const response = await options.fetch(`/api${path}`, {
        method,
        headers,
        credentials: 'same-origin',
        signal: AbortSignal.timeout(options.patienceMs ?? PATIENCE_MS),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const value: unknown = response.status === 204 ? null : await response.json();
      if (!response.ok) {
        const refusal = HttpError.safeParse(value);
        return { ok: false, code: refusal.success ? refusal.data.code : 'NETWORK' };
      }
      const decoded = decoder.safeParse(value);
      return decoded.success ? { ok: true, value: decoded.data } : { ok: false, code: 'NETWORK' };
    } catch {
      return { ok: false, code: 'NETWORK' };
    }
  }

  return {
    service: () => call('GET', '/service', Service),
    demoPeople: () => call('GET', '/demo/people', DemoPeople),
    demoSignIn: (body: DemoSignIn) => call('POST', '/demo/sign-in', Me, body),
    signOut: () => call('POST', '/sign-out', nothing),
    me: () => call('GET', '/me', Me),
    changeSettings: (change: Partial<Settings>) => call('PATCH', '/me/settings', nothing, change),
    contacts: () => call('GET', '/contacts', Contacts),
    setFavourite: (userId: string, favourite: boolean) =>
      call('PATCH', `/contacts/${userId}`, nothing, { favourite }),
    block: (userId: string) => call('PUT', `/blocks/${userId}`, nothing),
    unblock: (userId: string) => call('DELETE', `/blocks/${userId}`, nothing),
    devices: () => call('GET', '/devices', Devices),
    renameDevice: (deviceId: string, name: string) =>
      call('PATCH', `/devices/${deviceId}`, nothing, { name }),
    removeDevice: (deviceId: string) => call('DELETE', `/devices/${deviceId}`, nothing),
    history: (page: { cursor?: string; limit?: number; with?: string } = {}) =>
      call(
        'GET',
        `/calls${query({ cursor: page.cursor, limit: page.limit?.toString(), with: page.with })}`,
        HistoryPage,
      ),
    markSeen: () => call('POST', '/calls/seen', nothing),
    callDetails: (callId: string) => call('GET', `/calls/${callId}`, CallDetails),
    /** HIST3. */
    saveQuality: (callId: string, quality: CallQuality) =>
      call('PUT', `/calls/${callId}/quality`, nothing, quality),
    deleteCall: (callId: string) => call('DELETE', `/calls/${callId}`, nothing),
    groups: () => call('GET', '/groups', SavedGroups),
    saveGroup: (group: NewSavedGroup) => call('POST', '/groups', SavedGroup, group),
    changeGroup: (groupId: string, group: SavedGroupInput) =>
      call('PUT', `/groups/${groupId}`, SavedGroup, group),
    deleteGroup: (groupId: string) => call('DELETE', `/groups/${groupId}`, nothing),
    /** CALL4: those that go on at other devices of this user. */
    ownCalls: () => call('GET', '/own-calls', OwnCalls),
    /** GRP6: into a group call that this user is in. */
    makeLink: (callId: string, link: NewCallLink) => call('POST', `/calls/${callId}/links`, CallLink, link),
    invitation: (token: string) => call('GET', `/links/${token}`, LinkInvitation),
    guestSignIn: (token: string, guest: GuestSignIn) => call('POST', `/links/${token}/guest`, Me, guest),
    /** IDN3: this user's own, too. */
    userKeys: (userId: string) => call('GET', `/users/${userId}/keys`, UserKeys),
    /** IDN1: to replace another one is loud. */
    setIdentityKey: (change: IdentityKeyInput) => call('PUT', '/me/identity-key', nothing, change),
    /** IDN2. */
    publishDeviceKey: (change: DeviceKeyInput) => call('PUT', '/me/device-key', nothing, change),
    /** IDN5. */
    recoveryState: () => call('GET', '/me/recovery', RecoveryState),
    saveRecovery: (recovery: RecoveryInput) => call('PUT', '/me/recovery', nothing, recovery),
    /** Limited in number. */
    openRecovery: () => call('POST', '/me/recovery/open', Recovery),
    turnCredentials: () => call('GET', '/turn-credentials', TurnCredentials),
    /** HTTP5. */
    takeSample: (sample: SampleRequest) => call('POST', '/check/sample', Sample, sample),
    /** HTTP5. */
    openCheck: () => call('POST', '/check/media', CheckTransports),
  };
}

export type Api = ReturnType<typeof createApi>;

import { vi } from 'vitest';

type Kind = 'audio' | 'video';
interface FakeDevice {
  readonly id: string;
  readonly kind: Kind | 'output';
  label: string;
  /** What opening it comes to. */
  failure: string | null;
}

const named = (name: string): Error => Object.assign(new Error(name), { name });

class FakeTrack extends EventTarget {
  readonly kind: Kind;
  readonly label: string;
  readonly device: FakeDevice;
  enabled = true;
  readyState: 'live' | 'ended' = 'live';
  private readonly owner: FakeDevices;
  constructor(kind: Kind, device: FakeDevice, owner: FakeDevices) {
    super();
    this.kind = kind;
    this.label = device.label;
    this.device = device;
    this.owner = owner;
    owner.tracks.add(this);
  }
  clone(): FakeTrack {
    const copy = new FakeTrack(this.kind, this.device, this.owner);
    copy.enabled = this.enabled;
    return copy;
  }
  getSettings(): MediaTrackSettings {
    return { deviceId: this.device.id };
  }
  stop(): void {
    this.readyState = 'ended';
    this.owner.tracks.delete(this);
  }
}

class FakeStream {
  private readonly tracks: FakeTrack[];
  constructor(tracks: FakeTrack[] = []) {
    this.tracks = [...tracks];
  }
  getTracks(): FakeTrack[] {
    return [...this.tracks];
  }
  addTrack(track: FakeTrack): void {
    this.tracks.push(track);
  }
  removeTrack(track: FakeTrack): void {
    this.tracks.splice(this.tracks.indexOf(track), 1);
  }
}

/** A machine with cameras and microphones, put in the place of the browser's. */
export class FakeDevices extends EventTarget {
  devices: FakeDevice[] = [];
  /** Every live track: as long as there is one of a camera, its light is on. */
  readonly tracks = new Set<FakeTrack>();
  readonly asked: MediaStreamConstraints[] = [];
  denied: readonly Kind[] = [];
  /** Two of a kind cannot be open at once, as on some phones; or not even one of them twice. */
  isExclusive: boolean | 'even itself' = false;
  /** Questions wait until this is called. */
  answer: (() => void) | null = null;
  holds = false;

  add(kind: FakeDevice['kind'], id: string, label = `Label of ${id}`): FakeDevice {
    const device = { id, kind, label, failure: null };
    this.devices.push(device);
    return device;
  }

  plug(kind: FakeDevice['kind'], id: string): void {
    this.add(kind, id);
    this.dispatchEvent(new Event('devicechange'));
  }

  unplug(id: string): void {
    this.devices = this.devices.filter((device) => device.id !== id);
    for (const track of this.tracks) {
      if (track.device.id !== id) continue;
      track.stop();
      track.dispatchEvent(new Event('ended'));
    }
    this.dispatchEvent(new Event('devicechange'));
  }

  isLit(kind: Kind): boolean {
    return [...this.tracks].some((track) => track.kind === kind);
  }

  async getUserMedia(constraints: MediaStreamConstraints): Promise<FakeStream> {
    this.asked.push(constraints);
    if (this.holds) await new Promise<void>((resolve) => (this.answer = resolve));
    const kinds = (['audio', 'video'] as const).filter((kind) => constraints[kind] !== undefined);
    if (kinds.some((kind) => this.denied.includes(kind))) throw named('NotAllowedError');
    const chosen = kinds.map((kind) => ({ kind, device: this.find(kind, constraints[kind]) }));
    return new FakeStream(chosen.map(({ kind, device }) => new FakeTrack(kind, device, this)));
  }

  enumerateDevices(): Promise<unknown[]> {
    return Promise.resolve(
      this.devices.map(({ id, kind, label }) => ({
        deviceId: id,
        kind: kind === 'output' ? 'audiooutput' : `${kind}input`,
        label,
      })),
    );
  }

  getSupportedConstraints(): MediaTrackSupportedConstraints {
    return { echoCancellation: true, noiseSuppression: true, autoGainControl: false };
  }

  private find(kind: Kind, constraint: MediaStreamConstraints['audio']): FakeDevice {
    const wanted = typeof constraint === 'object' ? constraint.deviceId : undefined;
    const exact = typeof wanted === 'object' && 'exact' in wanted ? wanted.exact : undefined;
    const ofKind = this.devices.filter((device) => device.kind === kind);
    if (ofKind.length === 0) throw named('NotFoundError');
    const device = exact === undefined ? ofKind[0] : ofKind.find(({ id }) => id === exact);
    if (device === undefined) throw named('OverconstrainedError');
    if (device.failure !== null) throw named(device.failure);
    const other = [...this.tracks].find(
      (track) => track.kind === kind && (this.isExclusive === 'even itself' || track.device !== device),
    );
    if (this.isExclusive !== false && other !== undefined) throw named('NotReadableError');
    return device;
  }
}

export function installFakeDevices(): FakeDevices {
  const fake = new FakeDevices();
  fake.add('audio', 'mic-1');
  fake.add('video', 'cam-1');
  vi.stubGlobal('navigator', { mediaDevices: fake });
  vi.stubGlobal('MediaStream', FakeStream);
  return fake;
}

import type { ClientCall } from '../client/index.ts';
import type { SimulatedDevice } from './device.ts';
import type { SimulatedServer } from './server.ts';
import { KIND, type SimulatedUser, type World } from './world.ts';

/** What people and the world do to each other at random. */
export interface Cast {
  readonly world: World;
  readonly users: readonly SimulatedUser[];
  readonly devices: readonly SimulatedDevice[];
  readonly server: SimulatedServer;
}

/** One thing happens: mostly somebody uses a device, sometimes something breaks. */
export function act(cast: Cast): void {
  const { world, devices } = cast;
  const { random } = world;
  const alive = devices.filter((device) => device.isAlive());
  const device = random.pick(alive);
  if (device === undefined) return;
  if (random.chance(0.2)) breakSomething(cast, device, alive.length);
  else handlePerson(cast, device);
}

function breakSomething({ world, server }: Cast, device: SimulatedDevice, alive: number): void {
  const { random, counts } = world;
  const { deviceId } = device.device;
  const roll = random.next();
  if (roll < 0.1) {
    counts.outages += 1;
    device.link.goDark(random.between(3_000, 90_000));
  } else if (roll < 0.5) {
    counts.cuts += 1;
    device.link.cut();
  } else if (roll < 0.7) {
    counts.cuts += 1;
    device.link.drop();
  } else if (roll < 0.88) {
    device.reload(random.between(50, random.chance(0.2) ? 30_000 : 2_000));
  } else if (roll < 0.94) {
    server.remove(deviceId);
    device.reload(random.between(500, 20_000));
  } else if (roll < 0.97) {
    world.note(() => 'server restarts');
    server.restart();
  } else if (alive > 4) {
    device.reload(null);
  }
}

function handlePerson(cast: Cast, device: SimulatedDevice): void {
  const { random } = cast.world;
  const call = random.pick(device.state().calls);
  if (call === undefined || random.chance(0.1)) return dial(cast, device);
  continueCall(cast, device, call);
}

function dial({ world, users, devices }: Cast, device: SimulatedDevice): void {
  const { random } = world;
  const peer = random.pick(users.filter(({ summary }) => summary.userId !== device.device.userId));
  if (peer === undefined) return;
  const callType = random.chance(0.7) ? 'video' : 'audio';
  device.apply({ type: 'dial', key: world.makeId(KIND.key), peer: peer.summary, callType });
  if (!random.chance(0.3)) return;
  // RING7: the other one has the same thought.
  const other = random.pick(
    devices.filter((other) => other.isAlive() && other.device.userId === peer.summary.userId),
  );
  const own = users.find(({ summary }) => summary.userId === device.device.userId);
  if (other === undefined || own === undefined) return;
  world.clock.after(random.between(0, 80), () => {
    other.apply({ type: 'dial', key: world.makeId(KIND.key), peer: own.summary, callType: 'video' });
  });
}

function continueCall({ world, devices }: Cast, device: SimulatedDevice, call: ClientCall): void {
  const { random } = world;
  const { key } = call;
  const roll = random.next();
  switch (call.phase) {
    case 'incoming': {
      const media = random.chance(0.7) ? 'video' : 'audio';
      const others = random.chance(0.5) ? 'hold' : 'end';
      if (roll < 0.6) device.apply({ type: 'answer', key, media, others });
      else if (roll < 0.75) device.apply({ type: 'hang_up', key });
      // RING4: somebody picks up on another device at the same moment.
      if (roll > 0.35) return;
      const twins = devices.filter(
        (other) => other.isAlive() && other !== device && other.device.userId === device.device.userId,
      );
      for (const twin of twins) twin.apply({ type: 'answer', key, media, others });
      return;
    }
    case 'dialing':
    case 'calling':
    case 'answering':
    case 'joining':
    case 'waiting':
      if (roll < 0.15) device.apply({ type: 'hang_up', key });
      else if (roll < 0.4) device.apply({ type: 'set_media', key, change: { muted: random.chance(0.5) } });
      return;
    case 'joined':
      if (roll < 0.15) device.apply({ type: 'hang_up', key });
      else if (roll < 0.35) device.apply({ type: 'set_media', key, change: { muted: random.chance(0.5) } });
      else if (roll < 0.5) device.apply({ type: 'set_media', key, change: { camera: random.chance(0.5) } });
      else if (roll < 0.6) device.apply({ type: 'hold', key });
      else if (roll < 0.8) device.apply({ type: 'resume', key });
      return;
    case 'ended':
      device.apply({ type: 'dismiss', key });
  }
}

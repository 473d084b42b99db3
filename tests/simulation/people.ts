import type { ClientCall } from '@visavis/call';
import type { SimulatedDevice, Page } from './device/device.ts';
import type { Population } from './node/population.ts';
import { count, type World } from './world.ts';

/** One person does one thing with one of their devices. */
export function act(world: World, population: Population, devices: readonly SimulatedDevice[]): void {
  const { random } = world;
  const pages = devices.flatMap((device) => device.page() ?? []);
  const page = random.pick(pages);
  if (page === undefined) return;
  const call = random.pick(page.app.getView().state.calls);
  if (call === undefined || random.chance(0.1)) dial(world, population, pages, page);
  else goOn(world, pages, page, call);
}

function dial(world: World, { people }: Population, pages: readonly Page[], page: Page): void {
  const { random } = world;
  const own = people.get(page.device.userId);
  const peer = random.pick([...people.values()].filter((each) => each !== own));
  if (peer === undefined || own === undefined) return;
  count(world, 'dials');
  world.note(() => `${page.device.name} dials ${peer.summary.name}`);
  page.agreed.add(peer.summary.userId);
  page.app.dial(peer.summary, random.chance(0.7) ? 'video' : 'audio');
  if (!random.chance(0.3)) return;
  // RING7: the other one has the same thought.
  const other = random.pick(pages.filter(({ device }) => device.userId === peer.summary.userId));
  if (other === undefined) return;
  world.clock.after(random.between(0, 80), () => {
    other.agreed.add(own.summary.userId);
    other.app.dial(own.summary, 'video');
  });
}

function goOn({ random, note }: World, pages: readonly Page[], page: Page, call: ClientCall): void {
  const { app, device } = page;
  const { key } = call;
  const roll = random.next();
  note(() => `${device.name} does something about a call that is ${call.phase}`);
  switch (call.phase) {
    case 'incoming': {
      const media = random.chance(0.7) ? 'video' : 'audio';
      const others = random.chance(0.5) ? 'hold' : 'end';
      // RING4: somebody picks up on another device at the same moment.
      const twins = pages.filter((other) => other.device.userId === device.userId);
      for (const twin of roll < 0.3 ? twins : roll < 0.65 ? [page] : []) {
        const rings = twin.app
          .getView()
          .state.calls.find((each) => each.phase === 'incoming' && each.callId === call.callId);
        if (rings === undefined) continue;
        twin.agreed.add(call.callId);
        twin.app.answer(rings.key, media, others);
      }
      if (roll > 0.85) app.hangUp(key);
      return;
    }
    case 'dialing':
    case 'calling':
    case 'answering':
    case 'joining':
    case 'waiting':
      if (roll < 0.15) app.hangUp(key);
      else if (roll < 0.4) app.setMuted(key, random.chance(0.5));
      return;
    case 'joined':
      if (roll < 0.2) app.hangUp(key);
      else if (roll < 0.4) app.setMuted(key, random.chance(0.5));
      else if (roll < 0.55) app.setCamera(key, random.chance(0.5));
      else if (roll < 0.6) app.hold(key);
      else if (roll < 0.8) app.resume(key);
      return;
    case 'ended':
      app.dismiss(key);
  }
}

import type { Model } from '../../model/model.ts';
import { words } from '../../words/index.ts';
import { callTitle } from '../group/names.ts';
import { isLive } from '../call/scene.ts';

/** The tab's title: who rings first, then whom one is with, then what was missed. */
export function titleFor(model: Pick<Model, 'service' | 'calls' | 'missedUnseen'>): string {
  const service = model.service.name;
  const ringing = model.calls.find((call) => call.phase.name === 'incoming');
  if (ringing !== undefined)
    return words.title.incoming(ringing.group?.title ?? ringing.person.name, ringing.callType);
  const going = model.calls.find((call) => isLive(call) && call.phase.name !== 'held');
  if (going !== undefined) {
    const waits =
      going.phase.name === 'dialing' || going.phase.name === 'reaching' || going.phase.name === 'ringing';
    return waits ? words.title.outgoing(callTitle(going)) : words.title.inCall(callTitle(going), service);
  }
  return model.missedUnseen > 0 ? words.title.missed(service, model.missedUnseen) : words.title.idle(service);
}

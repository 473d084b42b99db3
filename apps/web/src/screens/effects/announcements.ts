import type { CallView } from '../../model/model.ts';
import { groupNews } from './groupAnnouncements.ts';
import { words } from '../../words/index.ts';
import { speakDuration } from '../../words/time.ts';

/** What a screen reader is told. `urgent` breaks into what is being read: only for something that rings or breaks. */
export interface Announcement {
  readonly text: string;
  readonly urgent: boolean;
}

const polite = (text: string): Announcement => ({ text, urgent: false });
const urgent = (text: string): Announcement => ({ text, urgent: true });

/** What to say about the step from one model to the next. Nothing for what did not change: no flood. */
export function announcementsFor(
  before: readonly CallView[],
  after: readonly CallView[],
): readonly Announcement[] {
  if (before === after) return [];
  return after.flatMap((call) =>
    announceCall(
      before.find((old) => old.key === call.key),
      call,
    ),
  );
}

function announceCall(before: CallView | undefined, call: CallView): readonly Announcement[] {
  const said: Announcement[] = [];
  if (before?.phase.name !== call.phase.name) said.push(...announcePhase(before, call));
  if (before !== undefined && before.group !== null && call.group !== null) {
    said.push(...groupNews(before.group, call.group).map(polite));
  }
  // Before they are connected nobody hears anybody: changes of the other side say nothing yet.
  if (before?.phase.name === 'connected' && call.phase.name === 'connected') {
    said.push(...announceOther(before, call));
    if (before.local.muted !== call.local.muted) {
      said.push(polite(call.local.muted ? words.announce.muted : words.announce.unmuted));
    }
  }
  return said;
}

/** What the one other does. Of a group it is told who is in it, not each press of a button. */
function announceOther(before: CallView, call: CallView): readonly Announcement[] {
  if (call.group !== null) return [];
  const { name } = call.person;
  const [old, now] = [before.remote, call.remote];
  const say = words.announce;
  if (old.held !== now.held) return [polite(now.held ? say.otherHeld(name) : say.otherResumed(name))];
  const said: Announcement[] = [];
  if (old.muted !== now.muted) said.push(polite(now.muted ? say.otherMuted(name) : say.otherUnmuted(name)));
  if (old.camera !== now.camera) {
    said.push(polite(now.camera ? say.otherCameraOn(name) : say.otherCameraOff(name)));
  }
  return said;
}

function announceIncoming({ person, callType, group }: CallView): string {
  if (group === null) return words.incoming.announce(person.name, callType);
  return words.groups.announceIncoming(person.name, callType, group.title);
}

function announceConnected({ person, group }: CallView): string {
  if (group === null) return words.announce.connected(person.name);
  const joined = group.people.filter(({ isMe, status }) => !isMe && status === 'joined').length;
  return joined === 0 ? words.groups.announce.alone : words.groups.announce.connected(joined);
}

function announcePhase(before: CallView | undefined, call: CallView): readonly Announcement[] {
  const name = call.person.name;
  switch (call.phase.name) {
    case 'dialing':
    case 'connecting':
    case 'waiting':
      return [];
    case 'reaching':
      return [polite(words.outgoing.reaching(name))];
    case 'ringing':
      return [polite(words.outgoing.announceRinging(name))];
    case 'incoming':
      return [urgent(announceIncoming(call))];
    case 'connected':
      return [
        polite(before?.phase.name === 'reconnecting' ? words.announce.backAgain : announceConnected(call)),
      ];
    case 'reconnecting':
      return [urgent(words.call.reconnecting)];
    case 'held':
      return [polite(words.call.heldByMe)];
    case 'ended': {
      const { reason, durationMs, by } = call.phase;
      const end = words.endings({ direction: call.direction, personName: name, reason, durationMs, by });
      const talked = durationMs === null ? null : words.summary.talkedSpoken(speakDuration(durationMs));
      return [polite([end.title, end.detail, talked].filter((part) => part !== null).join('. '))];
    }
  }
}

import type { CallPhase, CallView } from '../model/model.ts';
import { groupWords } from './groups.en.ts';
import { firstName, possessive } from './names.ts';

type Ending = Extract<CallPhase, { readonly name: 'ended' }>;

/** What the words about the end of a call depend on. */
export interface EndedCall {
  readonly direction: CallView['direction'];
  readonly personName: string;
  readonly reason: Ending['reason'];
  readonly durationMs: number | null;
  readonly by: string | null;
}

interface EndingWords {
  readonly title: string;
  /** Null where the title says it all. */
  readonly detail: string | null;
}

/** `your iPhone`, but `Ana’s phone`: a name that says whose it is needs no more. */
function yourDevice(by: string | null): string {
  if (by === null) return 'another device of yours';
  return /['’]s\s|^(?:my|our|the)\s/iu.test(by) ? by : `your ${by}`;
}

/** What became of a call, from the side of the person who reads it. */
export function endingWords(call: EndedCall): EndingWords {
  const { reason } = call;
  if (reason === 'removed' || reason === 'not_admitted' || reason === 'grown') {
    return groupWords.endings[reason];
  }
  if (reason === 'moved') return { title: `The call is on ${yourDevice(call.by)} now`, detail: null };
  if (reason === 'passed')
    return {
      title: 'You passed the call on',
      detail: call.by === null ? null : `It is ${possessive(call.by)} now.`,
    };
  if (reason === 'move_failed')
    return { title: 'The call didn’t come over', detail: 'It goes on where it was.' };
  return call.direction === 'outgoing'
    ? outgoingEnding({ ...call, reason })
    : incomingEnding({ ...call, reason });
}

/** Of a call between two; the others are said alike whoever called. */
type PairEnding = EndedCall & {
  readonly reason: Exclude<
    EndedCall['reason'],
    'removed' | 'not_admitted' | 'grown' | 'moved' | 'passed' | 'move_failed'
  >;
};

function outgoingEnding(call: PairEnding): EndingWords {
  const name = firstName(call.personName);
  switch (call.reason) {
    case 'cancelled':
      return { title: 'Call cancelled', detail: null };
    case 'declined':
      return { title: `${name} can’t talk now`, detail: 'The call was declined.' };
    case 'no_answer':
      return { title: 'No answer', detail: `${name} didn’t pick up. You can try again later.` };
    case 'busy':
      return { title: `${name} is in another call`, detail: 'Try again in a few minutes.' };
    case 'unavailable':
      return {
        title: `${name} can’t be reached`,
        detail: `None of ${possessive(name)} devices is online right now.`,
      };
    case 'answered_elsewhere':
      return { title: 'The call went on elsewhere', detail: `It is on ${yourDevice(call.by)} now.` };
    case 'declined_elsewhere':
      return { title: 'Call cancelled', detail: `You ended it on ${yourDevice(call.by)}.` };
    case 'hangup':
    case 'connection_lost':
    case 'media_failed':
    case 'failed_to_start':
    case 'device_in_other_window':
      return commonEnding(call.reason, call);
  }
}

function incomingEnding(call: PairEnding): EndingWords {
  const name = firstName(call.personName);
  switch (call.reason) {
    case 'cancelled':
      return { title: `Missed call from ${call.personName}`, detail: `${name} hung up before you answered.` };
    case 'declined':
      return { title: 'Call declined', detail: null };
    case 'no_answer':
      return { title: `Missed call from ${call.personName}`, detail: 'It rang, but nobody answered.' };
    case 'busy':
      return { title: `Missed call from ${call.personName}`, detail: 'You were in another call.' };
    case 'unavailable':
      return { title: 'This call is over', detail: `${name} isn’t waiting any more.` };
    case 'answered_elsewhere':
      return { title: `Answered on ${yourDevice(call.by)}`, detail: null };
    case 'declined_elsewhere':
      return { title: `Declined on ${yourDevice(call.by)}`, detail: null };
    case 'hangup':
    case 'connection_lost':
    case 'media_failed':
    case 'failed_to_start':
    case 'device_in_other_window':
      return commonEnding(call.reason, call);
  }
}

type CommonReason =
  | 'hangup'
  | 'connection_lost'
  | 'media_failed'
  | 'failed_to_start'
  | 'device_in_other_window';

function commonEnding(reason: CommonReason, call: EndedCall): EndingWords {
  const name = firstName(call.personName);
  switch (reason) {
    case 'hangup':
      return { title: 'Call ended', detail: null };
    case 'connection_lost':
      return {
        title: 'Connection lost',
        detail: `It didn’t come back in time. Call ${name} again when you can.`,
      };
    case 'media_failed':
      return {
        title: 'You two couldn’t be connected',
        detail: 'Sound and picture found no way between the two networks. Another network often helps.',
      };
    case 'failed_to_start':
      return { title: 'The call couldn’t start', detail: 'Check your connection and try again.' };
    case 'device_in_other_window':
      return { title: 'Visavis is open in another window', detail: 'The call goes on there.' };
  }
}

import type { CallType, EndReason } from '@visavis/protocol';
import type { MediaReadiness } from '../model/groups.ts';
import { firstName, list } from './names.ts';

export const people = (count: number): string => (count === 1 ? '1 person' : `${count} people`);
const kind = (callType: CallType): string => (callType === 'video' ? 'video call' : 'audio call');

/** `Ben, Cleo and 3 others`: two first names at most, so that it fits in a line. */
export function someNames(names: readonly string[]): string {
  const short = names.map(firstName);
  if (short.length <= 3) return list(short);
  return list([...short.slice(0, 2), `${short.length - 2} others`]);
}

/** What a group call is called: its own name, else its people. */
function callName(title: string | null, names: readonly string[]): string {
  if (title !== null) return title;
  return names.length === 0 ? 'Group call' : someNames(names);
}

function preparing(readiness: MediaReadiness): { readonly title: string; readonly body: string } | null {
  if (readiness.state === 'ready') return null;
  if (readiness.state === 'unavailable') {
    return {
      title: 'Group calls can’t be had here at the moment',
      body: `Calls between two work as ever. What the server says: ${readiness.reason}`,
    };
  }
  return {
    title: 'Group calls are being prepared…',
    body: 'The server builds what it needs for them, once. Calls between two work already.',
  };
}

export const groupWords = {
  callName,
  someNames,
  preparing,
  preparedPart: (done: number, total: number): string =>
    `${Math.round((done / Math.max(total, 1)) * 100)} % done`,
  people,

  home: {
    region: 'Groups',
    title: 'Groups',
    newCall: 'New group call',
    inProgress: 'Call in progress',
    onOtherDevice: 'You’re in it on another device',
    join: 'Join',
    members: (names: readonly string[]): string => someNames(names),
    audioCall: (title: string): string => `Audio call ${title}`,
    videoCall: (title: string): string => `Video call ${title}`,
    editOf: (title: string): string => `Change ${title}`,
    failed: 'Your groups didn’t load.',
    callAgain: (name: string): string => `Call ${name} again`,
  },

  announceIncoming: (name: string, callType: CallType, title: string | null): string =>
    `Incoming group ${kind(callType)} from ${name}${title === null ? '' : `: ${title}`}`,

  chat: {
    announce: (name: string, text: string): string => `${name}: ${text}`,
  },

  announce: {
    joined: (name: string): string => `${name} joined`,
    left: (name: string): string => `${name} left`,
    hand: (name: string): string => `${name} raised a hand`,
    shares: (name: string): string => `${name} is sharing a screen`,
    stopped: (name: string): string => `${name} stopped sharing`,
    waits: (name: string): string => `${name} waits to be let in`,
    connected: (count: number): string => `You’re in the call with ${people(count)}`,
    alone: 'You’re in the call. Nobody else is here yet.',
  },

  guestGone: {
    title: 'You’ve left the call',
    body: 'As long as it goes on, the link brings you back. You can close this page.',
  },

  endings: {
    removed: { title: 'You were removed from the call', detail: 'The host took you out of it.' },
    not_admitted: { title: 'You weren’t let in', detail: 'Nobody in the call let you in this time.' },
    grown: { title: 'The call went on with more people', detail: null },
  } satisfies Partial<Record<EndReason, { readonly title: string; readonly detail: string | null }>>,
};

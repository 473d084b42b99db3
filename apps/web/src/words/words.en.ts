import type { CallType } from '../model/model.ts';
import { endingWords } from './endings.en.ts';
import { groupWords } from './groups.en.ts';
import { firstName, list, possessive } from './names.ts';
import { noticeWords } from './notices.en.ts';
import type { SpokenTime } from './time.ts';
import { remembered } from './remembered.en.ts';
import { trustWords } from './trust.en.ts';

const people = (count: number): string => (count === 1 ? '1 person' : `${count} people`);
const kindOfCall = (callType: CallType): string => (callType === 'video' ? 'video call' : 'audio call');

/** English. Plain and short; says what happened, what it means and what to do. */
export const english = {
  locale: 'en-GB',

  common: {
    close: 'Close',
    cancel: 'Cancel',
    tryAgain: 'Try again',
    dismiss: 'Dismiss',
    back: 'Back',
    more: 'More',
    loading: 'Loading…',
  },

  time: {
    justNow: 'Just now',
    minutesAgo: (minutes: number): string => `${minutes} min ago`,
  },

  title: {
    idle: (service: string): string => service,
    missed: (service: string, count: number): string => `(${count}) ${service}`,
    incoming: (name: string, callType: CallType): string => `${name} · incoming ${kindOfCall(callType)}`,
    outgoing: (name: string): string => `Calling ${name}…`,
    inCall: (name: string, service: string): string => `${name} · ${service}`,
  },

  unreachable: {
    title: 'Visavis can’t be reached',
    body: 'The server doesn’t answer. It may be restarting, or this device may be offline. We’ll keep trying.',
  },

  crashed: {
    title: 'This page lost its thread',
    body: 'Something in it didn’t work as it should. Loading it again usually helps.',
    action: 'Load again',
  },

  unsupported: {
    insecure_page: {
      title: 'This page isn’t secure',
      body: 'Calls are encrypted on your device, and browsers do that on secure pages only. Open this address with https:// in front, or ask whoever runs this server for the right one.',
    },
    old_browser: {
      title: 'This browser can’t encrypt calls',
      body: 'Here, calls are end-to-end encrypted or not made at all. Use a current version of Chrome, Edge, Firefox or Safari.',
    },
  },

  signIn: {
    title: (service: string): string => `Welcome to ${service}`,
    demoMark: 'Demo',
    demoBody:
      'These people are made up, so that you can try calling. Pick one here, pick another in a second window, and call.',
    choose: 'Who would you like to be?',
    continueAs: (name: string): string => `Continue as ${name}`,
    busy: (name: string): string => `Signing in as ${name}…`,
    failed: 'The list of people didn’t load.',
    none: 'Nobody has an account here yet.',
    closed: 'Signing in is not open on this server.',
    promise: 'Calls go straight from your device to theirs.',
  },

  replaced: {
    title: (service: string): string => `${service} is open in another window`,
    body: 'Calls ring there. You can bring them over to this window instead.',
    action: 'Use it here',
  },

  nav: {
    label: 'Main',
    people: 'People',
    recents: 'Recents',
    settings: 'Settings',
    missedBadge: (count: number): string => (count === 1 ? '1 missed call' : `${count} missed calls`),
  },

  connection: {
    offline: 'Connection lost. Reconnecting…',
  },

  presence: {
    online: 'Online',
    busy: 'In a call',
    offline: 'Offline',
    lastSeen: ({ kind, text }: SpokenTime): string => {
      if (kind === 'today') return `Last seen at ${text}`;
      if (kind === 'weekday' || kind === 'date') return `Last seen on ${text}`;
      return `Last seen ${text.toLowerCase()}`;
    },
  },

  contacts: {
    region: 'Contacts',
    search: 'Search people',
    clearSearch: 'Clear search',
    favourites: 'Favourites',
    everyone: 'Everyone',
    blocked: 'Blocked',
    videoCall: (name: string): string => `Video call ${name}`,
    audioCall: (name: string): string => `Audio call ${name}`,
    found: (count: number): string => (count === 0 ? 'Nobody found' : `${people(count)} found`),
    noMatch: (query: string): string => `Nobody here is called “${query}”.`,
    noMatchHint: 'Try another spelling, or only the first letters.',
    empty: 'No people yet',
    emptyHint: 'As soon as somebody else has an account here, you can call them from this list.',
    failed: 'Your people didn’t load.',
  },

  recents: {
    region: 'Recents',
    all: 'All',
    missed: 'Missed',
    filter: 'Which calls',
    newMissed: 'New',
    callBack: (name: string): string => `Call ${name} back`,
    remove: (name: string): string => `Delete call with ${name} from the list`,
    loadMore: 'Show earlier calls',
    empty: 'No calls yet',
    emptyHint: 'Call somebody. It will show here, with when it was and how long it took.',
    emptyMissed: 'No missed calls',
    emptyMissedHint: 'You’ve caught every one of them.',
    failed: 'Your calls didn’t load.',
    outcome: {
      incoming: {
        answered: 'Incoming',
        missed: 'Missed',
        no_answer: 'Missed',
        declined: 'Declined',
        cancelled: 'Missed',
        busy: 'Missed while in a call',
        unavailable: 'Missed',
        failed: 'Couldn’t connect',
        ongoing: 'In progress',
      },
      outgoing: {
        answered: 'Outgoing',
        missed: 'No answer',
        no_answer: 'No answer',
        declined: 'Declined',
        cancelled: 'Cancelled',
        busy: 'Was busy',
        unavailable: 'Not reachable',
        failed: 'Couldn’t connect',
        ongoing: 'In progress',
      },
    },
    kind: { video: 'Video', audio: 'Audio' },
    missedBanner: (names: readonly string[]): string => `Missed: ${list(names)}`,
    seeMissed: 'See',
  },

  person: {
    region: (name: string): string => `About ${name}`,
    unknown: 'This person isn’t among your contacts',
    unknownHint: 'They may have been removed, or the link is old.',
    history: 'Calls',
    noHistory: (name: string): string => `You and ${firstName(name)} haven’t called each other yet.`,
    favourite: 'Add to favourites',
    unfavourite: 'Remove from favourites',
    block: 'Block',
    unblock: 'Unblock',
    blockTitle: (name: string): string => `Block ${name}?`,
    blockBody: (name: string): string =>
      `${firstName(name)} can’t reach you any more and isn’t told. You can undo this at any time.`,
    blockedNote: (name: string): string =>
      `${firstName(name)} is blocked: calls from ${firstName(name)} don’t reach you.`,
    callAudio: 'Audio',
    callVideo: 'Video',
  },

  quality: { remembered },
  trust: trustWords,
  settings: { region: 'Settings' },
  endings: endingWords,
  notices: noticeWords,
  groups: groupWords,

  check: {
    section: 'Before a call',
    label: 'Check camera, sound and connection',
    hint: 'Takes up to 5 seconds and says what to do if something is wrong.',
    open: 'Check the connection',
    short: 'Check',
  },

  incoming: {
    announce: (name: string, callType: CallType): string => `Incoming ${kindOfCall(callType)} from ${name}`,
    notification: (callType: CallType): string => `Incoming ${kindOfCall(callType)}`,
  },

  outgoing: {
    reaching: (name: string): string => `None of ${possessive(firstName(name))} devices is online. Trying…`,
    announceRinging: (name: string): string => `Ringing ${name}`,
  },

  call: {
    reconnecting: 'Connection lost. Reconnecting…',
    heldByMe: 'On hold',
  },

  summary: {
    talkedSpoken: (duration: string): string => `You talked for ${duration}.`,
  },

  announce: {
    connected: (name: string): string => `Connected to ${name}`,
    otherMuted: (name: string): string => `${name} muted`,
    otherUnmuted: (name: string): string => `${name} unmuted`,
    otherCameraOff: (name: string): string => `${possessive(name)} camera is off`,
    otherCameraOn: (name: string): string => `${possessive(name)} camera is on`,
    otherHeld: (name: string): string => `${name} put you on hold`,
    otherResumed: (name: string): string => `${name} is back`,
    muted: 'You’re muted',
    unmuted: 'You’re not muted any more',
    backAgain: 'Connection is back',
  },
};

import type { CallType, EndReason } from '@visavis/protocol';
import type { MediaReadiness, Reaction } from '../model/groups.ts';
import { firstName, list } from './names.ts';

const people = (count: number): string => (count === 1 ? '1 person' : `${count} people`);
const kind = (callType: CallType): string => (callType === 'video' ? 'video call' : 'audio call');

/** `Ben, Cleo and 3 others`: two first names at most, so that it fits in a line. */
function someNames(names: readonly string[]): string {
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

  create: {
    title: 'New group call',
    editTitle: 'Change group',
    search: 'Search people',
    nobody: 'Nobody found',
    chosen: (count: number, most: number): string => `${count} of ${most} chosen`,
    chooseFirst: 'Choose who should be in it.',
    full: (most: number): string => `Only ${most} people fit in a call.`,
    unchoose: (name: string): string => `Take ${name} out`,
    keep: 'Keep as a group',
    keepHint: 'It stays on your home screen, and on that of everybody in it.',
    keepCallHint: 'To call these people again. Those who aren’t here find this call on their home screen.',
    name: 'Name of the group',
    namePlaceholder: 'Sunday family, Book club…',
    audio: 'Audio',
    video: 'Video',
    onlySave: 'Only save',
    save: 'Save',
    remove: 'Delete group',
    removeTitle: (title: string): string => `Delete ${title}?`,
    removeBody: 'It goes from the home screens of everybody in it. A call that goes on is not ended.',
  },

  add: {
    title: 'Add people',
    open: 'Add people',
    room: (left: number): string =>
      left === 0
        ? 'This call is full: only 32 people fit in.'
        : `There is room for ${left === 1 ? 'one more' : `${left} more`}.`,
    nobody: 'You have no contacts here. The link of this call, under People, brings others in.',
    everybody: 'Everybody you know is in this call already.',
    submit: (names: readonly string[]): string =>
      names.length === 0
        ? 'Add'
        : names.length <= 2
          ? `Add ${someNames(names)}`
          : `Add ${names.length} people`,
  },

  incoming: {
    kind: { video: 'Incoming group video call', audio: 'Incoming group audio call' },
    from: (name: string): string => `${firstName(name)} is calling`,
    waiting: { video: 'group video call', audio: 'group audio call' },
    withPeople: (count: number, names: readonly string[]): string => `${people(count)}: ${someNames(names)}`,
  },

  stage: {
    you: 'You',
    alone: 'Nobody else is here yet',
    aloneHint: 'Add people, or send them the link of this call.',
    screenOf: (name: string): string => `Screen of ${name}`,
    soundOf: (name: string): string => `Sound of ${name}`,
    sharing: (name: string): string => `${firstName(name)} is sharing`,
    sharingStarts: 'Your screen is about to be shown…',
    youShare: 'Everybody here sees your screen',
    stop: 'Stop',
    calling: 'Calling…',
    connecting: 'Connecting…',
    lost: 'Reconnecting…',
    held: 'On hold',
    checking: 'Checking keys',
    paused: 'Weak connection',
    muted: 'Muted',
    mutedForMe: 'Muted for you',
    hand: 'Hand raised',
    quality: { good: 'Good connection', fair: 'Fair connection', poor: 'Poor connection' },
    guest: 'Guest',
    pages: 'Pages of people',
    page: (page: number, pages: number): string => `Page ${page} of ${pages}`,
    nextPage: 'Next page',
    previousPage: 'Previous page',
    talksElsewhere: (name: string): string => `${firstName(name)} is speaking`,
    locked: 'Nobody new gets in',
    handsUp: (names: readonly string[]): string =>
      names.length === 1 ? `${firstName(names[0] ?? '')} raised a hand` : `${names.length} hands are raised`,
    waits: (names: readonly string[]): string =>
      names.length === 1
        ? `${names[0] ?? ''} waits to be let in`
        : `${people(names.length)} wait to be let in`,
    see: 'See',
    mutedByHost: 'The host muted you.',
    selfFloats: 'Show yourself small',
    selfInGrid: 'Show yourself among the others',
    reaction: (name: string, reaction: string): string => `${name}: ${reaction}`,
  },

  bar: {
    share: 'Share screen',
    stopSharing: 'Stop sharing',
    raise: 'Raise hand',
    lower: 'Lower hand',
    people: 'People',
    chat: 'Chat',
    unread: (count: number): string => (count === 1 ? '1 new message' : `${count} new messages`),
    count: (count: number): string => `${people(count)} in this call`,
    react: 'React',
    grid: 'Show grid',
    speaker: 'Show speaker',
  },

  reactions: {
    thumbs_up: 'Thumbs up',
    heart: 'Heart',
    laugh: 'Laughter',
    surprise: 'Surprise',
    applause: 'Applause',
    party: 'Hooray',
  } satisfies Record<Reaction, string>,

  person: {
    more: (name: string): string => `More about ${name}`,
    pin: 'Keep large',
    unpin: 'Don’t keep large',
    muteForMe: 'Mute for me',
    unmuteForMe: 'Unmute for me',
    volume: (name: string): string => `Volume of ${name}`,
    volumeTitle: 'Volume',
    shownDevice: (name: string): string => `${firstName(name)}’s picture from`,
    askMute: (name: string): string => `Mute ${name}`,
    askUnmute: (name: string): string => `Ask ${name} to unmute`,
    remove: (name: string): string => `Remove ${name}`,
    removeTitle: (name: string): string => `Remove ${name} from the call?`,
    removeBody: (name: string): string => `${firstName(name)} can’t come back by themselves.`,
    removeAction: 'Remove',
  },

  panel: {
    people: 'People in this call',
    peopleTitle: 'People',
    inCall: (count: number): string => `In the call · ${count}`,
    waiting: 'Waiting to be let in',
    ringing: 'Ringing',
    left: 'Not in the call any more',
    host: 'Host',
    guest: 'Guest',
    you: (name: string): string => `${name} (you)`,
    admit: (name: string): string => `Admit ${name}`,
    admitShort: 'Admit',
    deny: (name: string): string => `Deny ${name}`,
    denyShort: 'Deny',
    muteAll: 'Mute everyone',
    lock: 'Lock call',
    unlock: 'Unlock call',
    lockHint: 'Locked, nobody new gets in.',
    lockedHint: 'Nobody new gets in at present.',
    link: 'Link for guests',
    linkHint:
      'Whoever has it can ask to be let in, also without an account. It can be seen on the device that made it, and nowhere else.',
    makeLink: 'Make a link',
    linkMaking: 'Making a link…',
    linkFailed: 'The link couldn’t be made.',
    copyLink: 'Copy link',
    shareLink: 'Share…',
    copied: 'Copied',
    copyRefused: 'This browser didn’t let it be copied. Mark it and copy it by hand.',
    linkUntil: (time: string): string => `Holds until ${time}`,
    status: {
      ringing: 'Ringing…',
      joined: 'In the call',
      left: 'Left',
      declined: 'Declined',
      missed: 'Didn’t answer',
      removed: 'Removed',
      waiting: 'Waiting',
    },
    camera: 'Camera is on',
    cameraOff: 'Camera is off',
    microphone: 'Microphone is on',
  },

  chat: {
    title: 'Chat',
    empty: 'No messages yet',
    emptyHint: 'What is written here is seen by everybody who is in the call now, and is gone when it ends.',
    placeholder: 'Write to everyone',
    label: 'Message to everyone',
    send: 'Send',
    sending: 'Sending…',
    failed: 'Not sent.',
    again: 'Send again',
    missed: (names: readonly string[]): string => `${list(names.map(firstName))} may have missed this.`,
    fresh: 'New',
    you: 'You',
    left: (left: number): string => `${left} left`,
    over: (over: number): string => (over === 1 ? '1 character too many' : `${over} characters too many`),
    hint: 'Enter sends, Shift and Enter begins a new line.',
    announce: (name: string, text: string): string => `${name}: ${text}`,
  },

  ask: {
    title: (name: string): string => `${name} asks you to unmute`,
    someone: 'The host',
    body: 'Everybody in the call hears you then.',
    unmute: 'Unmute',
    stay: 'Stay muted',
  },

  announceIncoming: (name: string, callType: CallType, title: string | null): string =>
    `Incoming group ${kind(callType)} from ${name}${title === null ? '' : `: ${title}`}`,

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

  waitingRoom: {
    region: 'Waiting room',
    title: 'You’ll be let in soon',
    body: (title: string): string => `Somebody in ${title} has to let you in. Stay on this page.`,
    leave: 'Leave',
  },

  invited: {
    title: (host: string): string => `${host} invites you to a call`,
    from: (host: string): string => `${host} invites you`,
    inIt: (count: number): string =>
      count === 0
        ? 'Nobody is in it yet.'
        : count === 1
          ? '1 person is in it.'
          : `${count} people are in it.`,
    name: 'Your name',
    namePlaceholder: 'How the others see you',
    as: (name: string): string => `You join as ${name}.`,
    join: 'Join',
    joining: 'Joining…',
    letIn: 'Somebody in the call lets you in.',
    cameraOffHint: 'Your camera is off',
    how: (camera: boolean, muted: boolean): string | null => {
      if (camera) return muted ? 'You join muted.' : null;
      return muted ? 'You join muted and without a picture.' : 'You join with sound only.';
    },
    loading: 'Looking up the call…',
    failed: {
      title: 'The call couldn’t be looked up',
      body: 'The server doesn’t answer. Check your connection and try again.',
    },
    invalid: {
      title: 'This link doesn’t work any more',
      body: 'It may be too old, was taken back, or isn’t whole. Ask whoever sent it for a new one.',
    },
    ended: { title: 'This call is over', body: 'Ask whoever sent the link for a new one.' },
    locked: (host: string): { readonly title: string; readonly body: string } => ({
      title: 'This call is locked',
      body: `Nobody new gets in. Ask ${firstName(host)} to unlock it, then try again.`,
    }),
    full: {
      title: 'This call is full',
      body: 'Only 32 people fit in a call. Try again when somebody has left.',
    },
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

  shortcuts: {
    title: 'In a group call',
    chat: 'Chat',
    people: 'People',
    hand: 'Raise or lower your hand',
    share: 'Share your screen or stop',
    layout: 'Grid or speaker',
    nextPage: 'Next page',
    previousPage: 'Previous page',
    pin: 'Keep the speaker large',
    pageDown: 'Page ↓',
    pageUp: 'Page ↑',
  },
};

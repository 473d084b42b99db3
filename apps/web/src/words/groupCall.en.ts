import type { Reaction } from '../model/groups.ts';
import { people, someNames } from './groups.en.ts';
import { firstName, list } from './names.ts';

/** What the screens of a group call say. */
export const groupCallWords = {
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
  },

  ask: {
    title: (name: string): string => `${name} asks you to unmute`,
    someone: 'The host',
    body: 'Everybody in the call hears you then.',
    unmute: 'Unmute',
    stay: 'Stay muted',
  },

  waitingRoom: {
    region: 'Waiting room',
    title: 'You’ll be let in soon',
    body: (title: string): string => `Somebody in ${title} has to let you in. Stay on this page.`,
    leave: 'Leave',
  },
};

import type { AnsweringFailure, AskingFailure, RecoveryFailure } from '@visavis/client/identity-tasks';
import type { OwnStanding } from '../model/identity.ts';

/** `Laptop`, `Laptop or Phone`. */
const either = (items: readonly string[]): string =>
  new Intl.ListFormat('en-GB', { style: 'long', type: 'disjunction' }).format(items);

interface Told {
  readonly title: string;
  readonly body: string;
}

const standing: Readonly<Record<Exclude<OwnStanding, 'guest'>, Told>> = {
  opening: { title: 'Looking…', body: 'Your keys are being opened.' },
  confirmed: {
    title: 'This device is confirmed',
    body: 'Whoever has compared a safety number with you can tell that it is yours.',
  },
  not_confirmed: {
    title: 'This device is not confirmed yet',
    body: 'You can call from it. The people you talk to see that nobody has vouched for it.',
  },
  replaced: {
    title: 'This device is not confirmed any more',
    body: 'You have started over with a new identity on another device. Confirm this one with it.',
  },
  unreachable: {
    title: 'Not known at the moment',
    body: 'The server didn’t answer. It is asked again as soon as it does.',
  },
  unavailable: {
    title: 'This browser keeps no keys',
    body: 'It gives this page no storage, as in some private windows. Calls are encrypted all the same, but others can’t tell that this device is yours.',
  },
};

const asking: Readonly<Record<AskingFailure, Told>> = {
  refused: {
    title: 'It was refused',
    body: 'Somebody at your other device said that it wasn’t them who asked. If it was you, try again.',
  },
  wrong_code: {
    title: 'The digits didn’t match',
    body: 'Nothing has changed. Try again: there will be new digits. If you typed them right, somebody may be in between.',
  },
  cancelled: { title: 'It was stopped on the other device', body: 'Nothing has changed. You can try again.' },
  offline: {
    title: 'The other device is gone',
    body: 'It lost its connection or was closed. Open Visavis on it and try again.',
  },
  timed_out: { title: 'That took too long', body: 'Nothing has changed. You can try again.' },
  denied: {
    title: 'Then nothing was taken over',
    body: 'An answer came that your other device doesn’t know of. Try again, and if it happens once more, tell whoever runs this server.',
  },
  not_adopted: {
    title: 'That couldn’t be finished',
    body: 'The server didn’t answer, or your identity has changed meanwhile. Try again in a moment.',
  },
  broken: {
    title: 'The two devices didn’t understand each other',
    body: 'Load the page anew on both of them and try again.',
  },
};

const answering: Readonly<Record<AnsweringFailure, Told>> = {
  wrong_code: {
    title: 'These are not the digits',
    body: 'So the device was not confirmed. Start again on it: there will be new digits. If you typed them right, somebody may be in between.',
  },
  unreadable: {
    title: 'That is another code',
    body: 'Scan the one that your new device shows under “Confirm this device”.',
  },
  cannot: { title: 'This device can’t confirm others', body: 'It is not confirmed itself.' },
  offline: {
    title: 'The new device is gone',
    body: 'Open Visavis on it, press “Confirm this device” there, and try again.',
  },
  timed_out: { title: 'That took too long', body: 'Nothing has changed. Start again on the new device.' },
  cancelled: { title: 'It was stopped on the new device', body: 'Nothing has changed.' },
  elsewhere: { title: 'It goes on with another device', body: 'The new device is being confirmed there.' },
  restarted: {
    title: 'The new device has started anew',
    body: 'What it showed before doesn’t count any more.',
  },
  broken: {
    title: 'The two devices didn’t understand each other',
    body: 'Load the page anew on both of them and try again.',
  },
};

const recovery: Readonly<Record<RecoveryFailure, string>> = {
  malformed: 'A recovery code has 36 letters and digits.',
  mistyped: 'Some letter of it is wrong. Compare it with what you kept.',
  none: 'There is no recovery code for your identity, or you have started over since it was made.',
  wrong: 'This is not your newest recovery code. An earlier one stops working when a new one is made.',
  too_many: 'That was often. Wait a minute, then try again. Nothing is lost.',
  unreachable: 'The server didn’t answer. Try again in a moment. Nothing is lost.',
  not_adopted:
    'The code is right, but the server didn’t answer or has another identity of yours by now. Try again.',
};

export const identityWords = {
  title: 'Your identity',
  hint: 'Lets the people you talk to tell which devices are yours.',
  standing,
  confirmed: 'Confirmed',
  notConfirmed: 'Not confirmed',

  confirmThis: 'Confirm this device',
  confirmThisHint: 'With a device of yours that is confirmed.',
  confirmOther: 'Confirm another device',
  confirmOtherHint: 'Open Visavis on it and press “Confirm this device” there.',
  start: 'Start',
  done: 'Done',

  banner: 'Confirm this device so that others can tell that it is yours.',
  bannerAction: 'Confirm',
  bannerDismiss: 'Not now',

  asking: {
    preparing: 'One moment…',
    none: 'None of your other devices is confirmed, so none of them can confirm this one. Use your recovery code, or start over.',
    take: (devices: readonly string[]): string => `Take ${either(devices)}. A question has come up there.`,
    wake: (devices: readonly string[]): string =>
      `Open Visavis on ${either(devices)}: it is confirmed. A question comes up there.`,
    looking: 'Looking for your other devices…',
    steps: [
      'Choose “Scan its code” there and hold this before the camera.',
      'Or choose “Type digits”: they then show up here.',
    ],
    code: 'Code of this device, to be scanned by another one of yours',
    digits: (device: string): string => `Type these digits on ${device}`,
    digitsHint: 'Only there, and only you. Nobody who calls or writes to you ever needs them.',
    digitsSpoken: (digits: string): string => `The digits: ${Array.from(digits).join(' ')}`,
    granted: (device: string): string => `Does ${device} say that the digits are right?`,
    grantedHint: 'Look at it before you answer. This keeps anybody in between from answering in its place.',
    yes: 'Yes, it does',
    no: 'No',
    adopting: 'Confirming…',
    done: 'This device is confirmed',
    doneHint: 'Others can now tell that it is yours, from the next call on.',
    failed: asking,
    other: 'your other device',
  },

  answering: {
    region: 'A device asks',
    asks: (device: string): string => `“${device}” asks to be confirmed as yours.`,
    asksHint: 'Only if you are sitting at it yourself.',
    confirm: 'Confirm it',
    notMe: 'That wasn’t me',
    choose: (device: string): string => `Confirm “${device}”`,
    chooseHint: 'It will be able to speak for you, and to confirm others.',
    scan: 'Scan its code',
    type: 'Type digits',
    typeFor: (device: string): string => `Type digits of “${device}”`,
    openThere: 'On the new device, open the settings and press “Confirm this device”. It then shows a code.',
    connecting: (device: string): string => `Getting the digits ready on “${device}”…`,
    digits: (device: string): string => `Digits on “${device}”`,
    digitsHint: 'Eight of them, as its screen shows them now.',
    check: 'Confirm',
    byCode: (device: string): string => `The digits are right. Say so on “${device}” now.`,
    byCodeHint: 'It asks whether this device says so. It does.',
    byScan: (device: string): string => `Confirming “${device}”…`,
    done: (device: string): string => `“${device}” is confirmed`,
    doneHint: 'Others can now tell that it is yours.',
    failed: answering,
    signOutTitle: (device: string): string => `Sign “${device}” out?`,
    signOutBody:
      'It was not confirmed. Still, somebody is signed in on it as you, and can call and be called in your name. Sign it out unless you know whose it is.',
    keep: 'Leave it signed in',
    unknown: 'A new device',
  },

  recovery: {
    title: 'Recovery code',
    none: 'For the day when none of your devices is left.',
    made: (date: string): string => `Made on ${date}. Made anew, the former one stops working.`,
    loading: 'Looking…',
    unknown: 'The server didn’t say whether there is one.',
    make: 'Make a code',
    makeAgain: 'Make a new one',
    makeNow: 'Make it now',
    makeTitle: 'Make a recovery code',
    makeBody:
      'It is 36 letters and digits. With them, and nothing else, a new device of yours is confirmed when all others are gone. Nobody can tell you the code again, not even whoever runs this server.',
    makeAgainBody: 'The code that you have stops working as soon as the new one is shown.',
    making: 'Making it…',
    failed: 'That didn’t work: the server didn’t keep it. A former code still holds. Try again in a moment.',
    shown: 'Your recovery code',
    shownHint:
      'Write it down or print it, and keep it where you find it and others don’t. It is shown this once.',
    sheet: (service: string, name: string): string => `Recovery code of ${name} for ${service}`,
    copy: 'Copy',
    print: 'Print',
    kept: 'I have kept it',
    try: 'Use recovery code',
    tryHint: 'If you have none of your confirmed devices at hand.',
    tryBody: 'Type the 36 letters and digits that you kept. Small or capital, with or without spaces.',
    field: 'Recovery code',
    count: (letters: number): string => `${letters} of 36`,
    typing: {
      unknown_letter: 'There is a letter in it that no code has. Look again: no U and no signs.',
      too_long: 'That is too long: a code has 36 letters and digits.',
      mistyped: recovery.mistyped,
    },
    check: 'Use this code',
    checking: 'Checking…',
    problem: recovery,
  },

  replace: {
    label: 'None of my devices is left',
    hint: 'And no recovery code either: start over with a new identity.',
    labelConfirmed: 'Start over',
    hintConfirmed: 'If somebody else may have your identity: a lost phone that was confirmed, for instance.',
    action: 'Start over…',
    title: 'Start over with a new identity?',
    body: [
      'Everybody who talks to you is told that your identity has changed, and has to compare safety numbers with you again.',
      'Your other devices have to be confirmed anew.',
      'Your recovery code stops working.',
      'Calls, contacts and groups stay as they are.',
    ],
    next: 'Go on',
    againTitle: 'This can’t be undone',
    againBody: 'From now on only this device is confirmed as yours. Do it?',
    confirm: 'Start over',
    working: 'Making a new identity…',
    failed:
      'That didn’t work. Your identity is what it was, unless you see otherwise in the settings. Try again.',
    done: 'You have a new identity',
    doneBody: 'This device is confirmed. Make a new recovery code, and confirm your other devices.',
  },

  remove: {
    lost: 'I have lost it, or somebody else has it',
    lostHint:
      'It is confirmed, so whoever has it could go on to confirm devices as yours. You will be asked whether to start over.',
    action: 'Sign out',
  },
};

import type { ScanVerdict } from '../model/model.ts';
import { firstName, possessive } from './names.ts';

const theirs = (name: string): string => possessive(firstName(name));

interface Said {
  readonly title: string;
  readonly body: string;
}

/** What a scanned code means. */
function scanned(verdict: ScanVerdict, name: string): Said {
  const first = firstName(name);
  switch (verdict.type) {
    case 'same':
      return {
        title: 'The codes match',
        body: `You and ${first} have each other’s real identity. ${first} is verified on this device.`,
      };
    case 'own':
      return { title: 'This is your own code', body: `Scan the one on ${theirs(name)} screen.` };
    case 'unreadable':
      return {
        title: 'This is not a code of Visavis',
        body: `Ask ${first} to open your name and choose “Compare”, and scan what is shown there.`,
      };
    case 'other_version':
      return {
        title: 'This code is of another version',
        body: 'Both of you need the same version of Visavis. Reload the page on both devices and try again.',
      };
    case 'differs':
      return differs[verdict.whose](first);
  }
}

const differs: Readonly<Record<'mine' | 'theirs' | 'both', (first: string) => Said>> = {
  mine: (first) => ({
    title: `${first} has another identity for you`,
    body: `Yours here is not the one that ${first} was given. If you have a new identity, ${first} has to look again; if not, somebody may sit between you. Don’t mark it as verified.`,
  }),
  theirs: (first) => ({
    title: `You have another identity for ${first}`,
    body: `What this device was given for ${first} is not what ${first} has. Close this and open it again; if that changes nothing, somebody may sit between you. Don’t mark it as verified.`,
  }),
  both: (first) => ({
    title: 'The codes don’t match',
    body: `This code is not for you and ${first}: it belongs to other people, or somebody sits between you. Check that ${first} has opened your name, and scan again.`,
  }),
};

/** What is said while two people compare their identities. */
export const comparisonWords = {
  title: (name: string): string => `Verify ${firstName(name)}`,
  intro: (name: string): string =>
    `Open this on both devices, side by side or in a call. If ${firstName(name)} sees the same numbers, nobody sits between you.`,
  opening: 'Working out the numbers…',
  number: 'The number of you two',
  code: (name: string): string => `Your code, for ${firstName(name)} to scan`,
  scan: (name: string): string => `Scan ${theirs(name)} code`,
  showCode: 'Show my code',
  same: 'They are the same',
  forget: 'Mark as not verified',
  done: 'Done',
  verified: (name: string): string =>
    `Verified on this device. You are told if ${theirs(name)} identity ever changes.`,
  changed: (name: string): string =>
    `${theirs(name)} identity is another one than before. These are the new numbers.`,
  scanned,
  unreachable: {
    title: 'The numbers can’t be had right now',
    body: 'The server doesn’t say which identity this person has, or this browser keeps nothing. Try again in a moment.',
  },
  missing: {
    theirs: (name: string): Said => ({
      title: `${firstName(name)} has no identity yet`,
      body: `As soon as ${firstName(name)} has signed in once, you can compare.`,
    }),
    mine: (): Said => ({
      title: 'This device is not confirmed',
      body: 'It does not have your identity, so there is nothing of yours to compare. Confirm it with another device of yours first.',
    }),
    guest: (): Said => ({
      title: 'Guests have no identity',
      body: 'To compare numbers, sign in. In this call you can compare its code instead.',
    }),
  },
};

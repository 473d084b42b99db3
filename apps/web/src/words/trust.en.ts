import { firstName, possessive } from './names.ts';

const theirs = (name: string): string => possessive(firstName(name));

/** Identities of people: whether they were compared, and whether they are the same as ever. */
export const trustWords = {
  /** The line on the screen of a person. */
  line: {
    unknown: {
      title: 'No identity yet',
      body: (name: string): string =>
        `${firstName(name)} gets one by signing in. Until then nobody can tell whose devices these are.`,
    },
    seen: {
      title: 'Not verified yet',
      body: (name: string): string => `Compare numbers with ${firstName(name)} to be sure who you talk to.`,
    },
    verified: {
      title: 'Verified',
      body: (name: string): string => `You have compared numbers with ${firstName(name)} on this device.`,
    },
    changed: {
      title: 'Identity changed',
      body: (name: string): string =>
        `${firstName(name)} has another identity than before. That is so when somebody has lost all their devices and begun anew, and when somebody pretends to be them. Ask ${firstName(name)} another way, or compare numbers.`,
    },
  },
  verifiedMark: 'Verified',
  changedMark: 'Identity changed',
  compare: 'Compare',
  compareWith: (name: string): string => `Compare with ${firstName(name)}`,
  verify: (name: string): string => `Verify ${firstName(name)}`,
  again: (name: string): string => `Compare with ${firstName(name)} again`,
  accept: 'Accept new identity',
  /** While it rings. */
  rings: {
    incoming: (name: string): string =>
      `${theirs(name)} identity has changed. It may be somebody else who calls.`,
    outgoing: (name: string): string =>
      `${theirs(name)} identity has changed. It may be somebody else who answers.`,
  },
};

import type { BudgetView, CallStatistics, QualityMark } from '../model/model.ts';
import { firstName, possessive } from './names.ts';

/** From where on a figure is worth a word: as for the marks (packages/client/src/quality/marks.ts). */
const LOSS = 0.02;
const ROUND_TRIP_MS = 300;

/** `8 %`, `2.4 %`. */
const share = (value: number): string =>
  `${(value * 100).toFixed(value >= 0.0995 ? 0 : 1).replace('.0', '')} %`;

/** Whose side it is, as the beginning of a sentence. `name` null: nobody is named, or there are several. */
function subject(side: QualityMark['side'], name: string | null): string {
  const theirs = name === null ? 'The other connection' : `${possessive(firstName(name))} connection`;
  switch (side) {
    case 'own':
      return 'Your connection';
    case 'other':
      return theirs;
    case 'both':
      return name === null ? 'Each connection' : `Your connection, like ${possessive(firstName(name))},`;
    case 'server':
      return 'The server';
    case 'between':
      return 'The network between you';
    case null:
      return 'The connection';
  }
}

const WEAK = { good: 'is good', fair: 'is weak', poor: 'is very weak' };
const SLOW = { good: 'is quick', fair: 'is slow', poor: 'is very slow' };

/** `Ana’s connection is weak`. */
function mark({ level, side }: QualityMark, name: string | null): string {
  if (side === 'both')
    return level === 'poor' ? 'Both connections are very weak' : 'Both connections are weak';
  return `${subject(side, name)} ${(side === 'server' ? SLOW : WEAK)[level]}`;
}

/** `Your connection loses 8 % of what you send.` What is worst is said. */
function sentence(found: QualityMark, now: CallStatistics, name: string | null): string {
  const [sent, received, roundTripMs] = [now.sent.loss ?? 0, now.received.loss ?? 0, now.roundTripMs ?? 0];
  const who = subject(found.side, name);
  if (sent >= LOSS && sent >= received) return `${who} loses ${share(sent)} of what you send.`;
  if (received >= LOSS) return `${who} loses ${share(received)} of what you get.`;
  if (roundTripMs >= ROUND_TRIP_MS) return `${who} takes ${Math.round(roundTripMs)} ms there and back.`;
  return `${mark(found, name)}.`;
}

const BUDGET_HINT = 'Sound alone costs about 1 MB a minute.';

function budget({ megabytes, usedBytes, state }: BudgetView): string | null {
  switch (state) {
    case 'pictures':
      return null;
    case 'sound': {
      const left = Math.max(0, megabytes - usedBytes / 1_000_000);
      return `Most of your ${megabytes} MB is used: sound only from here on, for about ${Math.max(1, Math.round(left))} min.`;
    }
    case 'spent':
      return `Your ${megabytes} MB are used up. Sound goes on, and costs about 1 MB a minute.`;
  }
}

export const qualityWords = {
  mark,
  sentence,
  budget,
  hidePictures: 'Hide all pictures',
  showPictures: 'Show pictures again',
  audioOnly: 'Audio only',
  hidden: 'Pictures are hidden',
  show: 'Show',
  hiddenByOther: (name: string): string => `${firstName(name)} has hidden pictures`,
  tooWeak: {
    own: 'Your connection is too weak for your camera. You’re still heard.',
    other: (name: string): string =>
      `${possessive(firstName(name))} connection is too weak for your camera. You’re still heard.`,
    unknown: 'The connection is too weak for your camera. You’re still heard.',
  },
  budgetTitle: 'Most data for one call, in MB',
  budgetHint: `Pictures get smaller so that a call stays within it, and stop near its end. ${BUDGET_HINT}`,
  budgetChoice: (megabytes: number | null): string => (megabytes === null ? 'Any' : String(megabytes)),

  plots: {
    loss: 'Loss',
    roundTrip: 'Round trip',
    bitrate: 'Bit rate',
    frames: 'Frames a second',
    sent: 'You send',
    received: 'You get',
    time: (minutes: number): string => (minutes <= 1 ? 'Last minute' : `Last ${minutes} minutes`),
    now: 'now',
    /** For who cannot see it. */
    described: (
      title: string,
      lines: readonly {
        readonly name: string;
        readonly least: string;
        readonly most: string;
        readonly last: string;
      }[],
    ): string =>
      `${title}. ${lines.map(({ name, least, most, last }) => `${name}: from ${least} to ${most}, now ${last}.`).join(' ')}`,
  },
};

import type { CallView } from '../../model/model.ts';

/** Which call is shown where, by key. One call has the stage; everything else is a bar or a card. */
export interface CallScene {
  /** Fills the window: an outgoing call, the call going on, or the summary of the one that was. */
  readonly stage: string | null;
  /** Rings over everything. */
  readonly ringing: string | null;
  /** Rings quietly: beside a call that goes on, or silently by the person's own wish. */
  readonly banners: readonly string[];
  /** Going on, but neither on the stage nor ringing: on hold. */
  readonly held: readonly string[];
  /** Rang here and is over: a card, no more. */
  readonly cards: readonly string[];
}

export const isLive = (call: CallView): boolean => call.phase.name !== 'ended';
const rings = (call: CallView): boolean => call.phase.name === 'incoming';

/** A call that this device never took part in: it rang and then it didn't. */
function onlyRang(call: CallView): boolean {
  if (call.direction === 'outgoing' || call.phase.name !== 'ended') return false;
  return call.phase.durationMs === null;
}

const keys = (list: readonly CallView[]): string[] => list.map((call) => call.key);

export function sceneOf(calls: readonly CallView[]): CallScene {
  const going = calls.filter((call) => isLive(call) && !rings(call));
  const incoming = calls.filter(rings);
  const over = calls.filter((call) => !isLive(call));

  const active = going.findLast((call) => call.phase.name !== 'held') ?? going.at(-1) ?? null;
  const loud = incoming.find((call) => call.phase.name === 'incoming' && !call.phase.silent) ?? null;
  const ringing = active === null ? loud : null;
  const summary =
    active === null && ringing === null ? (over.findLast((call) => !onlyRang(call)) ?? null) : null;
  const stage = active ?? summary;

  return {
    stage: stage?.key ?? null,
    ringing: ringing?.key ?? null,
    banners: keys(incoming.filter((call) => call !== ringing)),
    held: keys(going.filter((call) => call !== active)),
    cards: keys(over.filter((call) => call !== summary && onlyRang(call))),
  };
}

const sameKeys = (left: readonly string[], right: readonly string[]): boolean =>
  left.length === right.length && left.every((key, index) => key === right[index]);

export function sameScene(left: CallScene, right: CallScene): boolean {
  return (
    left.stage === right.stage &&
    left.ringing === right.ringing &&
    sameKeys(left.banners, right.banners) &&
    sameKeys(left.held, right.held) &&
    sameKeys(left.cards, right.cards)
  );
}

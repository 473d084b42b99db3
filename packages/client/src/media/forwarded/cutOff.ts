/*
 *            something arrives                nothing for 1.5 s
 *   unknown ─────────────────▶ gets through ──────────────────▶ cut off
 *                                   ▲                              │
 *                                   ├────── something arrives ─────┤
 *                                   └── sends nothing any more ────┘
 */

/** What has come of one device so far. */
export interface Watch {
  /** The tracks of which something is to come. */
  readonly expected: readonly string[];
  /** When something came last, or more was begun to be expected (ms); null: nothing has ever come. */
  readonly lastAt: number | null;
}

export interface Look {
  /** Ids of the tracks that it sends and that are wanted here. */
  readonly sent: readonly string[];
  /** Of these, what the media server says it sends no layer of. */
  readonly withheld: readonly string[];
  /** Whether anything of the device has come since the last look. */
  readonly arrived: boolean;
  /** In ms. */
  readonly now: number;
}

/** Longer: a frozen picture that says nothing; shorter: what a busy computer misses is called a lost connection. */
export const CUT_OFF_MS = 1_500;
/** Without sound or a picture for this long the packets are counted: what is not played may have come all the same. */
export const QUIET_MS = 800;

export const UNWATCHED: Watch = { expected: [], lastAt: null };

export const isQuiet = ({ lastAt }: Watch, now: number): boolean =>
  lastAt !== null && now - lastAt >= QUIET_MS;

/** One look at a device. Pure. */
export function stepWatch(watch: Watch, { sent, withheld, arrived, now }: Look): Watch {
  // A layer is withheld because the way to here is too narrow, or a while after nothing has come to be forwarded.
  const isLost = (trackId: string): boolean => isQuiet(watch, now) && watch.expected.includes(trackId);
  const expected = sent.filter((trackId) => !withheld.includes(trackId) || isLost(trackId));
  // What begins to be sent only now has its time to come.
  const isMore = watch.lastAt !== null && expected.some((trackId) => !watch.expected.includes(trackId));
  return { expected, lastAt: arrived || isMore ? now : watch.lastAt };
}

/** GRP11: that it sends, and nothing comes: its network, most likely. Who sends nothing is not waited for. */
export const isCutOff = ({ expected, lastAt }: Watch, now: number): boolean =>
  expected.length > 0 && lastAt !== null && now - lastAt >= CUT_OFF_MS;

/** What comes later than this after the first candidate was not there when gathering began. */
const LATE_MS = 200;
/** ICE generations remembered; only the newest matter. */
const REMEMBERED = 4;

interface Gathering {
  readonly ufrag: string;
  readonly beganAt: number;
  readonly networks: Set<string>;
}

/**
 * Tells from own candidates when the browser has found another network. Chromium looks for networks every two seconds and
 * goes on gathering (its candidates name the network), but asks no relay there: only a restart does.
 */
export function createNewNetworks(): {
  /** Whether this candidate is the first of a network that gathering did not begin with. */
  note(candidate: string, ufrag: string | null, now: number): boolean;
} {
  let gatherings: readonly Gathering[] = [];
  return {
    note(candidate, ufrag, now) {
      const network = / typ host .*network-id (\d+)/.exec(candidate)?.[1];
      if (network === undefined || ufrag === null) return false;
      const known = gatherings.find((gathering) => gathering.ufrag === ufrag);
      if (known === undefined) {
        gatherings = [...gatherings, { ufrag, beganAt: now, networks: new Set([network]) }].slice(
          -REMEMBERED,
        );
        return false;
      }
      if (known.networks.has(network)) return false;
      known.networks.add(network);
      return now - known.beganAt > LATE_MS;
    },
  };
}

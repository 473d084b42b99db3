import {
  createNegotiation,
  createRecovery,
  nextConnectionId,
  nextRecoveryDeadline,
  stepNegotiation,
  stepRecovery,
  type NegotiationAction,
  type NegotiationInput,
  type RecoveryAction,
  type RecoveryInput,
} from '@visavis/call';
import type { Signal } from '@visavis/protocol';
import { type SendingLimits, WHOLE_LIMITS } from '../../quality/index.ts';
import { realTimers } from '../../timers.ts';
import { createArrivals, type Arrivals } from './arrivals.ts';
import { createPeerLink, type ConnectionEvents, type PeerLink } from './connection.ts';
import { withoutOwnAddresses } from './hiding.ts';
import { createIceServers } from './iceServers.ts';
import { watchNetworkChanges } from './networkChanges.ts';
import { createNewNetworks } from './newNetworks.ts';
import { hasMissedDirect, pathOf } from './path.ts';
import { createPeerSupply } from './peerSupply.ts';
import type { DirectMedia, DirectMediaOptions, DirectMediaState } from './types.ts';

/** How often it is looked whether anything arrives. Longer: a camera that went off shows its last picture longer. */
const LOOK_MS = 250;
/** How often the path is asked for while media flows: it changes when ICE finds a better one. */
const PATH_MS = 2_000;
/** One look may meet ICE while it changes from one pair to another. */
const MISSED_LOOKS = 2;

const nothing = (): void => {};

/** The link in use. `waiting`: what is to be done as soon as the browser's connection is there. */
interface Live {
  readonly connectionId: string;
  readonly arrivals: Arrivals;
  relayOnly: boolean;
  /** Looks in a row that found a direct path given up; it is looked for again once. */
  missedDirect: number;
  link: PeerLink | null;
  waiting: ((link: PeerLink) => void)[];
}

/** One direct call's media: carries out what the negotiation and the recovery decide. */
export function createDirectMedia(options: DirectMediaOptions): DirectMedia {
  const timers = options.timers ?? realTimers;
  const iceServers = createIceServers(options.loadIceServers, timers);
  let negotiation = createNegotiation(options.polite);
  let recovery = createRecovery(options.polite);
  let tracks = options.local;
  let limits = WHOLE_LIMITS;
  let bufferMs: number | null = null;
  let isOpen = false;
  let live: Live | null = null;
  let isClosed = false;
  let relayOnlyNext = false;
  let cancelDeadline = nothing;
  let cancelLook = nothing;
  let cancelPath = nothing;
  const newNetworks = createNewNetworks();
  const counters = { sentDescriptions: 0, restarts: 0, connections: 0, refusedTransports: 0 };
  let state: DirectMediaState = {
    flow: recovery.flow,
    gaveUp: false,
    remoteStream: null,
    remoteHasVideo: false,
    remoteHasAudio: false,
    path: null,
    connectionId: null,
  };

  const change = (next: Partial<DirectMediaState>): void => {
    const merged = { ...state, ...next };
    const isSame =
      state.flow === merged.flow &&
      state.gaveUp === merged.gaveUp &&
      state.remoteStream === merged.remoteStream &&
      state.remoteHasVideo === merged.remoteHasVideo &&
      state.remoteHasAudio === merged.remoteHasAudio &&
      state.path === merged.path &&
      state.connectionId === merged.connectionId;
    if (isSame || isClosed) return;
    state = merged;
    options.onChange(state);
  };

  const negotiate = (input: NegotiationInput): void => {
    if (isClosed) return;
    const { state: next, actions } = stepNegotiation(negotiation, input);
    negotiation = next;
    for (const action of actions) carryOut(action);
  };

  const recover = (input: RecoveryInput): void => {
    if (isClosed) return;
    const { state: next, actions } = stepRecovery(recovery, input);
    recovery = next;
    change({ flow: recovery.flow, gaveUp: recovery.gaveUp });
    for (const action of actions) carryOutRecovery(action);
    cancelDeadline();
    const deadline = nextRecoveryDeadline(recovery);
    if (deadline === null || isClosed) return;
    cancelDeadline = timers.after(Math.max(0, deadline - timers.now()), () =>
      recover({ type: 'tick', now: timers.now() }),
    );
  };

  const supply = createPeerSupply(options.seal.media, iceServers, options.policy, () =>
    recover({ type: 'relay_known', hasRelay: iceServers.hasRelay() }),
  );
  const unwatch = (options.watchNetwork ?? watchNetworkChanges)(() =>
    recover({ type: 'network_changed', now: timers.now() }),
  );

  const connect = (relayOnly: boolean): void => {
    relayOnlyNext = relayOnly;
    const above = negotiation.connection?.connectionId ?? null;
    const random = crypto.getRandomValues(new Uint8Array(10));
    negotiate({ type: 'connect', connectionId: nextConnectionId(above, timers.now(), random) });
  };

  const withLink = (work: (link: PeerLink) => void): void => {
    if (live === null) return;
    if (live.link === null) live.waiting.push(work);
    else work(live.link);
  };

  const carryOut = (action: NegotiationAction): void => {
    switch (action.type) {
      case 'open':
        return open(action.connectionId);
      case 'make_offer':
        if (action.kind === 'restart') return restartWithFreshServers();
        return withLink((link) => link.makeOffer(action.kind, null));
      case 'answer_offer':
        recover({ type: 'remote_offered', now: timers.now() });
        return withLink((link) => link.answerOffer(action.sdp, action.proof));
      case 'apply_answer':
        return withLink((link) => link.applyAnswer(action.sdp, action.proof));
      case 'add_candidate':
        return withLink((link) => link.addCandidate(action.candidate));
      case 'send':
        if (action.signal.type !== 'ice_candidate') counters.sentDescriptions += 1;
        return send(action.signal);
      case 'connect_anew':
        return connect(false);
      case 'broken':
        return recover({ type: 'broken', now: timers.now() });
    }
  };

  const send = (signal: Signal): void => {
    const allowed = options.policy.relayOnly ? withoutOwnAddresses(signal) : signal;
    if (allowed !== null) options.sendSignal(allowed);
  };

  const carryOutRecovery = (action: RecoveryAction): void => {
    switch (action.type) {
      case 'restart_ice':
        return negotiate({ type: 'offer_wanted', because: action.because });
      case 'reconnect':
        return connect(action.relayOnly);
      case 'give_up':
        return;
    }
  };

  const restartWithFreshServers = (): void => {
    const restarting = live;
    if (restarting === null) return;
    counters.restarts += 1;
    void supply.restartConfiguration(restarting.relayOnly).then((configuration) => {
      if (live !== restarting) return;
      withLink((link) => link.makeOffer('restart', configuration));
    });
  };

  const open = (connectionId: string): void => {
    live?.link?.close();
    const relayOnly = relayOnlyNext;
    relayOnlyNext = false;
    const opened: Live = {
      connectionId,
      arrivals: createArrivals(),
      relayOnly,
      missedDirect: 0,
      link: null,
      waiting: [],
    };
    live = opened;
    counters.connections += 1;
    change({ connectionId, remoteHasVideo: false, remoteHasAudio: false, path: null });
    // A new connection starts where the old one may have been: what the browser says of it comes anew.
    recover({ type: 'path', state: 'connecting', now: timers.now() });
    supply.take(relayOnly, (peer) => {
      if (live !== opened) return peer.close();
      const link = createLink(peer, opened);
      opened.link = link;
      link.setLimits(limitsNow());
      link.setBuffer(bufferMs);
      for (const work of opened.waiting) work(link);
      opened.waiting = [];
    });
  };

  /** The processor is wanted for the keys. */
  const limitsNow = (): SendingLimits => (isOpen ? limits : { ...limits, camera: null });

  const createLink = (peer: RTCPeerConnection, owner: Live): PeerLink => {
    const { connectionId } = owner;
    const events: ConnectionEvents = {
      handleOfferMade: (sdp, proof) => negotiate({ type: 'offer_made', connectionId, sdp, proof }),
      handleAnswerMade: (sdp, proof) => negotiate({ type: 'answer_made', connectionId, sdp, proof }),
      handleAnswerApplied: () => negotiate({ type: 'answer_applied', connectionId }),
      handleFailed: () => negotiate({ type: 'failed', connectionId }),
      handleRefused: refuse,
      handleCandidate: (candidate, isDescribed) => {
        if (!isDescribed) negotiate({ type: 'local_candidate', candidate: { ...candidate, connectionId } });
        const { candidate: line, usernameFragment } = candidate;
        // While the two are first being connected everything is gathered anyway.
        if (newNetworks.note(line, usernameFragment, timers.now()) && recovery.flow !== 'connecting')
          recover({ type: 'network_changed', now: timers.now() });
      },
      handlePath: (path) => {
        recover({ type: 'path', state: path, now: timers.now() });
        if (path === 'connected') askPath(owner);
      },
      handleRemoteStream: (remoteStream) => {
        change({ remoteStream });
        look(owner);
      },
      handleArrival: () => look(owner),
      handleOtherChannels: () => negotiate({ type: 'offer_wanted', because: 'media_changed' }),
    };
    return createPeerLink(options.seal.media, peer, tracks, events, timers, {
      transports: options.seal.transports,
      polite: options.polite,
    });
  };

  /** NEG6: no other path is looked for: whoever put this one in between would be there, too. */
  const refuse = (): void => {
    counters.refusedTransports += 1;
    change({ flow: 'lost', remoteStream: null, remoteHasAudio: false, remoteHasVideo: false, path: null });
    close();
  };

  const look = (owner: Live): void => {
    if (live !== owner || owner.link === null || isClosed) return;
    cancelLook();
    cancelLook = timers.after(LOOK_MS, () => look(owner));
    // Asking stops this thread until the browser's media threads answer, which is long while a call is set up.
    if (!isOpen && !state.remoteHasAudio && !state.remoteHasVideo) return;
    const { audio, video, fresh } = owner.arrivals.look(owner.link.getLines(), timers.now());
    if (fresh) recover({ type: 'arrived', now: timers.now() });
    change({ remoteHasAudio: audio, remoteHasVideo: video });
  };

  const askPath = (owner: Live): void => {
    cancelPath();
    if (live !== owner || owner.link === null || isClosed) return;
    const { link } = owner;
    cancelPath = timers.after(PATH_MS, () => askPath(owner));
    void link
      .getStats()
      .then((report) => {
        const path = report === null ? null : pathOf(report);
        if (live !== owner || path === null) return;
        link.setRelayed(path === 'relayed');
        change({ path });
        if (report === null || owner.missedDirect >= MISSED_LOOKS) return;
        owner.missedDirect = hasMissedDirect(report) ? owner.missedDirect + 1 : 0;
        if (owner.missedDirect === MISSED_LOOKS) negotiate({ type: 'offer_wanted', because: 'path_lost' });
      })
      .catch(() => {});
  };

  const close = (): void => {
    if (isClosed) return;
    isClosed = true;
    cancelDeadline();
    cancelLook();
    cancelPath();
    unwatch();
    live?.link?.close();
    live = null;
    supply.close();
  };

  return {
    prepare: () => supply.prepare(),
    offer() {
      if (negotiation.connection === null && !isClosed) connect(false);
    },
    accept() {
      negotiate({ type: 'accept' });
      recover({ type: 'started', now: timers.now() });
    },
    handleSignal: (signal) => negotiate({ type: 'signal', signal }),
    setTracks(next) {
      if (next.audio === tracks.audio && next.video === tracks.video) return;
      tracks = next;
      live?.link?.setTracks(next);
    },
    setLimits(next) {
      if (JSON.stringify(next) === JSON.stringify(limits)) return;
      limits = next;
      options.seal.media.repeatSound(next.repeats);
      live?.link?.setLimits(limitsNow());
    },
    setOpen(next) {
      if (next === isOpen) return;
      isOpen = next;
      live?.link?.setLimits(limitsNow());
    },
    setBuffer(next) {
      if (next === bufferMs) return;
      bufferMs = next;
      live?.link?.setBuffer(next);
    },
    restart: () => negotiate({ type: 'offer_wanted', because: 'network_changed' }),
    reconnect() {
      if (isClosed) return;
      recover({ type: 'started', now: timers.now() });
      connect(false);
    },
    getState: () => state,
    getRemoteLevel: () =>
      state.remoteHasAudio && live !== null && live.link !== null
        ? live.arrivals.level(live.link.getLines())
        : 0,
    getStats: () => live?.link?.getStats() ?? Promise.resolve(null),
    getCounters: () => ({
      ...counters,
      refusedSignals: negotiation.counters.refused,
      droppedSignals: negotiation.counters.dropped,
    }),
    close,
  };
}

import type { Candidate, Signal } from '@visavis/protocol';
import {
  createNegotiation,
  nextConnectionId,
  stepNegotiation,
  type Negotiation,
  type NegotiationAction,
  type NegotiationInput,
} from '../src/negotiation/index.ts';

/** A peer connection as far as negotiation goes: it refuses what a browser refuses. */
interface FakePeer {
  readonly name: string;
  local: string | null;
  remote: string | null;
  pendingLocal: string | null;
  ufrag: number;
  readonly candidates: Set<string>;
}

type Job = Extract<NegotiationAction, { type: 'make_offer' | 'answer_offer' | 'apply_answer' }>;

/** One device of the call, with the edge's part done by hand. */
class Device {
  readonly polite: boolean;
  readonly clockSkewMs: number;
  state: Negotiation;
  peer: FakePeer | null = null;
  job: Job | null = null;
  readonly told: { connectionId: string; ufrag: string; candidate: string }[] = [];
  constructor(polite: boolean, clockSkewMs: number) {
    this.polite = polite;
    this.clockSkewMs = clockSkewMs;
    this.state = createNegotiation(polite);
  }
}

export type Side = 'caller' | 'callee';
const other = (side: Side): Side => (side === 'caller' ? 'callee' : 'caller');

/**
 * Two devices and the wire between them: each direction in order, both at any pace. Reloads and lost sessions happen whenever
 * they are called for.
 */
export class World {
  readonly devices: Record<Side, Device>;
  readonly wires: Record<Side, Signal[]> = { caller: [], callee: [] };
  now = 1_000_000;
  serial = 0;
  isAccepted = false;

  constructor(skewMs: number) {
    this.devices = { caller: new Device(false, 0), callee: new Device(true, skewMs) };
  }

  input(side: Side, input: NegotiationInput): void {
    const device = this.devices[side];
    const { state, actions } = stepNegotiation(device.state, input);
    device.state = state;
    for (const action of actions) this.carryOut(side, action);
  }

  connect(side: Side): void {
    const device = this.devices[side];
    const above = device.state.connection?.connectionId ?? null;
    const random = Uint8Array.from({ length: 10 }, (_, index) => (this.serial * 7 + index) % 256);
    this.serial += 1;
    const connectionId = nextConnectionId(above, this.now + device.clockSkewMs, random);
    this.input(side, { type: 'connect', connectionId });
  }

  accept(): void {
    this.isAccepted = true;
    this.input('callee', { type: 'accept' });
  }

  /** The next signal for this side arrives. */
  deliver(to: Side): void {
    if (to === 'callee' && !this.isAccepted) return;
    const signal = this.wires[to].shift();
    if (signal !== undefined) this.input(to, { type: 'signal', signal });
  }

  /** The page is loaded anew and comes back: of what was on its way to it only the last `kept` signals still arrive. */
  reload(side: Side, kept: number): void {
    const device = this.devices[side];
    device.state = createNegotiation(device.polite);
    device.peer = null;
    device.job = null;
    this.loseSignals(side, kept);
    this.connect(side);
  }

  /** The session could not be resumed: signals were lost, the page lives. */
  rejoin(side: Side, kept: number): void {
    this.loseSignals(side, kept);
    this.connect(side);
  }

  gather(side: Side): void {
    const device = this.devices[side];
    const { peer, state } = device;
    if (peer === null || state.connection === null || (peer.local ?? peer.pendingLocal) === null) return;
    this.serial += 1;
    const candidate: Candidate = {
      connectionId: state.connection.connectionId,
      candidate: `candidate:${this.serial}`,
      sdpMid: '0',
      sdpMLineIndex: 0,
      usernameFragment: `${peer.name}-${peer.ufrag}`,
    };
    device.told.push({
      connectionId: candidate.connectionId,
      ufrag: candidate.usernameFragment ?? '',
      candidate: candidate.candidate,
    });
    this.input(side, { type: 'local_candidate', candidate });
  }

  /** The browser is done with what it works on. */
  finish(side: Side): void {
    const device = this.devices[side];
    const { job, peer } = device;
    if (job === null || peer === null) return;
    device.job = null;
    const { connectionId } = job;
    switch (job.type) {
      case 'make_offer': {
        if (peer.pendingLocal !== null) throw new Error('offer made while one is pending');
        if (job.kind === 'restart') peer.ufrag += 1;
        peer.pendingLocal = this.describe(peer, 'offer');
        return this.input(side, { type: 'offer_made', connectionId, sdp: peer.pendingLocal });
      }
      case 'answer_offer': {
        if (peer.pendingLocal !== null) throw new Error('an offer was taken back');
        const restarts =
          peer.remote !== null && ufragLine(peer.remote) !== ufragLine(job.sdp) && peer.local !== null;
        // An answer to a restart has new credentials, too.
        if (restarts) peer.ufrag += 1;
        peer.remote = job.sdp;
        peer.local = this.describe(peer, `answer to ${nameLine(job.sdp)}`);
        return this.input(side, { type: 'answer_made', connectionId, sdp: peer.local });
      }
      case 'apply_answer': {
        if (peer.pendingLocal === null) throw new Error('answer applied without an offer');
        if (!job.sdp.includes(`answer to ${nameLine(peer.pendingLocal)}`)) {
          throw new Error('answer applied to another offer');
        }
        peer.local = peer.pendingLocal;
        peer.pendingLocal = null;
        peer.remote = job.sdp;
        return this.input(side, { type: 'answer_applied', connectionId });
      }
    }
  }

  isQuiet(): boolean {
    const { caller, callee } = this.devices;
    const nothingOnTheWay = this.wires.caller.length === 0 && this.wires.callee.length === 0;
    return nothingOnTheWay && caller.job === null && callee.job === null;
  }

  /** Lets everything that is under way end. */
  settle(): void {
    if (!this.isAccepted) this.accept();
    for (let round = 0; !this.isQuiet(); round += 1) {
      if (round > 1_000) throw new Error('never comes to rest');
      for (const side of ['caller', 'callee'] as const) {
        this.finish(side);
        this.deliver(side);
      }
    }
  }

  private carryOut(side: Side, action: NegotiationAction): void {
    const device = this.devices[side];
    switch (action.type) {
      case 'open':
        this.serial += 1;
        device.job = null;
        device.peer = {
          name: `${side}${this.serial}`,
          local: null,
          remote: null,
          pendingLocal: null,
          ufrag: 0,
          candidates: new Set(),
        };
        return;
      case 'make_offer':
      case 'answer_offer':
      case 'apply_answer':
        if (device.job !== null) throw new Error('two things at once');
        device.job = action;
        return;
      case 'add_candidate':
        device.peer?.candidates.add(action.candidate.candidate);
        return;
      case 'send':
        this.wires[other(side)].push(action.signal);
        return;
      case 'connect_anew':
        return this.connect(side);
      case 'broken':
        throw new Error('broken');
    }
  }

  private loseSignals(to: Side, kept: number): void {
    const wire = this.wires[to];
    wire.splice(0, Math.max(0, wire.length - kept));
  }

  private describe(peer: FakePeer, what: string): string {
    this.serial += 1;
    return `v=0\ns=${what}\ni=${peer.name}.${this.serial}\na=ice-ufrag:${peer.name}-${peer.ufrag}\n`;
  }
}

const nameLine = (sdp: string): string => /^i=(.*)$/m.exec(sdp)?.[1] ?? '';
const ufragLine = (sdp: string): string => /^a=ice-ufrag:(.*)$/m.exec(sdp)?.[1] ?? '';

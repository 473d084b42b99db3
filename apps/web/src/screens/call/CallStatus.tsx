import {
  ArrowLeftRight,
  EyeOff,
  MicOff,
  Pause,
  Server,
  ShieldAlert,
  SignalMedium,
  VideoOff,
  Waypoints,
  WifiOff,
} from 'lucide-react';
import { useCall } from '../../components/store.tsx';
import { RunningDuration } from '../../components/Time.tsx';
import type { CallPhase, CallView, RingProgress } from '../../model/model.ts';
import { callWords } from '../../words/call.ts';
import { qualityWords } from '../../words/quality.ts';
import { words } from '../../words/index.ts';
import { connectedAt } from './phase.ts';
import { SealMark } from './SealMark.tsx';

/** `Ringing on Laptop and Phone`; what rings aloud first, then what rings silently, then what is being woken. */
function ringingWords(progress: readonly RingProgress[], name: string): string {
  const on = (reach: RingProgress['reach']): string[] =>
    progress.filter((device) => device.reach === reach).map((device) => device.name);
  if (on('ringing').length > 0) return callWords.outgoing.ringingOn(on('ringing'));
  if (on('silent').length > 0) return callWords.outgoing.silentOn(on('silent'));
  return on('reached').length > 0 ? callWords.outgoing.reached(name) : callWords.outgoing.ringing;
}

function waitingWords(phase: CallPhase, name: string): string | null {
  switch (phase.name) {
    case 'dialing':
      return callWords.outgoing.dialing;
    case 'reaching':
      return words.outgoing.reaching(name);
    case 'ringing':
      return ringingWords(phase.progress, name);
    case 'connecting':
      return callWords.connecting;
    case 'held':
      return words.call.heldByMe;
    case 'waiting':
    case 'incoming':
    case 'connected':
    case 'reconnecting':
    case 'ended':
      return null;
  }
}

/** How far the call is: words until the two are connected, a running clock from then on. */
export function CallStatus({ callKey }: { readonly callKey: string }) {
  const call = useCall(callKey, (call) => ({
    name: call.person.name,
    phase: call.phase,
    path: call.path,
  }));
  if (call === null) return null;
  const said = waitingWords(call.phase, call.name);
  const since = connectedAt(call.phase);
  return (
    <span className="call-status">
      {said !== null && <span>{said}</span>}
      {said !== null && since !== null && <span aria-hidden="true">·</span>}
      {since !== null && <RunningDuration since={since} />}
      {call.path !== null && call.phase.name === 'connected' && <PathMark path={call.path} />}
      {call.phase.name === 'connected' && <SealMark callKey={callKey} />}
    </span>
  );
}

const PATH_ICONS = { direct: ArrowLeftRight, relayed: Waypoints, forwarded: Server } as const;

function PathMark({ path }: { readonly path: NonNullable<CallView['path']> }) {
  const Icon = PATH_ICONS[path];
  return (
    <>
      <span aria-hidden="true">·</span>
      <span className="path-mark" title={callWords.pathHint[path]}>
        <Icon size={14} aria-hidden="true" />
        {callWords.path[path]}
      </span>
    </>
  );
}

/** What the other side does: muted, camera off, on hold. One line each, nothing when all is as usual. */
export function OtherState({ callKey }: { readonly callKey: string }) {
  const call = useCall(callKey, (call) => ({
    name: call.person.name,
    talks: call.phase.name === 'connected' || call.phase.name === 'reconnecting',
    held: call.remote.held,
    checking: call.remote.checking,
    muted: call.remote.muted,
    cameraOff: call.callType === 'video' && !call.remote.camera,
    paused: call.remote.camera && call.remote.paused,
    // What is said elsewhere in the same words is not said twice.
    mark:
      (call.local.camera && call.local.paused) || (call.remote.camera && call.remote.paused)
        ? null
        : call.quality.mark,
    hidesOther: call.remote.hidesPictures && call.local.camera,
  }));
  if (call === null || !call.talks) return null;
  const { name, held, checking, muted, cameraOff, paused, mark, hidesOther } = call;
  const isUsual = !held && !checking;
  return (
    <div className="other-state">
      {held && (
        <span className="state-pill">
          <Pause size={15} aria-hidden="true" />
          {callWords.heldByOther(name)}
        </span>
      )}
      {!held && checking && (
        <span className="state-pill" role="status">
          <ShieldAlert size={15} aria-hidden="true" />
          {callWords.otherChecking(name)}
        </span>
      )}
      {isUsual && muted && (
        <span className="state-pill">
          <MicOff size={15} aria-hidden="true" />
          {callWords.otherMuted(name)}
        </span>
      )}
      {isUsual && paused && (
        <span className="state-pill">
          <WifiOff size={15} aria-hidden="true" />
          {callWords.otherPaused(name)}
        </span>
      )}
      {isUsual && mark !== null && mark.level !== 'good' && (
        <span className="state-pill" role="status" data-quality={mark.level}>
          <SignalMedium size={15} aria-hidden="true" />
          {qualityWords.mark(mark, name)}
        </span>
      )}
      {isUsual && hidesOther && (
        <span className="state-pill">
          <EyeOff size={15} aria-hidden="true" />
          {qualityWords.hiddenByOther(name)}
        </span>
      )}
      {isUsual && cameraOff && (
        <span className="state-pill">
          <VideoOff size={15} aria-hidden="true" />
          {callWords.otherCameraOff(name)}
        </span>
      )}
    </div>
  );
}

import { lazy, Suspense, useCallback, useRef, useState } from 'react';
import { useActions, useCall } from '../../components/store.tsx';
import type { CallPhase } from '../../model/model.ts';
import { callWords } from '../../words/call.ts';
import { groupCallWords } from '../../words/groupCall.ts';
import { Backdrop } from './Backdrop.tsx';
import { Banners } from './Banners.tsx';
import { CallFace } from './CallFace.tsx';
import { CallSounds, HearButton, useHearing } from './CallSounds.tsx';
import { CaptureNotice } from './CaptureNotice.tsx';
import { Controls } from './controls/Controls.tsx';
import { Details } from './Details.tsx';
import { Floating } from './floating/Floating.tsx';
import { HeldNotice } from './HeldNotice.tsx';
import { LightHint } from './LightHint.tsx';
import { IncomingControls } from './controls/IncomingControls.tsx';
import { MicrophoneHint } from './MicrophoneHint.tsx';
import { OutgoingControls } from './controls/OutgoingControls.tsx';
import { RemotePicture } from './RemotePicture.tsx';
import { SelfView } from './SelfView.tsx';
import { Summary } from './Summary.tsx';
import { TopBar } from './TopBar.tsx';
import { WaitingRoom } from '../group/WaitingRoom.tsx';
import { useControls } from './useControls.ts';
import { useSize } from './useSize.ts';
import { useLeaveFullScreen, useTakeFocus } from './useTakeFocus.ts';
import { isOutgoing, showsGroup, showsPicture } from './phase.ts';

const GroupBody = lazy(() => import('../group/GroupBody.tsx'));
const MoveDialog = lazy(() => import('../moves/MoveDialog.tsx'));
const AddPeopleDialog = lazy(() => import('../groups/AddPeopleDialog.tsx'));

interface StageProps {
  readonly callKey: string;
  /** Calls on hold beside this one. */
  readonly heldKeys: readonly string[];
}

/** One call from dialing or ringing to its summary, in one place, so that things move instead of being replaced. */
export function Stage({ callKey, heldKeys }: StageProps) {
  const actions = useActions();
  const call = useCall(callKey, (call) => ({
    person: call.person,
    phase: call.phase.name,
    outgoing: isOutgoing(call.phase),
    opening: call.direction === 'outgoing' && call.phase.name === 'connecting',
    dialed: call.direction === 'outgoing',
    picture: showsPicture(call),
    ownPicture: call.local.camera && call.local.stream !== null,
    group: showsGroup(call),
  }));
  const [seen, setSeen] = useState(false);
  const [adding, setAdding] = useState(false);
  const [moving, setMoving] = useState(false);
  const closeMoving = useCallback(() => setMoving(false), []);
  const handleSeen = useCallback(() => setSeen(true), []);
  const stage = useRef<HTMLElement>(null);
  const bar = useRef<HTMLDivElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const { size, safe } = useSize(stage);
  const focusIsWithin = useCallback(() => bar.current?.matches(':has(:focus-visible)') ?? false, []);
  const { shown, setMenuOpen, handlers } = useControls(
    (call?.picture ?? false) || (call?.group ?? false),
    focusIsWithin,
  );
  const hearing = useHearing();
  const ended = call?.phase === 'ended';
  const incoming = call?.phase === 'incoming';
  useTakeFocus(stage, call === null ? null : regionOf(call.phase, call.outgoing, call.group));
  useLeaveFullScreen(ended);

  if (call === null) return null;
  const { person, outgoing, picture, group } = call;
  const waiting = call.phase === 'waiting';
  // Oneself gives way when the other can be seen, not before: nothing moves while the two are being connected.
  const fullSelf = outgoing || waiting || call.opening || (call.dialed && picture && !seen);
  const label = regionOf(call.phase, outgoing, group);
  return (
    <section
      ref={stage}
      className="overlay stage"
      aria-label={label}
      tabIndex={-1}
      data-phase={call.phase}
      data-picture={picture || undefined}
      data-own-picture={(fullSelf && call.ownPicture && !group) || undefined}
      data-group={group || undefined}
      data-controls={shown ? 'shown' : 'hidden'}
      {...handlers}
      onKeyDown={(event) => {
        handlers.onKeyDown();
        if (ended && event.key === 'Escape') actions.dismiss(callKey);
      }}
    >
      <Backdrop person={person} />
      {!ended && <CallSounds callKey={callKey} hearing={hearing} />}
      {ended ? (
        <Summary callKey={callKey} />
      ) : group ? (
        <Suspense>
          <GroupBody
            callKey={callKey}
            heldKeys={heldKeys}
            stage={size}
            // Two have seen each other here: what follows has grown from that.
            grew={seen}
            bar={bar}
            hearing={hearing}
            onOpen={setMenuOpen}
          />
        </Suspense>
      ) : (
        <>
          <RemotePicture callKey={callKey} video={video} stage={size} onSeen={handleSeen} />
          {!incoming && (
            <SelfView
              callKey={callKey}
              stage={size}
              safe={safe}
              full={fullSelf}
              banner={heldKeys.length > 0}
            />
          )}
          <div className="scrim scrim-top" aria-hidden="true" />
          <div className="scrim scrim-bottom" aria-hidden="true" />
          {!picture && !waiting && <CallFace callKey={callKey} />}
          {waiting && <WaitingRoom callKey={callKey} />}
          {picture && <TopBar callKey={callKey} />}
          <Banners callKey={callKey} heldKeys={heldKeys} />
          {!incoming && !waiting && <HeldNotice callKey={callKey} />}
          {!outgoing && !incoming && !waiting && <Details callKey={callKey} />}
          {!incoming && !waiting && <Floating callKey={callKey} />}
          <div className="stage-foot" ref={bar}>
            <HearButton callKey={callKey} hearing={hearing} />
            <CaptureNotice callKey={callKey} />
            <LightHint callKey={callKey} />
            <MicrophoneHint callKey={callKey} />
            {(outgoing || waiting) && <OutgoingControls callKey={callKey} />}
            {!outgoing && !incoming && !waiting && (
              <Controls
                callKey={callKey}
                video={video}
                onMenu={setMenuOpen}
                onAdd={() => setAdding(true)}
                onMove={() => setMoving(true)}
              />
            )}
          </div>
          {adding && !outgoing && !incoming && (
            <Suspense>
              <AddPeopleDialog callKey={callKey} onClose={() => setAdding(false)} />
            </Suspense>
          )}
          {moving && !outgoing && !incoming && (
            <Suspense>
              <MoveDialog callKey={callKey} onClose={closeMoving} />
            </Suspense>
          )}
          {incoming && <IncomingControls callKey={callKey} />}
        </>
      )}
    </section>
  );
}

function regionOf(phase: CallPhase['name'], outgoing: boolean, group: boolean): string {
  if (group) return callWords.region;
  if (phase === 'waiting') return groupCallWords.waitingRoom.region;
  if (phase === 'ended') return callWords.summary.region;
  if (phase === 'incoming') return callWords.incoming.region;
  return outgoing ? callWords.outgoing.region : callWords.region;
}

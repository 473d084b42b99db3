import { useCallback, useRef, useState } from 'react';
import { useActions, useCall } from '../../components/store.tsx';
import type { CallPhase } from '../../model/model.ts';
import { words } from '../../words/index.ts';
import { Backdrop } from './Backdrop.tsx';
import { Banners } from './Banners.tsx';
import { CallFace } from './CallFace.tsx';
import { CaptureNotice } from './CaptureNotice.tsx';
import { Controls } from './controls/Controls.tsx';
import { Details } from './Details.tsx';
import { IncomingControls } from './controls/IncomingControls.tsx';
import { OutgoingControls } from './controls/OutgoingControls.tsx';
import { RemotePicture } from './RemotePicture.tsx';
import { RemoteSound } from './RemoteSound.tsx';
import { SelfView } from './SelfView.tsx';
import { Summary } from './Summary.tsx';
import { TopBar } from './TopBar.tsx';
import { useControls } from './useControls.ts';
import { useSize } from './useSize.ts';
import { useLeaveFullScreen, useTakeFocus } from './useTakeFocus.ts';
import { isOutgoing, showsPicture } from './phase.ts';

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
    video: call.callType === 'video',
  }));
  const [seen, setSeen] = useState(false);
  const handleSeen = useCallback(() => setSeen(true), []);
  const stage = useRef<HTMLElement>(null);
  const bar = useRef<HTMLDivElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const { size, safe } = useSize(stage);
  const focusIsWithin = useCallback(() => bar.current?.matches(':has(:focus-visible)') ?? false, []);
  const { shown, setMenuOpen, handlers } = useControls(call?.picture ?? false, focusIsWithin);
  const ended = call?.phase === 'ended';
  const incoming = call?.phase === 'incoming';
  useTakeFocus(stage, call === null ? null : regionOf(call.phase, call.outgoing));
  useLeaveFullScreen(ended);

  if (call === null) return null;
  const { person, outgoing, picture } = call;
  // Oneself gives way when the other can be seen, not before: nothing moves while the two are being connected.
  const fullSelf = outgoing || call.opening || (call.dialed && picture && !seen);
  const label = regionOf(call.phase, outgoing);
  return (
    <section
      ref={stage}
      className="overlay stage"
      aria-label={label}
      tabIndex={-1}
      data-phase={call.phase}
      data-picture={picture || undefined}
      data-own-picture={(fullSelf && call.ownPicture) || undefined}
      data-controls={shown ? 'shown' : 'hidden'}
      {...handlers}
      onKeyDown={(event) => {
        handlers.onKeyDown();
        if (ended && event.key === 'Escape') actions.dismiss(callKey);
      }}
    >
      <Backdrop person={person} />
      {ended ? (
        <Summary callKey={callKey} />
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
          {!picture && <CallFace callKey={callKey} />}
          {picture && <TopBar callKey={callKey} />}
          <Banners callKey={callKey} heldKeys={heldKeys} />
          {!outgoing && !incoming && <Details callKey={callKey} />}
          <div className="stage-foot" ref={bar}>
            <RemoteSound callKey={callKey} />
            <CaptureNotice callKey={callKey} />
            {outgoing && <OutgoingControls callKey={callKey} />}
            {!outgoing && !incoming && <Controls callKey={callKey} video={video} onMenu={setMenuOpen} />}
          </div>
          {incoming && <IncomingControls callKey={callKey} />}
        </>
      )}
    </section>
  );
}

function regionOf(phase: CallPhase['name'], outgoing: boolean): string {
  if (phase === 'ended') return words.summary.region;
  if (phase === 'incoming') return words.incoming.region;
  return outgoing ? words.outgoing.region : words.call.region;
}

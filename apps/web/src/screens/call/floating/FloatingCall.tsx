import { useRef } from 'react';
import { createPortal } from 'react-dom';
import { Avatar } from '../../../components/Avatar.tsx';
import { useCall } from '../../../components/store.tsx';
import { callWords } from '../../../words/call.ts';
import { EndButton } from '../controls/BarButtons.tsx';
import { CameraButton, MuteButton } from '../controls/MediaButtons.tsx';
import { showsPicture } from '../phase.ts';
import { useFirstFrame, useStream } from '../useStream.ts';

interface FloatingCallProps {
  readonly callKey: string;
  readonly into: Window;
}

/** The call in a window of its own above other programs: the other's picture, and what one has to reach from there. */
export default function FloatingCall({ callKey, into }: FloatingCallProps) {
  const call = useCall(callKey, (call) => ({
    person: call.person,
    stream: call.remote.stream,
    picture: showsPicture(call),
  }));
  const video = useRef<HTMLVideoElement>(null);
  useStream(video, call?.stream ?? null);
  const seen = useFirstFrame(video, call?.stream ?? null, call?.picture ?? false);
  if (call === null) return null;
  return createPortal(
    <section
      className="floating"
      aria-label={callWords.region}
      data-picture={(call.picture && seen) || undefined}
    >
      <Avatar person={call.person} size={84} />
      <video ref={video} aria-label={callWords.videoOf(call.person.name)} muted autoPlay playsInline />
      <div className="floating-controls" role="toolbar" aria-label={callWords.controls}>
        <MuteButton callKey={callKey} />
        <CameraButton callKey={callKey} />
        <EndButton callKey={callKey} />
      </div>
    </section>,
    into.document.body,
  );
}

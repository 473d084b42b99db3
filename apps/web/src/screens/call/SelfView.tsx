import { VideoOff } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent, type RefObject } from 'react';
import { Avatar } from '../../components/Avatar.tsx';
import { useCall, useModel } from '../../components/store.tsx';
import { callWords } from '../../words/call.ts';
import { useMe } from '../useMe.ts';
import {
  clampToStage,
  cornerPosition,
  moveCorner,
  selfViewSize,
  snapCorner,
  stageInsets,
  type Corner,
  type Insets,
  type Point,
  type Size,
} from './corners.ts';
import { useFacesAway } from './facesAway.ts';
import { useFirstFrame, usePictureSize, useStream } from './useStream.ts';

interface SelfViewProps {
  readonly callKey: string;
  readonly stage: Size;
  readonly safe: Insets;
  /** Fills the stage while nobody has answered, then shrinks into its corner. */
  readonly full: boolean;
  /** Whether a bar lies across the top of the stage. */
  readonly banner: boolean;
}

interface Drag {
  readonly at: Point;
  readonly grip: Point;
  readonly velocity: Point;
  readonly movedAt: number;
}

export function SelfView({ callKey, ...place }: SelfViewProps) {
  const call = useCall(callKey, (call) => ({
    stream: call.local.stream,
    camera: call.local.camera,
    wanted: call.callType === 'video' || call.local.camera,
    held: call.phase.name === 'held',
  }));
  if (call === null || !call.wanted || place.stage.width === 0) return null;
  if (!call.camera && place.full) return null;
  return <Tile {...call} {...place} />;
}

/** Where no graphics card draws it, one's own picture takes a fifth of a processor (measured): the last one stays while keys are made. */
function useStandstill(video: RefObject<HTMLVideoElement | null>): void {
  const settingUp = useModel((model) => model.settingUp);
  useEffect(() => {
    if (!settingUp) return undefined;
    const element = video.current;
    element?.pause();
    // A refusal leaves the last picture, and sound is not meant here.
    return () => void element?.play().catch(() => {});
  }, [video, settingUp]);
}

interface TileProps extends Omit<SelfViewProps, 'callKey'> {
  readonly stream: MediaStream | null;
  readonly camera: boolean;
  readonly held: boolean;
}

function Tile({ stream, camera, held, stage, safe, full, banner }: TileProps) {
  const me = useMe();
  const video = useRef<HTMLVideoElement>(null);
  const [corner, setCorner] = useState<Corner>('top-right');
  const [drag, setDrag] = useState<Drag | null>(null);
  const facesAway = useFacesAway(stream);
  useStream(video, stream);
  useStandstill(video);
  const seen = useFirstFrame(video, stream, camera);
  const picture = usePictureSize(video);

  const upright = stage.height > stage.width;
  const aspect = picture === null ? (upright ? 3 / 4 : 4 / 3) : picture.width / picture.height;
  const small = selfViewSize(stage, aspect);
  const insets = stageInsets(stage, safe, banner);
  const size = full ? stage : small;
  const rest = full ? { x: 0, y: 0 } : cornerPosition(corner, stage, small, insets);
  const at = drag?.at ?? rest;

  const handleDown = (event: PointerEvent<HTMLDivElement>): void => {
    if (full || event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const grip = { x: event.clientX - rest.x, y: event.clientY - rest.y };
    setDrag({ at: rest, grip, velocity: { x: 0, y: 0 }, movedAt: event.timeStamp });
  };
  const handleMove = (event: PointerEvent<HTMLDivElement>): void => {
    if (drag === null) return;
    const { clientX, clientY, timeStamp } = event;
    const next = clampToStage({ x: clientX - drag.grip.x, y: clientY - drag.grip.y }, stage, small);
    const elapsedMs = Math.max(timeStamp - drag.movedAt, 1);
    const velocity = { x: (next.x - drag.at.x) / elapsedMs, y: (next.y - drag.at.y) / elapsedMs };
    setDrag({ ...drag, at: next, velocity, movedAt: timeStamp });
  };
  const handleUp = (event: PointerEvent<HTMLDivElement>): void => {
    if (drag === null) return;
    // A finger that rested before it let go flicks nothing.
    const rested = event.timeStamp - drag.movedAt > 80;
    setCorner(snapCorner(drag.at, rested ? { x: 0, y: 0 } : drag.velocity, stage, small, insets));
    setDrag(null);
  };
  const handleKeyDown = (event: KeyboardEvent): void => {
    const next = moveCorner(corner, event.key);
    if (next === corner && !event.key.startsWith('Arrow')) return;
    event.preventDefault();
    setCorner(next);
  };

  return (
    <div
      className="self-view"
      role="group"
      aria-label={callWords.selfView}
      tabIndex={full ? -1 : 0}
      data-full={full || undefined}
      data-dragging={drag !== null || undefined}
      style={{
        transform: `translate3d(${at.x}px, ${at.y}px, 0)`,
        width: `${size.width}px`,
        height: `${size.height}px`,
      }}
      onPointerDown={handleDown}
      onPointerMove={handleMove}
      onPointerUp={handleUp}
      onPointerCancel={handleUp}
      onKeyDown={handleKeyDown}
    >
      {!(camera && seen) && !full && me !== null && (
        <div className="self-off">
          <Avatar person={me} size={48} />
          {!camera && <VideoOff size={18} aria-hidden="true" />}
        </div>
      )}
      <video
        ref={video}
        aria-label={callWords.yourVideo}
        data-shown={(camera && seen) || undefined}
        data-mirrored={!facesAway || undefined}
        data-held={held || undefined}
        muted
        autoPlay
        playsInline
      />
    </div>
  );
}

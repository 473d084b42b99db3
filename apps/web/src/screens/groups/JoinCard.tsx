import { LIMITS, type LinkInvitation } from '@visavis/protocol';
import { Mic, MicOff, Video, VideoOff } from 'lucide-react';
import { useEffect, useRef, useState, type FormEvent, type ReactNode } from 'react';
import { Avatar } from '../../components/Avatar.tsx';
import { Logo } from '../../components/Logo.tsx';
import { useActions, useModel } from '../../components/store.tsx';
import type { Me } from '../../model/model.ts';
import { words } from '../../words/index.ts';
import { facesAway } from '../call/facesAway.ts';
import { useFirstFrame, useStream } from '../call/useStream.ts';
import { PreviewMeter } from '../settings/PreviewMeter.tsx';

const say = words.groups.invited;

interface JoinCardProps {
  readonly invitation: LinkInvitation;
  readonly me: Me | null;
  readonly joining: boolean;
}

/** Who invites, how one looks, what one is called, and in. */
export function JoinCard({ invitation, me, joining }: JoinCardProps) {
  const { joinByLink } = useActions();
  const service = useModel((model) => model.service.name);
  const [name, setName] = useState('');
  const [camera, setCamera] = useState(true);
  const [muted, setMuted] = useState(false);
  const { title, hostName, people } = invitation;
  const named = me !== null || name.trim() !== '';
  const handleSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (named && !joining) joinByLink(me === null ? name.trim() : null, camera ? 'video' : 'audio', muted);
  };
  return (
    <main className="invited">
      <div className="invited-brand">
        <Logo size={30} />
        {service}
      </div>
      <form className="invited-card" onSubmit={handleSubmit}>
        <OwnPicture camera={camera} onCamera={setCamera} muted={muted} onMuted={setMuted} me={me} />
        <div className="invited-side">
          <h1>{title ?? say.title(hostName)}</h1>
          <p>
            {title !== null && `${say.from(hostName)}. `}
            {say.inIt(people)}
          </p>
          {me === null ? (
            <label className="field">
              {say.name}
              <input
                type="text"
                value={name}
                required
                maxLength={LIMITS.deviceNameLength}
                placeholder={say.namePlaceholder}
                autoComplete="name"
                onChange={(event) => setName(event.target.value)}
              />
            </label>
          ) : (
            <p className="invited-as">
              <Avatar person={me.user} size={36} />
              {say.as(me.user.name)}
            </p>
          )}
          <button
            type="submit"
            className="button invited-join"
            data-look="primary"
            disabled={!named || joining}
            aria-label={say.join}
          >
            {joining ? say.joining : say.join}
          </button>
          <p className="invited-note" role="status">
            {[say.how(camera, muted), say.letIn].filter((line) => line !== null).join(' ')}
          </p>
        </div>
      </form>
    </main>
  );
}

interface OwnPictureProps {
  readonly camera: boolean;
  readonly onCamera: (on: boolean) => void;
  readonly muted: boolean;
  readonly onMuted: (muted: boolean) => void;
  readonly me: Me | null;
}

/** What the others will see: camera and microphone are tried here, and sent to nobody yet. */
function OwnPicture({ camera, onCamera, muted, onMuted, me }: OwnPictureProps) {
  const { openPreview, closePreview } = useActions();
  const preview = useModel(({ preview }) => ({
    stream: preview?.stream ?? null,
    problem: preview?.problem ?? null,
  }));
  const video = useRef<HTMLVideoElement>(null);
  // The camera's light is off whenever the camera is said to be.
  useEffect(() => {
    if (!camera) return undefined;
    openPreview();
    return closePreview;
  }, [camera, openPreview, closePreview]);
  const stream = camera ? preview.stream : null;
  useStream(video, stream);
  const seen = useFirstFrame(video, stream, camera);
  return (
    <div className="invited-picture">
      <video
        ref={video}
        aria-label={words.call.yourVideo}
        data-shown={(camera && seen) || undefined}
        data-mirrored={!facesAway(stream) || undefined}
        muted
        autoPlay
        playsInline
      />
      {!(camera && seen) && (
        <div className="invited-words" role="status">
          {me !== null && <Avatar person={me.user} size={84} />}
          {preview.problem !== null && camera ? (
            <>
              <strong>{words.capture[preview.problem].title}</strong>
              <span>{words.capture[preview.problem].body}</span>
            </>
          ) : (
            <span>{camera ? words.settings.previewOpening : say.cameraOffHint}</span>
          )}
        </div>
      )}
      <div className="invited-controls">
        {camera && !muted && <PreviewMeter />}
        <Toggle
          label={muted ? words.call.unmute : words.call.mute}
          off={muted}
          onClick={() => onMuted(!muted)}
        >
          {muted ? <MicOff size={22} /> : <Mic size={22} />}
        </Toggle>
        <Toggle
          label={camera ? words.call.cameraOff : words.call.cameraOn}
          off={!camera}
          onClick={() => onCamera(!camera)}
        >
          {camera ? <Video size={23} /> : <VideoOff size={23} />}
        </Toggle>
      </div>
    </div>
  );
}

interface ToggleProps {
  readonly label: string;
  readonly off: boolean;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

/** As in the call: its name says what it does next. */
function Toggle({ label, off, onClick, children }: ToggleProps) {
  return (
    <button
      type="button"
      className="control"
      aria-label={label}
      data-tip={label}
      data-off={off || undefined}
      onClick={onClick}
    >
      {children}
    </button>
  );
}

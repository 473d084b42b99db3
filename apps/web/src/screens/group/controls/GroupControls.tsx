import { ChevronUp, Phone, Play } from 'lucide-react';
import { Menu } from '../../../components/Menu.tsx';
import { useActions, useCall } from '../../../components/store.tsx';
import { words } from '../../../words/index.ts';
import { CameraChoice, MicrophoneChoice, SpeakerChoice } from '../../call/controls/DeviceChoices.tsx';
import { CameraButton, MuteButton } from '../../call/controls/MediaButtons.tsx';
import { isOutgoing } from '../../call/phase.ts';
import type { Panel } from '../panel.ts';
import { HandButton, LayoutButton, PanelButtons, ReactButton, ShareButton } from './GroupButtons.tsx';
import { GroupMore } from './GroupMore.tsx';

const say = words.call;

/** How much of the bar fits: everything, what is used most, or what a phone has room for. */
export type Room = 'wide' | 'middle' | 'narrow';

const WIDE_PX = 880;
const MIDDLE_PX = 560;
export function roomFor(width: number): Room {
  if (width >= WIDE_PX) return 'wide';
  return width >= MIDDLE_PX ? 'middle' : 'narrow';
}

interface GroupControlsProps {
  readonly callKey: string;
  readonly room: Room;
  readonly panel: Panel | null;
  readonly onPanel: (panel: Panel | null) => void;
  readonly onAdd: () => void;
  readonly onMenu: (open: boolean) => void;
  /** Brings the own picture into the grid; null where it is there already. */
  readonly onUnfloat: (() => void) | null;
}

/** The bar of a group call. */
export function GroupControls({
  callKey,
  room,
  panel,
  onPanel,
  onAdd,
  onMenu,
  onUnfloat,
}: GroupControlsProps) {
  const { resume } = useActions();
  const held = useCall(callKey, (call) => call.phase.name === 'held') ?? false;
  const chevrons = room === 'wide';
  return (
    <div className="controls group-controls" role="toolbar" aria-label={say.controls} data-room={room}>
      {held ? (
        <button type="button" className="control control-wide" onClick={() => resume(callKey)}>
          <Play size={22} fill="currentColor" aria-hidden="true" />
          {say.resume}
        </button>
      ) : (
        <>
          <span className="control-pair">
            <MuteButton callKey={callKey} />
            {chevrons && (
              <Menu
                label={say.chooseSound}
                trigger={<ChevronUp size={18} aria-hidden="true" />}
                triggerClassName="control-chevron"
                onOpenChange={onMenu}
              >
                <MicrophoneChoice />
                <SpeakerChoice />
              </Menu>
            )}
          </span>
          <span className="control-pair">
            <CameraButton callKey={callKey} />
            {chevrons && (
              <Menu
                label={say.chooseCamera}
                trigger={<ChevronUp size={18} aria-hidden="true" />}
                triggerClassName="control-chevron"
                onOpenChange={onMenu}
              >
                <CameraChoice />
              </Menu>
            )}
          </span>
          {room !== 'narrow' && <ShareButton callKey={callKey} />}
          {room === 'wide' && (
            <>
              <ReactButton callKey={callKey} onMenu={onMenu} />
              <HandButton callKey={callKey} />
            </>
          )}
          <PanelButtons callKey={callKey} narrow={room === 'narrow'} panel={panel} onPanel={onPanel} />
          {room === 'wide' && <LayoutButton callKey={callKey} />}
        </>
      )}
      <GroupMore
        callKey={callKey}
        room={room}
        onAdd={onAdd}
        onPanel={onPanel}
        onMenu={onMenu}
        onUnfloat={onUnfloat}
      />
      <LeaveButton callKey={callKey} />
    </div>
  );
}

function LeaveButton({ callKey }: { readonly callKey: string }) {
  const { cancel, end } = useActions();
  const waits = useCall(callKey, (call) => isOutgoing(call.phase)) ?? false;
  return (
    <button
      type="button"
      className="control control-end"
      aria-label={say.end}
      data-tip={say.end}
      onClick={() => (waits ? cancel(callKey) : end(callKey))}
    >
      <Phone size={26} fill="currentColor" strokeWidth={0} className="hang-up" />
    </button>
  );
}

import { useCall } from '../../../components/store.tsx';
import { callWords as say } from '../../../words/call.ts';
import { EndButton, MediaPairs, ResumeButton } from '../../call/controls/BarButtons.tsx';
import type { Panel } from '../panel.ts';
import { HandButton, LayoutButton, PanelButtons, ReactButton, ShareButton } from './GroupButtons.tsx';
import { GroupMore } from './GroupMore.tsx';

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
  readonly onMove: () => void;
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
  onMove,
  onMenu,
  onUnfloat,
}: GroupControlsProps) {
  const held = useCall(callKey, (call) => call.phase.name === 'held') ?? false;
  return (
    <div className="controls group-controls" role="toolbar" aria-label={say.controls} data-room={room}>
      {held ? (
        <ResumeButton callKey={callKey} />
      ) : (
        <>
          <MediaPairs callKey={callKey} choices={room === 'wide'} onMenu={onMenu} />
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
        onMove={onMove}
        onPanel={onPanel}
        onMenu={onMenu}
        onUnfloat={onUnfloat}
      />
      <EndButton callKey={callKey} />
    </div>
  );
}

import { UserPlus } from 'lucide-react';
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState, type RefObject } from 'react';
import { Button } from '../../components/Button.tsx';
import { useCall } from '../../components/store.tsx';
import { groupCallWords } from '../../words/groupCall.ts';
import { Banners } from '../call/Banners.tsx';
import { MoveBanner } from '../moves/MoveBanner.tsx';
import { HearButton, type Hearing } from '../call/CallSounds.tsx';
import { CaptureNotice } from '../call/CaptureNotice.tsx';
import { LightHint } from '../call/LightHint.tsx';
import { MicrophoneHint } from '../call/MicrophoneHint.tsx';
import type { Insets, Size } from '../call/corners.ts';
import { Details } from '../call/Details.tsx';
import { SelfView } from '../call/SelfView.tsx';
import { HeldNotice } from '../call/HeldNotice.tsx';
import { useSize } from '../call/useSize.ts';
import type { Command } from '../commands.ts';
import { useCommand } from '../ui.ts';
import { arrange, pageWith, SELF } from './arrangement.ts';
import { castOf, sameCast, selfIsTile } from './cast.ts';
import { GroupControls, roomFor } from './controls/GroupControls.tsx';
import { GroupTop } from './GroupTop.tsx';
import { AskedToUnmute, SharingBanner, SpeakerHint } from './Hints.tsx';
import { Pages } from './Pages.tsx';
import type { Panel } from './panel.ts';
import { ChatPanel } from './panels/ChatPanel.tsx';
import { PeoplePanel } from './panels/PeoplePanel.tsx';
import { Reactions } from './Reactions.tsx';
import { ScreenTile } from './ScreenTile.tsx';
import { SelfTile } from './SelfTile.tsx';
import { shownTiles } from './shown.ts';
import { Tile } from './Tile.tsx';
import { useFollowScreens } from './useFollowScreens.ts';
import { usePageVisible, useReportShown } from './useReportShown.ts';
import { useSwipe } from './useSwipe.ts';
import { useGroup } from './useTile.ts';

const MoveDialog = lazy(() => import('../moves/MoveDialog.tsx'));
const AddPeopleDialog = lazy(() => import('../groups/AddPeopleDialog.tsx'));

/** Below this a panel covers the people instead of standing beside them. */
const BESIDE_PX = 760;
/** Of the panel beside them; the style says the same. */
const PANEL_PX = 372;
/** The area of the people keeps clear of the device's edges by itself. */
const NO_INSETS: Insets = { top: 0, right: 0, bottom: 0, left: 0 };

interface GroupBodyProps {
  readonly callKey: string;
  readonly heldKeys: readonly string[];
  readonly stage: Size;
  /** It was a call between two on this very screen: the other's picture moves into its tile. */
  readonly grew: boolean;
  readonly bar: RefObject<HTMLDivElement | null>;
  readonly hearing: Hearing;
  /** While something is open the controls stay. */
  readonly onOpen: (open: boolean) => void;
}

/** A call of several: the people, what they share, and what one does about it. */
export default function GroupBody({ callKey, heldKeys, stage, grew, bar, hearing, onOpen }: GroupBodyProps) {
  const area = useRef<HTMLDivElement>(null);
  const { size } = useSize(area);
  const [page, setPage] = useState(0);
  const [panel, setPanel] = useState<Panel | null>(null);
  const [menuOpen, setMenuOpen] = useState(false);
  const [adding, setAdding] = useState(false);
  const [moving, setMoving] = useState(false);
  const [self, setSelf] = useState<'tile' | 'floating' | null>(null);

  const cast = useGroup(callKey, (group) => castOf(group, selfIsTile(group.tiles.length, self)), sameCast);
  const held = useCall(callKey, (call) => call.phase.name === 'held') ?? false;
  const visible = usePageVisible();
  const covers = panel !== null && stage.width < BESIDE_PX;
  const arrangement = useMemo(() => (cast === null ? null : arrange(cast, size, page)), [cast, size, page]);
  const shown = useMemo(
    () =>
      cast === null || arrangement === null ? [] : shownTiles(cast, arrangement, visible && !held && !covers),
    [cast, arrangement, visible, held, covers],
  );
  useReportShown(callKey, shown);
  useFollowScreens(callKey, cast);

  useEffect(
    () => onOpen(menuOpen || panel !== null || adding || moving),
    [onOpen, menuOpen, panel, adding, moving],
  );
  const pages = arrangement?.pages ?? 1;
  const here = arrangement?.page ?? 0;
  const turn = useCallback(
    (by: number) => setPage(Math.min(Math.max(here + by, 0), pages - 1)),
    [here, pages],
  );
  const swipe = useSwipe(turn);
  useCommand(
    useCallback(
      (command: Command) => {
        if (command === 'next_page') turn(1);
        else if (command === 'previous_page') turn(-1);
        else setPanel((open) => (open === command ? null : command));
      },
      [turn],
    ),
  );
  const close = useCallback(() => setPanel(null), []);
  const add = useCallback(() => setAdding(true), []);
  const closeMoving = useCallback(() => setMoving(false), []);

  if (cast === null || arrangement === null) return null;
  const floats = !cast.selfIsTile;
  const alone = cast.tiles.length === 0;
  const elsewhere = cast.speakerId === null ? null : pageWith(cast, size, arrangement, cast.speakerId);
  const from = grew ? { x: 0, y: 0, ...size } : null;
  const narrow = stage.width < BESIDE_PX;
  const room = roomFor(stage.width - (panel !== null && !narrow ? PANEL_PX : 0));
  return (
    <div className="group" data-panel={panel ?? undefined} data-held={held || undefined}>
      <div className="group-area" ref={area} {...swipe}>
        <ul className="tiles" aria-label={groupCallWords.panel.people}>
          {arrangement.placed
            .toSorted((left, right) => (left.id < right.id ? -1 : 1))
            .map((placed) =>
              placed.kind === 'screen' ? (
                <ScreenTile key={placed.id} callKey={callKey} placed={placed} />
              ) : placed.kind === 'self' ? (
                <SelfTile
                  key={SELF}
                  callKey={callKey}
                  box={placed.box}
                  onFloat={alone ? null : () => setSelf('floating')}
                />
              ) : (
                <Tile
                  key={placed.id}
                  callKey={callKey}
                  placed={placed}
                  from={placed.id === cast.tiles[0]?.id ? from : null}
                  onMenu={setMenuOpen}
                />
              ),
            )}
        </ul>
        {floats && (
          <SelfView
            callKey={callKey}
            stage={size}
            safe={NO_INSETS}
            full={false}
            banner={heldKeys.length > 0}
          />
        )}
        <Reactions callKey={callKey} arrangement={arrangement} stage={size} />
        {alone && (
          <div className="group-alone">
            <p>
              <strong>{groupCallWords.stage.alone}</strong>
              {groupCallWords.stage.aloneHint}
            </p>
            <Button look="primary" icon={<UserPlus size={18} aria-hidden="true" />} onClick={add}>
              {groupCallWords.add.open}
            </Button>
          </div>
        )}
      </div>
      <div className="scrim scrim-top" aria-hidden="true" />
      <div className="scrim scrim-bottom" aria-hidden="true" />
      <GroupTop callKey={callKey} panel={panel} onPanel={setPanel} />
      <div className="group-banners">
        <HeldNotice callKey={callKey} />
        <SharingBanner callKey={callKey} />
        <MoveBanner callKey={callKey} />
        <Banners callKey={callKey} heldKeys={heldKeys} />
      </div>
      <Details callKey={callKey} />
      <div className="stage-foot" ref={bar}>
        <HearButton callKey={callKey} hearing={hearing} />
        <CaptureNotice callKey={callKey} />
        <LightHint callKey={callKey} />
        <MicrophoneHint callKey={callKey} />
        {elsewhere !== null && cast.speakerId !== null && (
          <SpeakerHint callKey={callKey} userId={cast.speakerId} onShow={() => setPage(elsewhere)} />
        )}
        <Pages page={here} pages={pages} onPage={setPage} />
        <GroupControls
          callKey={callKey}
          room={room}
          panel={panel}
          onPanel={setPanel}
          onAdd={add}
          onMove={() => setMoving(true)}
          onMenu={setMenuOpen}
          onUnfloat={floats && cast.tiles.length > 0 ? () => setSelf('tile') : null}
        />
      </div>
      {panel === 'people' && <PeoplePanel callKey={callKey} onClose={close} onAdd={add} />}
      {panel === 'chat' && <ChatPanel callKey={callKey} onClose={close} />}
      {adding && (
        <Suspense>
          <AddPeopleDialog callKey={callKey} onClose={() => setAdding(false)} />
        </Suspense>
      )}
      {moving && (
        <Suspense>
          <MoveDialog callKey={callKey} onClose={closeMoving} />
        </Suspense>
      )}
      <AskedToUnmute callKey={callKey} />
    </div>
  );
}

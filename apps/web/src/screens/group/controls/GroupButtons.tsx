import {
  GalleryThumbnails,
  Hand,
  LayoutGrid,
  MessageSquare,
  MonitorUp,
  MonitorX,
  SmilePlus,
  Users,
} from 'lucide-react';
import { ControlButton } from '../../../components/ControlButton.tsx';
import { Menu, MenuRow } from '../../../components/Menu.tsx';
import { useActions } from '../../../components/store.tsx';
import { groupCallWords } from '../../../words/groupCall.ts';
import { takenPlaces } from '../names.ts';
import type { Panel } from '../panel.ts';
import { isReaction, REACTIONS } from '../reactionPictures.tsx';
import { useGroup } from '../useTile.ts';

const say = groupCallWords.bar;

interface OfCall {
  readonly callKey: string;
}

export function ShareButton({ callKey }: OfCall) {
  const { shareScreen, stopSharing } = useActions();
  const sharing = useGroup(callKey, (group) => group.sharing);
  if (sharing === null || sharing === 'unsupported') return null;
  const on = sharing !== 'off';
  const label = on ? say.stopSharing : say.share;
  return (
    <ControlButton
      label={label}
      shortcut="S"
      on={on}
      onClick={() => (on ? stopSharing(callKey) : shareScreen(callKey))}
    >
      {on ? <MonitorX size={24} /> : <MonitorUp size={24} />}
    </ControlButton>
  );
}

export function HandButton({ callKey }: OfCall) {
  const { setHand } = useActions();
  const raised = useGroup(callKey, (group) => group.hand) ?? false;
  const label = raised ? say.lower : say.raise;
  return (
    <ControlButton label={label} shortcut="R" on={raised} onClick={() => setHand(callKey, !raised)}>
      <Hand size={24} />
    </ControlButton>
  );
}

export function ReactButton({ callKey, onMenu }: OfCall & { readonly onMenu: (open: boolean) => void }) {
  const { react } = useActions();
  return (
    <Menu
      label={say.react}
      trigger={<SmilePlus size={24} aria-hidden="true" />}
      triggerClassName="control"
      onOpenChange={onMenu}
    >
      <MenuRow
        label={say.react}
        options={REACTIONS}
        onChoose={(id) => {
          if (isReaction(id)) react(callKey, id);
        }}
      />
    </Menu>
  );
}

export function LayoutButton({ callKey }: OfCall) {
  const { setLayout, pin } = useActions();
  const spotlight =
    useGroup(callKey, ({ layout, pinnedId }) => layout === 'spotlight' || pinnedId !== null) ?? false;
  const label = spotlight ? say.grid : say.speaker;
  return (
    <ControlButton
      label={label}
      shortcut="L"
      onClick={() => {
        if (spotlight) pin(callKey, null);
        setLayout(callKey, spotlight ? 'grid' : 'spotlight');
      }}
    >
      {spotlight ? <LayoutGrid size={23} /> : <GalleryThumbnails size={24} />}
    </ControlButton>
  );
}

interface PanelButtonsProps extends OfCall {
  readonly narrow: boolean;
  readonly panel: Panel | null;
  readonly onPanel: (panel: Panel | null) => void;
}

/** How many are here, and what they write. */
export function PanelButtons({ callKey, narrow, panel, onPanel }: PanelButtonsProps) {
  const group = useGroup(callKey, ({ people, unreadChat }) => ({
    here: takenPlaces(people),
    waits: people.some(({ status }) => status === 'waiting'),
    unreadChat,
  }));
  if (group === null) return null;
  const { here, waits, unreadChat } = group;
  const toggle = (wanted: Panel): void => onPanel(panel === wanted ? null : wanted);
  return (
    <>
      {!narrow && (
        <ControlButton
          label={say.people}
          shortcut="P"
          description={say.count(here)}
          expanded={panel === 'people'}
          on={panel === 'people'}
          onClick={() => toggle('people')}
        >
          <Users size={23} />
          <span className="control-count" data-waits={waits || undefined} aria-hidden="true">
            {here}
          </span>
        </ControlButton>
      )}
      <ControlButton
        label={say.chat}
        shortcut="C"
        description={unreadChat > 0 ? say.unread(unreadChat) : undefined}
        expanded={panel === 'chat'}
        on={panel === 'chat'}
        onClick={() => toggle('chat')}
      >
        <MessageSquare size={23} />
        {unreadChat > 0 && (
          <span className="control-badge" aria-hidden="true">
            {unreadChat > 9 ? '9+' : unreadChat}
          </span>
        )}
      </ControlButton>
    </>
  );
}

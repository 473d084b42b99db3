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
import { Menu, MenuRow } from '../../../components/Menu.tsx';
import { useActions } from '../../../components/store.tsx';
import { words } from '../../../words/index.ts';
import { takenPlaces } from '../names.ts';
import type { Panel } from '../panel.ts';
import { isReaction, REACTIONS } from '../reactionPictures.tsx';
import { useGroup } from '../useTile.ts';

const say = words.groups.bar;

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
    <button
      type="button"
      className="control"
      aria-label={label}
      aria-keyshortcuts="S"
      data-tip={`${label} (S)`}
      data-on={on || undefined}
      onClick={() => (on ? stopSharing(callKey) : shareScreen(callKey))}
    >
      {on ? <MonitorX size={24} /> : <MonitorUp size={24} />}
    </button>
  );
}

export function HandButton({ callKey }: OfCall) {
  const { setHand } = useActions();
  const raised = useGroup(callKey, (group) => group.hand) ?? false;
  const label = raised ? say.lower : say.raise;
  return (
    <button
      type="button"
      className="control"
      aria-label={label}
      aria-keyshortcuts="R"
      data-tip={`${label} (R)`}
      data-on={raised || undefined}
      onClick={() => setHand(callKey, !raised)}
    >
      <Hand size={24} />
    </button>
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
    <button
      type="button"
      className="control"
      aria-label={label}
      aria-keyshortcuts="L"
      data-tip={`${label} (L)`}
      onClick={() => {
        if (spotlight) pin(callKey, null);
        setLayout(callKey, spotlight ? 'grid' : 'spotlight');
      }}
    >
      {spotlight ? <LayoutGrid size={23} /> : <GalleryThumbnails size={24} />}
    </button>
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
        <button
          type="button"
          className="control"
          aria-label={say.people}
          aria-description={say.count(here)}
          aria-expanded={panel === 'people'}
          aria-keyshortcuts="P"
          data-tip={`${say.people} (P)`}
          data-on={panel === 'people' || undefined}
          onClick={() => toggle('people')}
        >
          <Users size={23} />
          <span className="control-count" data-waits={waits || undefined} aria-hidden="true">
            {here}
          </span>
        </button>
      )}
      <button
        type="button"
        className="control"
        aria-label={say.chat}
        aria-description={unreadChat > 0 ? say.unread(unreadChat) : undefined}
        aria-expanded={panel === 'chat'}
        aria-keyshortcuts="C"
        data-tip={`${say.chat} (C)`}
        data-on={panel === 'chat' || undefined}
        onClick={() => toggle('chat')}
      >
        <MessageSquare size={23} />
        {unreadChat > 0 && (
          <span className="control-badge" aria-hidden="true">
            {unreadChat > 9 ? '9+' : unreadChat}
          </span>
        )}
      </button>
    </>
  );
}

import { X } from 'lucide-react';
import { useRef, type ReactNode, type RefObject } from 'react';
import { IconButton } from '../../../components/Button.tsx';
import { words } from '../../../words/index.ts';
import { useTakeFocus } from '../../call/useTakeFocus.ts';

interface PanelFrameProps {
  readonly label: string;
  readonly title: string;
  readonly onClose: () => void;
  /** What takes the focus; else the panel itself. */
  readonly focus?: RefObject<HTMLElement | null>;
  readonly children: ReactNode;
}

/** Beside the stage on a wide window, over it on a phone. */
export function PanelFrame({ label, title, onClose, focus, children }: PanelFrameProps) {
  const section = useRef<HTMLElement>(null);
  useTakeFocus(focus ?? section, label);
  return (
    <section
      ref={section}
      className="panel"
      aria-label={label}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        event.stopPropagation();
        onClose();
      }}
    >
      <header className="panel-head">
        <h3>{title}</h3>
        <IconButton label={words.common.close} tip={null} onClick={onClose}>
          <X size={20} />
        </IconButton>
      </header>
      {children}
    </section>
  );
}

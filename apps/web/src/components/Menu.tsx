import { Check } from 'lucide-react';
import {
  createContext,
  useContext,
  useEffect,
  useId,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactNode,
} from 'react';

const MenuContext = createContext<{ readonly close: () => void }>({ close: () => {} });

interface MenuProps {
  readonly label: string;
  readonly trigger: ReactNode;
  readonly triggerClassName?: string;
  readonly tip?: string;
  readonly children: ReactNode;
  readonly onOpenChange?: ((open: boolean) => void) | undefined;
}

const ITEMS =
  '[role="menuitem"]:not([disabled]), [role="menuitemradio"]:not([disabled]), input[type="range"]:not([disabled])';
const GAP_PX = 10;

/**
 * A menu button after the ARIA pattern, on the browser's popover: it lies above everything, also in full screen, and a
 * press outside or Escape closes it.
 */
export function Menu({ label, trigger, triggerClassName = '', tip, children, onOpenChange }: MenuProps) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const popup = useRef<HTMLDivElement>(null);
  const id = useId();

  const items = (): HTMLElement[] => [...(popup.current?.querySelectorAll<HTMLElement>(ITEMS) ?? [])];
  const close = (): void => popup.current?.hidePopover();

  useEffect(() => {
    const element = popup.current;
    if (element === null) return undefined;
    const handleToggle = (event: ToggleEvent): void => {
      const opens = event.newState === 'open';
      setOpen(opens);
      onOpenChange?.(opens);
      if (opens) {
        place(element, button.current);
        const all = [...element.querySelectorAll<HTMLElement>(ITEMS)];
        (all.find((item) => item.ariaChecked === 'true') ?? all[0])?.focus({ preventScroll: true });
      }
    };
    element.addEventListener('toggle', handleToggle);
    return () => element.removeEventListener('toggle', handleToggle);
  }, [onOpenChange]);

  const handleKeyDown = (event: KeyboardEvent): void => {
    // A slider in a menu keeps its own keys.
    const slides = event.target instanceof HTMLInputElement && event.key.startsWith('Arrow');
    const all = slides ? [] : items();
    const at = all.findIndex((item) => item === document.activeElement);
    const focus = (index: number): void => {
      event.preventDefault();
      all.at(index % Math.max(all.length, 1))?.focus();
    };
    if (slides) event.stopPropagation();
    else if (event.key === 'ArrowDown' || event.key === 'ArrowRight') focus(at + 1);
    else if (event.key === 'ArrowUp' || event.key === 'ArrowLeft') focus(at - 1);
    else if (event.key === 'Home') focus(0);
    else if (event.key === 'End') focus(-1);
    else if (event.key === 'Tab') close();
    else if (event.key === 'Escape') {
      event.preventDefault();
      close();
      button.current?.focus();
    } else if (/^\p{L}$/u.test(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const typed = event.key.toLowerCase();
      const found = [...all.slice(at + 1), ...all].find((item) =>
        item.textContent?.trim().toLowerCase().startsWith(typed),
      );
      found?.focus();
    }
    // A letter in a menu is a search in it, not a shortcut of the call.
    event.stopPropagation();
  };

  return (
    <MenuContext value={{ close }}>
      <button
        ref={button}
        type="button"
        className={triggerClassName}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={id}
        data-tip={open ? undefined : (tip ?? label)}
        popoverTarget={id}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            event.preventDefault();
            popup.current?.showPopover();
          }
        }}
      >
        {trigger}
      </button>
      <div
        ref={popup}
        id={id}
        popover="auto"
        role="menu"
        aria-label={label}
        className="menu"
        onKeyDown={handleKeyDown}
      >
        {children}
      </div>
    </MenuContext>
  );
}

/** Above the button where there is room, below otherwise; never over the edge of the window. */
function place(popup: HTMLElement, button: HTMLElement | null): void {
  if (button === null) return;
  const anchor = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = popup;
  const above = anchor.top - GAP_PX - height;
  const left = Math.min(
    Math.max(anchor.left + anchor.width / 2 - width / 2, GAP_PX),
    innerWidth - width - GAP_PX,
  );
  const top = above >= GAP_PX ? above : Math.min(anchor.bottom + GAP_PX, innerHeight - height - GAP_PX);
  popup.style.setProperty('left', `${left}px`);
  popup.style.setProperty('top', `${Math.max(top, GAP_PX)}px`);
}

interface MenuItemProps {
  /** Where the text says too little. */
  readonly label?: string;
  readonly icon?: ReactNode;
  readonly keys?: string;
  readonly onSelect: () => void;
  readonly children: ReactNode;
}

export function MenuItem({ label, icon, keys, onSelect, children }: MenuItemProps) {
  const { close } = useContext(MenuContext);
  return (
    <button
      type="button"
      role="menuitem"
      aria-label={label}
      tabIndex={-1}
      className="menu-item"
      onClick={() => {
        close();
        onSelect();
      }}
    >
      <span className="menu-mark">{icon}</span>
      <span className="menu-text">{children}</span>
      {keys !== undefined && <kbd aria-hidden="true">{keys}</kbd>}
    </button>
  );
}

interface MenuChoiceProps {
  readonly label: string;
  readonly icon?: ReactNode;
  readonly options: readonly { readonly id: string; readonly label: string }[];
  readonly chosen: string | null;
  readonly onChoose: (id: string) => void;
}

/** A titled group of which one is chosen. */
export function MenuChoice({ label, icon, options, chosen, onChoose }: MenuChoiceProps) {
  const { close } = useContext(MenuContext);
  const id = useId();
  if (options.length === 0) return null;
  return (
    <div role="group" aria-labelledby={id} className="menu-group">
      <div id={id} className="menu-title">
        {icon}
        {label}
      </div>
      {options.map((option) => (
        <button
          key={option.id}
          type="button"
          role="menuitemradio"
          aria-checked={option.id === chosen}
          tabIndex={-1}
          className="menu-item"
          onClick={() => {
            close();
            onChoose(option.id);
          }}
        >
          <span className="menu-mark">{option.id === chosen && <Check size={16} strokeWidth={2.5} />}</span>
          <span className="menu-text">{option.label}</span>
        </button>
      ))}
    </div>
  );
}

interface MenuRowProps {
  readonly label: string;
  readonly options: readonly { readonly id: string; readonly label: string; readonly picture: ReactNode }[];
  readonly onChoose: (id: string) => void;
}

/** Pictures side by side, of which one is pressed. */
export function MenuRow({ label, options, onChoose }: MenuRowProps) {
  const { close } = useContext(MenuContext);
  return (
    <div role="group" aria-label={label} className="menu-row">
      {options.map((option) => (
        <button
          key={option.id}
          type="button"
          role="menuitem"
          tabIndex={-1}
          className="menu-picture"
          aria-label={option.label}
          title={option.label}
          onClick={() => {
            close();
            onChoose(option.id);
          }}
        >
          {option.picture}
        </button>
      ))}
    </div>
  );
}

interface MenuSliderProps {
  readonly label: string;
  readonly title: string;
  readonly icon?: ReactNode;
  /** 0 to 1. */
  readonly value: number;
  readonly onChange: (value: number) => void;
}

export function MenuSlider({ label, title, icon, value, onChange }: MenuSliderProps) {
  return (
    <label className="menu-slider">
      <span className="menu-mark">{icon}</span>
      <span className="menu-text">{title}</span>
      <input
        type="range"
        min={0}
        max={1}
        step={0.05}
        aria-label={label}
        value={value}
        onChange={(event) => onChange(event.target.valueAsNumber)}
      />
    </label>
  );
}

export const MenuLine = () => <div role="separator" className="menu-line" />;

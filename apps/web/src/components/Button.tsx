import type { ComponentProps, ReactNode } from 'react';

interface ButtonProps extends Omit<ComponentProps<'button'>, 'type'> {
  readonly look?: 'primary' | 'plain' | 'quiet' | 'danger';
  readonly icon?: ReactNode;
}

export function Button({ look = 'plain', icon, children, className = '', ...rest }: ButtonProps) {
  return (
    <button type="button" className={`button ${className}`} data-look={look} {...rest}>
      {icon}
      <span>{children}</span>
    </button>
  );
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'type' | 'children'> {
  /** Accessible name. */
  readonly label: string;
  /** What the tooltip says, when it says more than the name or less; null for none. */
  readonly tip?: string | null;
  readonly children: ReactNode;
}

/** A round button with a picture only: name for those who listen, tooltip for those who point. */
export function IconButton({ label, tip = label, children, className = '', ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      className={`icon-button ${className}`}
      aria-label={label}
      data-tip={tip ?? undefined}
      {...rest}
    >
      {children}
    </button>
  );
}

import { UnstyledButton, type UnstyledButtonProps } from '@mantine/core';
import type { ComponentPropsWithoutRef, KeyboardEvent, ReactNode } from 'react';
import classes from './RoundButton.module.css';

export type RoundButtonTone = 'plain' | 'active' | 'answer' | 'end';

export interface RoundButtonProps
  extends UnstyledButtonProps, Omit<ComponentPropsWithoutRef<'button'>, keyof UnstyledButtonProps> {
  readonly icon: ReactNode;
  /** Seen below the button and its accessible name. */
  readonly label: string;
  readonly tone?: RoundButtonTone;
  readonly compact?: boolean;
  /** Does nothing for now, and keeps the focus: a disabled button would lose it. */
  readonly busy?: boolean;
}

/** A control of a call: a round icon with its name below; in a compact row the name is only spoken. */
export function RoundButton({
  icon,
  label,
  tone = 'plain',
  compact = false,
  busy = false,
  onClick,
  ...rest
}: RoundButtonProps) {
  return (
    <UnstyledButton
      {...rest}
      aria-disabled={busy || undefined}
      onClick={busy ? undefined : onClick}
      onKeyDown={onceEach}
      className={classes['button']}
      data-tone={tone}
      data-compact={compact || undefined}
      {...(compact ? { 'aria-label': label, title: label } : {})}
    >
      <span className={classes['circle']}>{icon}</span>
      {compact ? null : <span className={classes['label']}>{label}</span>}
    </UnstyledButton>
  );
}

/** A key that is held down presses once: the button below it may be another one by then. */
function onceEach(event: KeyboardEvent): void {
  if (event.repeat && event.key === 'Enter') event.preventDefault();
}

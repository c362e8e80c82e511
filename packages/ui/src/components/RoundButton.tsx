import { UnstyledButton, type UnstyledButtonProps } from '@mantine/core';
import type { ComponentPropsWithoutRef, ReactNode } from 'react';
import classes from './RoundButton.module.css';

export type RoundButtonTone = 'plain' | 'active' | 'answer' | 'end';

export interface RoundButtonProps
  extends UnstyledButtonProps, Omit<ComponentPropsWithoutRef<'button'>, keyof UnstyledButtonProps> {
  readonly icon: ReactNode;
  /** Seen below the button and its accessible name. */
  readonly label: string;
  readonly tone?: RoundButtonTone;
  readonly compact?: boolean;
}

/** A control of a call: a round icon with its name below; in a compact row the name is only spoken. */
export function RoundButton({ icon, label, tone = 'plain', compact = false, ...rest }: RoundButtonProps) {
  return (
    <UnstyledButton
      {...rest}
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

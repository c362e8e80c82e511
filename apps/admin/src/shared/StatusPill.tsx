import type { ReactNode } from 'react';
import classes from './StatusPill.module.css';

export type Tone = 'good' | 'wait' | 'bad' | 'quiet' | 'accent';

/** A state in words, with a colour that only repeats them. */
export function StatusPill({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  return (
    <span className={classes['pill']} data-tone={tone}>
      <span className={classes['dot']} aria-hidden="true" />
      {children}
    </span>
  );
}

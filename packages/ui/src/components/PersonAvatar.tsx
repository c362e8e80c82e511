import type { CSSProperties, ReactNode } from 'react';
import classes from './PersonAvatar.module.css';
import { initials, tintOf } from './person.ts';

export interface PersonAvatarProps {
  readonly name: string | undefined;
  /** Pixels; whoever places it may set `--person-avatar-size` in its style sheet instead. */
  readonly size: number;
  /** Rings spread from it. */
  readonly ringing?: boolean;
  /** A small sign at its lower right, such as a presence dot. */
  readonly badge?: ReactNode;
}

/** Initials on a quiet tint that stays with the person; a symbol where only a number, or nothing, is known. */
export function PersonAvatar({ name, size, ringing = false, badge }: PersonAvatarProps) {
  const letters = name === undefined ? '' : initials(name);
  return (
    <span
      className={classes['avatar']}
      data-ringing={ringing || undefined}
      data-tint={letters === '' ? 'none' : tintOf(name ?? '')}
      style={{ '--person-avatar-wanted': `${size}px` } as CSSProperties}
      aria-hidden="true"
    >
      {/* Drawn, not said: nobody is called by their initials, neither by ear nor in a search of the page. */}
      {letters === '' ? <Handset /> : <span className={classes['letters']} data-letters={letters} />}
      {badge === undefined ? null : <span className={classes['badge']}>{badge}</span>}
    </span>
  );
}

function Handset() {
  return (
    <svg width="1.2em" height="1.2em" viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.6">
      <path
        strokeLinecap="round"
        strokeLinejoin="round"
        d="M5 4h4l2 5-2.500 1.500a11 11 0 0 0 5 5L15 13l5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 3 6a2 2 0 0 1 2-2"
      />
    </svg>
  );
}

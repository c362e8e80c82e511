import type { ReactNode } from 'react';
import classes from './Panel.module.css';

export interface PanelProps {
  readonly title?: string;
  readonly hint?: ReactNode;
  readonly actions?: ReactNode;
  /** Content that goes to the edges, such as a list of rows. */
  readonly flush?: boolean;
  readonly children: ReactNode;
}

/** A sheet of a page with one subject. */
export function Panel({ title, hint, actions, flush = false, children }: PanelProps) {
  return (
    <section className={classes['panel']} {...(title === undefined ? {} : { 'aria-label': title })}>
      {title === undefined ? null : (
        <div className={classes['head']}>
          <div className={classes['words']}>
            <h2 className={classes['title']}>{title}</h2>
            {hint === undefined ? null : <p className={classes['hint']}>{hint}</p>}
          </div>
          {actions === undefined ? null : <div className={classes['actions']}>{actions}</div>}
        </div>
      )}
      <div className={classes['body']} data-flush={flush || undefined}>
        {children}
      </div>
    </section>
  );
}

import { useEffect, type ReactNode } from 'react';
import classes from './AccountCard.module.css';

export interface AccountCardProps {
  readonly title: string;
  readonly hint?: ReactNode;
  readonly children?: ReactNode;
  /** Above the title. */
  readonly icon?: ReactNode;
}

/** A page with one thing to do, in the middle of the screen. */
export function AccountCard({ title, hint, icon, children }: AccountCardProps) {
  useEffect(() => {
    document.title = `${title} · Offhook`;
  }, [title]);
  return (
    <div className={classes['place']}>
      <section className={classes['card']}>
        {icon === undefined ? null : <div className={classes['icon']}>{icon}</div>}
        <h1 className={classes['title']}>{title}</h1>
        {hint === undefined ? null : <p className={classes['hint']}>{hint}</p>}
        {children === undefined ? null : <div className={classes['body']}>{children}</div>}
      </section>
    </div>
  );
}

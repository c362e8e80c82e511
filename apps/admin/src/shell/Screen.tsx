import { useEffect, type ComponentType, type ReactNode } from 'react';
import classes from './Screen.module.css';

export interface ScreenProps {
  readonly icon: ComponentType<{ size?: number; stroke?: number }>;
  readonly title: string;
  readonly hint?: string;
  readonly action?: ReactNode;
}

/** What stands in place of a page: it is not there, it broke, the service is away. */
export function Screen({ icon: Icon, title, hint, action }: ScreenProps) {
  useEffect(() => {
    document.title = `${title} · Offhook`;
  }, [title]);
  return (
    <div className={classes['screen']}>
      <span className={classes['icon']}>
        <Icon size={44} stroke={1.4} />
      </span>
      <h1 className={classes['title']}>{title}</h1>
      {hint === undefined ? null : <p className={classes['hint']}>{hint}</p>}
      {action}
    </div>
  );
}

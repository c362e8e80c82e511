import { Anchor } from '@mantine/core';
import { IconChevronLeft } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, type ReactNode } from 'react';
import { useNavigated } from '../app/navigated.ts';
import classes from './PageHeader.module.css';

export interface PageHeaderProps {
  readonly title: string;
  /** One sentence of what this page is for. */
  readonly hint?: ReactNode;
  /** Beside the title: a state. */
  readonly badge?: ReactNode;
  /** Right of it: what can be done here. */
  readonly actions?: ReactNode;
  /** The list that this is one of. */
  readonly back?: { readonly to: string; readonly label: string };
}

/** The head of each page. Takes the focus when people come from another page, so that a screen reader says where they are, and names the browser's tab. */
export function PageHeader({ title, hint, badge, actions, back }: PageHeaderProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const navigated = useNavigated();
  useEffect(() => {
    if (navigated()) heading.current?.focus({ preventScroll: true });
  }, [navigated]);
  useEffect(() => {
    document.title = `${title} · Offhook`;
  }, [title]);
  return (
    <header className={classes['header']}>
      <div className={classes['words']}>
        {back === undefined ? null : (
          <Anchor component={Link} to={back.to} size="sm" className={classes['back'] ?? ''}>
            <IconChevronLeft size={16} stroke={2} aria-hidden="true" />
            {back.label}
          </Anchor>
        )}
        <div className={classes['line']}>
          <h1 className={classes['title']} ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {badge}
        </div>
        {hint === undefined ? null : <p className={classes['hint']}>{hint}</p>}
      </div>
      {actions === undefined ? null : <div className={classes['actions']}>{actions}</div>}
    </header>
  );
}

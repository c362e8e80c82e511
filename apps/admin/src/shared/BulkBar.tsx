import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useWords } from '../i18n/use-words.ts';
import classes from './DataTable.module.css';

export interface BulkBarProps {
  readonly count: number;
  readonly onClear: () => void;
  readonly children: ReactNode;
}

/** What can be done with the selected rows; stays in sight while the list scrolls. */
export function BulkBar({ count, onClear, children }: BulkBarProps) {
  const { t } = useWords();
  return (
    <div className={classes['bulk']} role="region" aria-label={t('shared.list.selected', { count })}>
      <span className={classes['count']}>{t('shared.list.selected', { count })}</span>
      <div className={classes['acts']}>
        {children}
        <Button size="compact-sm" variant="subtle" color="gray" onClick={onClear}>
          {t('shared.list.clearSelection')}
        </Button>
      </div>
    </div>
  );
}
